import csv
import re
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from participants import erasing
from participants.erasing import CertificatesWish
from participants.models import Participant

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Of the log, whose first line is in the language of whoever exported it.
_COLUMNS = ("at", "actor", "action", "subject", "keys", "reason")
_WISHES = {deed: wish for wish, deed in erasing.DEEDS.items()}


class Command(BaseCommand):
    help = (
        "Erase again whom a restored backup brought back. PATH is the audit log as the Training menu exports it (CSV), or "
        "a list of keys, one a line. Whoever is erased already or unknown to the backup is passed over."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", metavar="PATH", type=Path)

    def handle(self, *, path, **options):
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                wishes = dict(self._wishes(csv.reader(file)))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from None
        erased = 0
        for participant in Participant.objects.filter(uuid__in=wishes, erased_at=None).order_by("pk"):
            erased += erasing.erase(
                participant=participant,
                # The log names every row that was erased; what was only merged with them may have stayed.
                rows=Participant.objects.seen_by(participant),
                certificates=wishes[str(participant.uuid)],
                by=None,
                reason="again, after a backup was restored",
            )
        self.stdout.write(f"{len(wishes)} to be erased, {erased} erased again.")

    def _wishes(self, lines):
        """(key, what becomes of the certificates) of everybody whom the file says was erased."""
        for number, line in enumerate(lines, 1):
            cells = [cell.strip() for cell in line]
            if len(cells) == len(_COLUMNS):
                entry = dict(zip(_COLUMNS, cells, strict=True))
                if entry["action"] in _WISHES:
                    yield from ((key, _WISHES[entry["action"]]) for key in _UUID.findall(entry["keys"]))
            elif len(cells) == 1 and _UUID.fullmatch(cells[0]):
                yield cells[0], CertificatesWish.KEEP
            elif any(cells):
                raise CommandError(f"Line {number} is neither a key nor a line of the audit log.")
