from django.core.management.base import BaseCommand

from participants import rotation


class Command(BaseCommand):
    help = "Write the digests of contacts anew under the newest key. Running it twice changes nothing."

    def handle(self, **options):
        written, kept = rotation.rotate()
        if options["verbosity"]:
            self.stdout.write(
                f"{written} digests under the newest key; {kept} of contacts no longer held stay as they are"
            )
