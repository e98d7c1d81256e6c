"""There is one way in, and it is allauth's."""

import re

import pytest
from django.contrib.auth import views as auth_views
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import get_resolver, include, path, reverse
from wagtail.admin.forms.collections import CollectionViewRestrictionForm
from wagtail.admin.forms.pages import PageViewRestrictionForm
from wagtail.admin.views.account import LoginView
from wagtail.models import PageViewRestriction

from accounts.checks import addresses, check_doors
from accounts.models import User
from tests.factories import StaffFactory, UserFactory

PASSWORD = "a password of tests"
RESTRICTIONS = PageViewRestriction.RESTRICTION_CHOICES
# What a log-in page may call what it asks for.
NAMES = ("login", "username", "email", "user", "auth-username", "account")

urlpatterns = [
    path("harmless/", lambda request: None),
    path("wagtails/", LoginView.as_view(), name="wagtailadmin_login"),
    path("closed/", auth_views.LogoutView.as_view()),
    path("closed/", LoginView.as_view()),
    path("djangos/", include([path("reset/<uidb64>/<token>/", auth_views.PasswordResetConfirmView.as_view())])),
]


def every_path():
    """One address for each view of the site; what varies in it is filled with something short."""
    for written, _view in addresses(get_resolver()):
        yield re.sub(r"<[^>]+>|\(\?P[^)]*\)|\([^)]*\)[*+]?", "1", re.sub(r"[\^$\\]", "", written)).replace("?", "")


@pytest.mark.django_db
def test_good_credentials_of_somebody_with_a_factor_open_no_view_of_the_site(site_tree):
    """The attack: every address of the project is tried with a password alone. Three doors were open once."""
    user = StaffFactory(is_superuser=True)
    form = {**dict.fromkeys(NAMES, user.email), "password": PASSWORD, "password1": PASSWORD}
    tried, opened = 0, []
    for address in dict.fromkeys(every_path()):
        client = Client(raise_request_exception=False)
        client.post(address, form)
        tried += 1
        if "_auth_user_id" in client.session:
            opened.append(address)
    assert opened == []
    assert tried > 300


@pytest.mark.django_db
def test_the_attack_would_get_in_by_an_open_door(settings):
    settings.ROOT_URLCONF = __name__
    user = StaffFactory(is_superuser=True)
    client = Client()
    client.post("/wagtails/", {"username": user.email, "password": PASSWORD, "next": "/harmless/"})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_check_finds_no_other_door_in_our_site():
    assert check_doors(None) == []


def test_the_check_names_each_open_door_of_another_site_and_no_other(settings):
    settings.ROOT_URLCONF = __name__
    assert [error.msg.split()[0] for error in check_doors(None)] == [
        "/wagtails/",
        "/djangos/reset/<uidb64>/<token>/",
    ]
    assert {error.id for error in check_doors(None)} == {"oberih_accounts.E002"}


@pytest.mark.parametrize("language", ["en", "uk", "ar"])
def test_wagtails_log_in_is_closed_in_each_language(client, db, language):
    answer = client.post(f"/{language}/_util/login/", {"username": "x@example.org", "password": PASSWORD})
    assert (answer.status_code, "/accounts/login/" in answer.url) == (302, True)


@pytest.mark.parametrize(
    "form",
    [
        lambda: PageViewRestrictionForm(private_page_options=[kind for kind, _label in RESTRICTIONS]),
        CollectionViewRestrictionForm,
    ],
    ids=["page", "collection"],
)
def test_nothing_is_kept_by_a_password_that_is_shared(db, form):
    offered = dict(form().fields["restriction_type"].choices)
    assert ("login" in offered, "password" in offered) == (True, False)


@pytest.mark.parametrize("page", ["add", "edit", "delete"])
def test_accounts_are_changed_by_superusers_alone(client, site_tree, page):
    """Whoever may do that makes themselves a superuser."""
    somebody, administrator = UserFactory(), StaffFactory(role="administrator")
    administrator.user_permissions.set(Permission.objects.all())
    client.force_login(administrator)
    address = reverse(f"wagtailusers_users:{page}", args=[] if page == "add" else [somebody.pk])
    form = {"email": administrator.email, "first_name": "A", "last_name": "B", "is_superuser": "on"}
    assert client.post(address, form).status_code == 302
    assert client.post(reverse("wagtailusers_users:edit", args=[administrator.pk]), form).status_code == 302
    assert (User.objects.filter(is_superuser=True).count(), User.objects.count()) == (0, 2)
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(address).status_code == 200
