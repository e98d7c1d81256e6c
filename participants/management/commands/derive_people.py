from django.core.management.base import BaseCommand

from participants import sameness


class Command(BaseCommand):
    help = "Derive who is counted from the decisions that stand. Running it twice changes nothing."

    def handle(self, **options):
        changed = sameness.derive()
        if options["verbosity"]:
            self.stdout.write(f"{changed} corrections")
