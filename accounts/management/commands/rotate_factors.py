from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand

from accounts import actions


class Command(BaseCommand):
    help = "Encrypt what second factors rest on with the newest key. Afterwards an older one may be dropped."

    def handle(self, **options):
        done = sum(actions.rotate(pk=pk) for pk in Authenticator.objects.values_list("pk", flat=True))
        self.stdout.write(f"Encrypted anew: {done}")
