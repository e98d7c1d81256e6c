import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from participants.models import Project
from safeguarding.models import AuditEntry, Role
from tests.events.factories import EventFactory, user

pytestmark = pytest.mark.django_db

WINDOW = {"from": "2022-07-01", "to": "2022-09-30"}
PAGES = ("people_trained", "people_trained_csv", "people_trained_xlsx")


def address(page="people_trained"):
    return reverse(f"oberih_reporting:{page}")


@pytest.fixture
def held():
    """A quarter with a training in each of two countries, one of them of a project whose code has to be quoted."""
    project = Project.objects.create(code="R&D", label="Research and development")
    for country, of in (("UA", project), ("MD", None)):
        EventFactory(
            country=country, project=of, starts_on=dt.date(2022, 8, 1), state="closed", counted_by="not_stated"
        )


@pytest.mark.parametrize("page", PAGES)
def test_figures_are_for_managers(client, held, page):
    assert client.get(address(page), WINDOW).status_code == 302
    client.force_login(user("charlie@example.org", Role.TRAINER))
    assert client.get(address(page), WINDOW).status_code == 403
    assert AuditEntry.objects.count() == 0
    client.force_login(user("manager@example.org", Role.MANAGER))
    assert client.get(address(page), WINDOW).status_code == 200
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("scope", "filters", "status"),
    [
        ({"country": "UA"}, {"country": "UA"}, 200),
        ({"country": "UA"}, {"country": "UA", "project": "R&D"}, 200),
        ({"country": "UA"}, {}, 400),
        ({"country": "UA"}, {"country": "MD"}, 400),
        ({"project": "R&D"}, {"project": "R&D"}, 200),
        ({"project": "R&D"}, {"country": "UA"}, 400),
        ({"country": "UA", "project": "R&D"}, {"country": "UA"}, 400),
    ],
)
def test_a_manager_reports_within_their_scope(client, held, page, scope, filters, status):
    client.force_login(user("manager@example.org", Role.MANAGER, **scope))
    assert client.get(address(page), {**WINDOW, **filters}).status_code == status


def test_a_manager_begins_with_what_they_manage(client, held):
    client.force_login(user("manager@example.org", Role.MANAGER, project="R&D"))
    begun = client.get(address())
    assert parse_qs(urlsplit(begun.url).query)["project"] == ["R&D"]
    assert client.get(begun.url).status_code == 200
    client.force_login(user("other@example.org", Role.MANAGER, organisation="ngo"))
    assert client.get(address()).status_code == 403


def test_the_files_and_the_other_quarters_keep_the_filters(client, held):
    client.force_login(user("manager@example.org", Role.MANAGER))
    context = client.get(address(), {**WINDOW, "project": "R&D"}).context
    assert parse_qs(context["query"]) == {"from": ["2022-07-01"], "to": ["2022-09-30"], "project": ["R&D"]}
    quarters = [parse_qs(urlsplit(quarter["url"]).query)["project"] for quarter in context["quarters"]]
    assert quarters == [["R&D"]] * len(quarters)
    assert [quarter["current"] for quarter in context["quarters"]].count(True) == 1
