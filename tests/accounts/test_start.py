import pytest
from django.contrib.auth.models import Group, Permission
from django.test import RequestFactory
from django.urls import reverse

from accounts.adapter import AccountAdapter
from safeguarding.models import Role
from tests.factories import StaffFactory, UserFactory, code_of_app
from ui import hooks

pytestmark = pytest.mark.django_db

PASSWORD = "a password of tests"


def an_editor(**fields):
    """A user of Wagtail's admin, as groups make them."""
    user = StaffFactory(**fields)
    group = Group.objects.create(name="Writers")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    user.groups.add(group)
    return user


def landing(client, user, language="en", **query):
    path = f"/{language}/accounts"
    client.post(f"{path}/login/", {"login": user.email, "password": PASSWORD}, query_params=query)
    return client.post(f"{path}/2fa/authenticate/", {"code": code_of_app()}).url


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (None, "oberih_courses:learning"),
        (Role.FOCAL_POINT, "oberih_courses:learning"),
        (Role.TRAINER, "oberih_events:trainings"),
        (Role.MANAGER, "oberih_reporting:overview"),
        (Role.ADMINISTRATOR, "oberih_reporting:overview"),
    ],
)
def test_everybody_lands_where_their_day_begins(client, role, page):
    assert landing(client, StaffFactory(role=role)) == reverse(page)


def test_whoever_only_writes_lands_where_pages_are_written(client):
    assert landing(client, an_editor()) == reverse("wagtailadmin_home")


def test_a_trainer_who_also_writes_lands_with_their_trainings(client):
    assert landing(client, an_editor(role=Role.TRAINER)) == reverse("oberih_events:trainings")


def test_the_landing_is_in_the_language_of_the_log_in(client):
    assert landing(client, StaffFactory(role=Role.TRAINER), language="uk") == "/uk/trainings/"


def test_what_somebody_asked_for_wins(client):
    assert landing(client, StaffFactory(role=Role.TRAINER), next="/en/events/") == "/en/events/"


def test_another_host_is_never_landed_on(client):
    user = StaffFactory(role=Role.TRAINER)
    assert landing(client, user, next="https://evil.example.org/") == reverse("oberih_events:trainings")


def test_whoever_is_logged_in_and_opens_the_log_in_goes_there_too(client):
    client.force_login(StaffFactory(role=Role.MANAGER))
    assert client.get("/en/accounts/login/").url == reverse("oberih_reporting:overview")


def test_a_site_whose_rooms_offer_no_start_keeps_its_own(monkeypatch, settings):
    monkeypatch.setattr(hooks, "_registered", {name: [] for name in hooks.NAMES})
    settings.LOGIN_REDIRECT_URL = "/welcome/"
    request = RequestFactory().get("/")
    request.user = UserFactory()
    assert AccountAdapter().get_login_redirect_url(request) == "/welcome/"
