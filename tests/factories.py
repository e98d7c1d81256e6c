import factory
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from safeguarding import reasons
from safeguarding.models import RoleGrant


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


class StaffFactory(UserFactory):
    """A user with a role, everywhere."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    @factory.post_generation
    def role(self, create, extracted, **_kwargs):
        if create and extracted:
            RoleGrant.objects.create(user=self, role=extracted)


def say_why(client, subject):
    """Let the session of `client` hold a reason to see the names of `subject`, as if it had been asked and answered."""
    request = RequestFactory().get("/")
    request.session = client.session
    reasons.give(request, subject, "A test looks at the names.")
    request.session.save()
