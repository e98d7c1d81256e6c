from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from participants import erasing
from participants.models import Participant


class Command(BaseCommand):
    help = (
        "Erase a person at their request: everything that names them goes, what was counted stays. At once and for good; "
        "the audit log keeps the key and the reason, which may not name them."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "uuid", metavar="UUID", help="The participant's, as the audit log and exports name them."
        )
        parser.add_argument("--certificates", choices=erasing.CertificatesWish.values, required=True)
        parser.add_argument("--reason", required=True, help="Who asked, when and how; no names.")

    def handle(self, *, uuid, certificates, reason, **options):
        try:
            participant = Participant.objects.get(uuid=uuid)
            was_there = erasing.erase(participant=participant, certificates=certificates, by=None, reason=reason)
        except (Participant.DoesNotExist, ValidationError):
            raise CommandError("There is nobody with this key.") from None
        except erasing.ErasureError as error:
            raise CommandError(str(error)) from None
        self.stdout.write("Erased." if was_there else "Nothing to do: they were erased already.")
