import mailbox
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from notifications import returns

# More than any report with the headers of what came back; a mail that is bigger is none.
_LARGEST = 10_000_000


class Command(BaseCommand):
    help = (
        "Read delivery reports and mark the messages that came back: one mail from standard input, as a mail server pipes "
        "it, or all of a Maildir folder or an mbox file."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", nargs="?", help="a Maildir folder or an mbox file; without it, standard input")
        parser.add_argument(
            "--remove",
            action="store_true",
            help="take the reports that were understood out of the mailbox; everything else stays in it",
        )

    def handle(self, *, path, remove, **options):
        if path is None:
            counts = self._read([(None, sys.stdin.buffer.read(_LARGEST))], None)
        else:
            counts = self._read_box(Path(path), remove)
        if options["verbosity"]:
            self.stdout.write("{came_back} came back, {other} were something else".format(**counts))

    def _read_box(self, path, remove):
        if not path.exists():
            raise CommandError(f"There is no mailbox at {path}.")
        box = mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
        box.lock()
        try:
            mails = ((key, box.get_bytes(key)) for key in box.iterkeys())
            return self._read(mails, box if remove else None)
        finally:
            box.flush()
            box.close()

    def _read(self, mails, box):
        counts = {"came_back": 0, "other": 0}
        for key, raw in list(mails):
            came_back = len(raw) < _LARGEST and returns.mark(returns.read(raw))
            counts["came_back" if came_back else "other"] += 1
            if came_back and box is not None:
                box.remove(key)
        return counts
