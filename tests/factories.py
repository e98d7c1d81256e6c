import time

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from safeguarding import reasons
from safeguarding.models import RoleGrant

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_factor(user):
    """An app that shows codes, set up as staff have to; `code_of_app` is what it shows."""
    Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": encrypt(SEED)}}
    )
    return user


def code_of_app(*, periods_on=0):
    return format_hotp_value(hotp_value(SEED, int(time.time()) // 30 + periods_on))


def grant(user, role, **scope):
    """A role and what goes with it."""
    RoleGrant.objects.create(user=user, role=role, **scope)
    return give_factor(user)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    password = factory.django.Password("a password of tests")

    @factory.post_generation
    def verified(self, create, _extracted, **_kwargs):
        if create:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)
            if self.is_superuser:
                give_factor(self)


class StaffFactory(UserFactory):
    """A user with a second factor and, if one is named, a role that holds everywhere."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    @factory.post_generation
    def role(self, create, extracted, **_kwargs):
        if create:
            give_factor(self)
            if extracted:
                RoleGrant.objects.create(user=self, role=extracted)


def say_why(client, subject):
    """Let the session of `client` hold a reason to see the names of `subject`, as if it had been asked and answered."""
    request = RequestFactory().get("/")
    request.session = client.session
    reasons.give(request, subject, "A test looks at the names.")
    request.session.save()
