from django.core.management.base import BaseCommand

from courses import publishing


class Command(BaseCommand):
    help = "Work out courses and lessons anew from the published pages. Safe to run at any time."

    def handle(self, **options):
        count = publishing.sync_all()
        if options["verbosity"]:
            self.stdout.write(f"{count} courses are what their pages say.")
