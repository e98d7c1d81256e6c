from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from attendance import actions
from events.models import Event, Session


class Command(BaseCommand):
    help = "Derive the effective attendance again from the marks. Running it twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--event", metavar="CODE", help="only this event")

    def handle(self, **options):
        sessions = Session.objects.filter(Q(marks__isnull=False) | Q(attendances__isnull=False)).distinct()
        if code := options["event"]:
            if not Event.objects.filter(code=code).exists():
                raise CommandError(f"There is no event {code}.")
            sessions = sessions.filter(event__code=code)
        people = [actions.rebuild(session) for session in sessions.iterator(chunk_size=500)]
        if options["verbosity"]:
            self.stdout.write(f"{len(people)} sessions, {sum(people)} attendances")
