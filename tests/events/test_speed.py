"""How many statements the pages of events take, and that none of it grows with sessions, people or events."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.models import SiteSettings
from events.models import Registration, Status
from tests.events.factories import EventFactory, SessionFactory, VenueFactory, registration
from ui import page_cache

pytestmark = pytest.mark.django_db
ENDS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@pytest.fixture(autouse=True)
def kept(settings):
    """As the site runs: parts of pages are kept, and so are pages for strangers until something changes."""
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60
    # The first request of a site's life makes this row.
    SiteSettings.load()


def statements(client, address, data=None):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address) if data is None else client.post(address, data)
    return response, len([one for one in queries if not one["sql"].startswith(ENDS)])


def anew(client, address):
    """The statements of a page that was kept until somebody registered."""
    client.get(address)
    page_cache.forget("events")
    response, found = statements(client, address)
    assert response.status_code == 200
    return found


def an_event(sessions=1, people=0, **fields):
    venue = VenueFactory()
    event = EventFactory(sessions=[], **fields)
    event.venues.add(venue)
    for _number in range(sessions):
        SessionFactory(event=event, venue=venue)
    for number in range(people):
        registration(event, Status.CONFIRMED, number)
    return event


def address(event, name="detail"):
    return reverse(f"oberih_events:{name}", args=[event.code])


def test_the_page_of_an_event_asks_nothing_while_it_is_kept(client):
    event = an_event(sessions=3, people=5)
    client.get(address(event))
    assert statements(client, address(event))[1] == 0


def test_the_page_of_an_event_is_made_of_nine_statements_however_large_it_is(client):
    small, large = an_event(), an_event(sessions=12, people=40)
    assert [anew(client, address(small)), anew(client, address(large))] == [9, 9]


def test_a_list_of_two_hundred_events_with_their_seats_takes_as_many_statements_as_one_of_two(client):
    found = []
    for more in (2, 198):
        for number in range(more):
            registration(an_event(capacity=20), Status.CONFIRMED, number)
        found.append(anew(client, reverse("oberih_events:list")))
    assert found[0] == found[1]
    client.get(reverse("oberih_events:list"))
    assert statements(client, reverse("oberih_events:list"))[1] == 0


def test_sending_the_form_takes_nine_statements(client):
    """From the first byte to the last: what the form asks is kept, and everything else is the registration itself."""
    event = an_event(sessions=3, people=5, capacity=50)
    for number in (1, 2):
        page = client.get(address(event, "register")).content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        said = {
            **hidden,
            "submission": str(uuid.uuid4()),
            "full_name": f"Olena Koval {number}",
            "email": f"olena{number}@example.org",
            "of_age": "on",
            "agree": "on",
        }
        response, found = statements(client, address(event, "register"), said)
        assert (response.status_code, "/registered/" in response["Location"]) == (302, True)
    assert found == 9
    assert Registration.objects.filter(status=Status.CONFIRMED).count() == 7


def test_a_question_that_is_asked_anew_is_asked_of_the_next_who_sends_the_form(client):
    event = an_event()
    page = client.get(address(event, "register")).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    said = {**hidden, "full_name": "Olena Koval", "email": "olena@example.org", "of_age": "on", "agree": "on"}
    client.post(address(event, "register"), {**said, "email": ""})
    event.questions.create(text="How do you come?", purpose="For the bus", is_required=True)
    response = client.post(address(event, "register"), said)
    assert (response.status_code, Registration.objects.count()) == (400, 0)
    assert "How do you come?" in response.content.decode()
