"""Staff have a front of their own, and everybody finds the way between the two halves of the site."""

import re

import pytest

from safeguarding.models import Role
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def menus(client, demo):
    """A function that says what stands in the header's main menu and beside the account on a page."""

    def read(user, path):
        if user:
            client.force_login(user)
        html = client.get(path).content.decode()
        wide = html[html.index('<nav class="ob-header__wide"') : html.index('<details class="ob-menu"')]
        main, account = wide.split("</nav>", 1)
        said = r"<(?:a|button)[^>]*>([^<]+)</(?:a|button)>"
        return re.findall(said, main), re.findall(said, account.split('class="ob-nav ', 1)[1])

    return read


PUBLIC = ["Courses", "About this site", "Events"]


@pytest.mark.parametrize(
    ("who", "path", "main", "account"),
    [
        (lambda: None, "/en/events/", PUBLIC, ["Log in"]),
        (UserFactory, "/en/events/", PUBLIC, ["My learning", "Account", "My data", "Log out"]),
        (
            lambda: StaffFactory(role=Role.TRAINER),
            "/en/events/",
            PUBLIC,
            ["My work", "My learning", "Account", "Log out"],
        ),
        (
            lambda: StaffFactory(role=Role.TRAINER),
            "/en/trainings/",
            ["My trainings", "Learners", "Groups"],
            ["My learning", "Account", "Public pages", "Log out"],
        ),
        (
            lambda: StaffFactory(role=Role.MANAGER),
            "/en/overview/",
            ["Overview", "People trained", "My trainings", "Learners", "Groups"],
            ["My learning", "Account", "Public pages", "Log out"],
        ),
    ],
    ids=["stranger", "learner", "trainer outside", "trainer at work", "manager at work"],
)
def test_each_half_of_the_site_has_its_menu(menus, who, path, main, account):
    assert menus(who(), path) == (main, account)
