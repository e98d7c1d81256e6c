"""By which door somebody comes: everybody's, an organisation's link, or none."""

import datetime as dt

import pytest
from django.utils import timezone

from events.entrance import asked
from events.models import Registration, RegistrationPolicy, Status
from participants.models import Organisation
from tests.events.factories import EventFactory, known, registration
from tests.events.test_pages import form, remember
from tests.events.test_parties import party

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return Organisation.objects.create(code="border", label="Border Guard Service")


def allot(event, organisation, seats=2, **fields):
    return event.allocations.create(organisation=organisation, seats=seats, **fields)


def place(event, key=""):
    return f"/en/events/{event.code}/register/" + (f"?for={key}" if key else "")


def said(page):
    return page.content.decode()


def test_the_link_of_an_organisation_leads_to_its_seats(client, organisation):
    event = EventFactory(capacity=2)
    held = allot(event, organisation)
    assert "Join the waiting list" in said(client.get(place(event)))
    page = said(client.get(place(event, held.key)))
    assert "Seats of \u2068Border Guard Service" in page
    assert "Join the waiting list" not in page
    client.post(place(event, held.key), form())
    made = Registration.objects.get()
    assert (made.allocation, made.status, made.organisation) == (held, "confirmed", organisation)


def test_the_key_is_in_every_way_on_and_not_on_the_events_page(client, organisation):
    event = EventFactory()
    held = allot(event, organisation)
    page = said(client.get(place(event, held.key)))
    assert f"?for={held.key}&amp;people=1" in page
    refused = client.post(place(event, held.key), form(full_name=""))
    assert "Border Guard Service" in said(refused)
    assert held.key not in said(client.get(f"/en/events/{event.code}/"))


def test_several_come_by_the_link(client, organisation):
    event = EventFactory()
    held = allot(event, organisation)
    client.post(place(event, held.key) + "&people=2", party("Hanna Koval", "Petro Koval"))
    assert list(Registration.objects.values_list("allocation", "organisation")) == [(held.pk, organisation.pk)] * 2


def test_whoever_is_recognised_registers_somebody_else_by_the_same_link(client, organisation):
    event = EventFactory(capacity=5)
    held = allot(event, organisation)
    remember(client, known())
    assert f'href="?for={held.key}&amp;other=1"' in said(client.get(place(event, held.key)))


def test_when_its_seats_are_taken_its_people_wait(client, organisation):
    event = EventFactory(capacity=10)
    held = allot(event, organisation, seats=1)
    registration(event, Status.CONFIRMED, allocation=held)
    assert "Join the waiting list" in said(client.get(place(event, held.key)))
    client.post(place(event, held.key), form())
    made = Registration.objects.get(submission__isnull=False)
    assert (made.allocation, made.status) == (held, "waitlisted")


@pytest.mark.parametrize("which", ["wrong", "foreign", "late"])
def test_a_link_that_leads_nowhere_is_said_and_left_out(client, organisation, which):
    event = EventFactory(capacity=5)
    late = allot(event, organisation, held_until=timezone.now() - dt.timedelta(hours=1))
    key = {"wrong": "nonsense", "foreign": allot(EventFactory(), organisation).key, "late": late.key}[which]
    page = said(client.get(place(event, key)))
    assert "You register like everybody" in page
    assert "Seats of" not in page
    client.post(place(event, key), form())
    made = Registration.objects.get()
    assert (made.allocation, made.status) == (None, "confirmed")


def test_where_only_organisations_register_there_is_no_form_without_a_link(client, organisation):
    event = EventFactory(policy=RegistrationPolicy.ORGANISATION, capacity=2)
    held = allot(event, organisation)
    page = client.get(place(event))
    assert page.templates[0].name == "oberih/events/register_closed.html"
    assert "Seats at this event are set aside for organisations." in said(page)
    astray = said(client.get(place(event, "nonsense")))
    assert ["Ask for it again" in astray, "like everybody" in astray] == [True, False]
    event_page = client.get(f"/en/events/{event.code}/")
    assert (event_page.context["is_open"], event_page.context["closed"]) == (False, page.context["door"].closed)
    assert place(event) not in said(event_page)
    assert client.post(place(event), form()).status_code == 400
    assert Registration.objects.count() == 0
    client.post(place(event, held.key), form())
    assert Registration.objects.get().allocation == held


def test_a_full_event_without_a_waiting_list_has_no_form(client):
    event = EventFactory(capacity=1, has_waiting_list=False)
    assert client.get(place(event)).context["form"] is not None
    sent = form()
    client.post(place(event), sent)
    for page in (client.get(place(event)), client.get(f"/en/events/{event.code}/")):
        assert "All seats are taken, and this event has no waiting list." in said(page)
        assert "Join the waiting list" not in said(page)
    # The form that took the last seat is answered as before.
    assert client.post(place(event), sent).status_code == 302
    late = client.post(place(event), form(full_name="Іван Мельник", email="ivan@example.org"))
    assert late.context["form"].non_field_errors() == ["All seats are taken, and this event has no waiting list."]
    assert Registration.objects.count() == 1


def test_where_each_is_approved_a_full_event_takes_forms(client):
    event = EventFactory(capacity=1, has_waiting_list=False, policy=RegistrationPolicy.APPROVAL)
    registration(event)
    assert client.get(place(event)).status_code == 200
    client.post(place(event), form())
    assert Registration.objects.filter(status="pending").count() == 1


def test_what_is_asked_costs_the_same_however_much_it_is(client, organisation, django_assert_num_queries):
    small, large = EventFactory(), EventFactory()
    for number in range(5):
        large.questions.create(kind="text", text=f"Question {number}", purpose="To know")
        group = large.groups.create(title=f"Group {number}", capacity=5)
        registration(large, Status.CONFIRMED, number, group=group)
    for event in (small, large):
        with django_assert_num_queries(6):
            found = asked(event)
    assert (len(found.questions), len(found.groups)) == (5, 5)
