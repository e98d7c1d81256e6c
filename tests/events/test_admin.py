import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from events.models import EventState, Programme, Venue
from notifications.models import Message
from participants.models import Area, Topic
from tests.events.factories import CourseFactory, EventFactory, VenueFactory, registration
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client):
    user = StaffFactory()
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="oberih_events")
        | Permission.objects.filter(codename="access_admin")
    )
    client.force_login(user)
    return user


def edit(event):
    return reverse("oberih_events_event:edit", args=[event.pk])


def said(**fields):
    return {
        "title_0": "Recognising trafficking",
        "title_1": "Як розпізнати торгівлю людьми",
        "title_2": "",
        "summary_0": "",
        "summary_1": "",
        "summary_2": "",
        "course": "",
        "programme": "",
        "project": "",
        **fields,
    }


def told():
    return Message.objects.filter(purpose="events.changed").count()


def test_an_editor_words_and_sorts_an_event(writer, client):
    event, course = EventFactory(), CourseFactory()
    topic = Topic.objects.create(code="law", label="Law")
    programme = Programme.objects.create(code="series", title="Series")
    registration(event)
    data = said(summary_0="For officers.", course=course.pk, programme=programme.pk, topics=[topic.pk])
    assert client.post(edit(event), data).status_code == 302
    event.refresh_from_db()
    assert (str(event.summary), event.course, event.programme, list(event.topics.all())) == (
        "For officers.",
        course,
        programme,
        [topic],
    )
    # Nobody's coming depends on it.
    assert told() == 0


def test_those_registered_are_told_of_another_title_and_only_then(writer, client):
    event = EventFactory()
    registration(event)
    client.post(edit(event), said())
    assert told() == 0
    client.post(edit(event), said(title_0="Recognising and referring"))
    assert told() == 1


def test_times_and_seats_are_not_an_editors(writer, client):
    event = EventFactory(capacity=5)
    client.post(edit(event), said(capacity="500", starts_on="2000-01-01", state="closed"))
    before = (event.capacity, event.starts_on, event.state)
    event.refresh_from_db()
    assert (event.capacity, event.starts_on, event.state) == before


@pytest.mark.parametrize("fields", [{"state": EventState.CANCELLED}, {"is_imported": True}])
def test_what_is_past_changing_is_shown_and_not_changed(writer, client, fields):
    event = EventFactory(**fields)
    response = client.post(edit(event), said(title_0="Other"))
    assert response.url == reverse("oberih_events_event:inspect", args=[event.pk])
    event.refresh_from_db()
    assert str(event.title) == "Recognising trafficking"
    assert edit(event) not in client.get(reverse("oberih_events_event:index")).content.decode()


def test_events_are_neither_made_nor_removed_here(writer, client):
    event = EventFactory()
    for view, args in (("add", []), ("delete", [event.pk])):
        assert client.get(reverse(f"oberih_events_event:{view}", args=args)).status_code == 302


def test_whoever_may_only_look_does_not_write(client):
    event, user = EventFactory(), StaffFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_event"]))
    client.force_login(user)
    assert client.get(reverse("oberih_events_event:index")).status_code == 200
    assert client.post(edit(event), said(title_0="Other")).status_code == 302
    event.refresh_from_db()
    assert str(event.title) == "Recognising trafficking"


def test_a_venue_lies_in_its_country_and_stays_as_long_as_it_is_used(writer, client):
    area = Area.objects.create(code="ZZ01", label="Somewhere", country="PL")
    texts = {f"{name}_{number}": "" for name in ("name", "address", "access_notes") for number in range(3)}
    data = {**texts, "name_0": "Town hall", "country": "UA", "area": area.pk}
    add = reverse("oberih_events_venue:add")
    assert client.post(add, data).context["form"].errors["area"] == ["This area lies in another country."]
    client.post(add, {**data, "country": "PL"})
    assert Venue.objects.get().area == area
    used = VenueFactory()
    EventFactory().venues.add(used)
    client.post(reverse("oberih_events_venue:delete", args=[used.pk]))
    assert Venue.objects.filter(pk=used.pk).exists()
