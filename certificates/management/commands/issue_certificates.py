from django.core.management.base import BaseCommand

from certificates import actions
from certificates.models import Certificate


class Command(BaseCommand):
    help = (
        "Award what was earned and issue what is owed. The tick does the same; running it twice changes nothing."
    )

    def handle(self, **options):
        awarded = actions.evaluate_lost()
        issued = actions.issue_owed()
        given_up = Certificate.objects.given_up().count()
        if options["verbosity"]:
            self.stdout.write(f"awarded: {awarded}, issued: {issued}, need attention: {given_up}")
