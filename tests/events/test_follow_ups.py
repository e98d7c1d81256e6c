"""What people did after an event: recorded on its page, counted by the reports, told to everybody as a number."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from events import actions, follow_ups
from events.exceptions import FollowUpError
from events.models import Event, FollowUp
from participants.models import Project
from reporting import sentences
from reporting.measures import People, people_trained
from reporting.scope import Filters, Window
from safeguarding.models import AuditEntry, Role
from tests.events.factories import EventFactory, trainer, user

pytestmark = pytest.mark.django_db


def days_ago(number):
    return timezone.localdate() - dt.timedelta(days=number)


@pytest.fixture
def school():
    return EventFactory(
        code="school", kind="youth_summer_school", starts_on=days_ago(40), ends_on=days_ago(36), sessions=[]
    )


def posted(**fields):
    return {
        "kind": "prevention_action",
        "value": "4",
        "qualifier": "exact",
        "held_from": days_ago(20).isoformat(),
        "held_to": days_ago(18).isoformat(),
        "note": "in two schools",
        **fields,
    }


def recorded(event, **fields):
    return event.follow_ups.create(
        **{
            "kind": "prevention_action",
            "value": 4,
            "held_from": days_ago(20),
            "held_to": days_ago(18),
            **fields,
        }
    )


def new_address(event):
    return reverse("oberih_events:new_follow_up", kwargs={"uuid": event.uuid})


def address(follow_up):
    return reverse("oberih_events:follow_up", kwargs={"uuid": follow_up.cohort.uuid, "follow_up": follow_up.pk})


def stored():
    names = ("cohort__code", "kind", "value", "qualifier", "held_from", "held_to", "note")
    return list(FollowUp.objects.values_list(*names))


def logged():
    entries = AuditEntry.objects.filter(subject="event", action__contains="follow_up").order_by("pk")
    return list(entries.values_list("action", "keys"))


def test_what_a_trainer_records_is_counted_by_the_measure_in_its_window(client, school):
    client.force_login(trainer(event=school))
    answer = client.post(new_address(school), posted())
    assert (answer.status_code, answer.url) == (302, f"/en/trainings/{school.uuid}/")
    assert stored() == [("school", "prevention_action", 4, "exact", days_ago(20), days_ago(18), "in two schools")]
    assert logged() == [("record_follow_up", [school.subject_key, str(FollowUp.objects.get().pk)])]

    def counted(first, last, **filters):
        return people_trained(Window(days_ago(first), days_ago(last)), Filters(**filters)).totals["follow_ups"]

    four = [{"kind": "prevention_action", "value": 4}]
    assert counted(20, 18) == four
    assert counted(60, 0, country="UA", activity_type="youth_summer_school") == four
    # One that only reaches into a window is not counted there, nor is one of another country.
    assert [counted(19, 0), counted(60, 19), counted(60, 0, country="MD")] == [[], [], []]


def test_the_report_says_what_they_did_with_its_qualifier(school):
    school.headcounts.create(value=20, unit="persons")
    recorded(
        school, kind="peer_session", value=7, qualifier="at_least", held_from=days_ago(20), held_to=days_ago(20)
    )
    with translation.override("en"):
        told, _missing = sentences.tell(People(Window(days_ago(60), days_ago(0)), Filters()))
    assert "Afterwards those who took part held over 7 peer sessions (" in told[0].text


def test_something_else_is_said_in_words_of_their_own(client, school):
    client.force_login(trainer(event=school))
    client.post(new_address(school), posted(kind="own", own_kind="Radio play", held_to=""))
    assert stored() == [("school", "Radio play", 4, "exact", days_ago(20), days_ago(20), "in two schools")]
    page = client.get(f"/en/trainings/{school.uuid}/").content.decode()
    assert "Radio play: 4" in page


def test_a_suggested_kind_that_was_typed_is_that_kind(client, school):
    client.force_login(trainer(event=school))
    client.post(new_address(school), posted(kind="own", own_kind="peer Session"))
    assert [row[1] for row in stored()] == ["peer_session"]


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"held_from": days_ago(41).isoformat()}, "held_from", "This is before the event began, on "),
        ({"held_to": days_ago(21).isoformat()}, "held_to", "It ends before it starts."),
        ({"held_to": days_ago(-5).isoformat()}, "held_to", "This day is still to come."),
        ({"value": "0"}, "value", "greater than or equal to 1"),
        ({"value": ""}, "value", "This field is required."),
        ({"kind": "own"}, "own_kind", "Say in a few words what it was."),
        ({"own_kind": "Radio play"}, "own_kind", "Choose “Something else” above"),
        ({"kind": "unheard of"}, "kind", "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, school, fields, field, message):
    client.force_login(trainer(event=school))
    answer = client.post(new_address(school), posted(**fields))
    assert answer.status_code == 400
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert message in form.errors[field][0]
    assert (stored(), logged()) == ([], [])


def test_the_same_twice_is_refused_until_the_note_tells_them_apart(client, school):
    client.force_login(trainer(event=school))
    client.post(new_address(school), posted())
    answer = client.post(new_address(school), posted(value="5"))
    assert list(answer.context["form"].errors) == ["note"]
    client.post(new_address(school), posted(value="5", note="on the market"))
    assert [(row[2], row[6]) for row in stored()] == [(4, "in two schools"), (5, "on the market")]


def test_a_mistake_is_corrected_and_taken_away(client, school):
    client.force_login(trainer(event=school))
    held = recorded(school)
    assert client.get(address(held)).context["form"].initial["value"] == 4
    assert client.post(address(held), posted(value="3", qualifier="about")).status_code == 302
    assert [row[2:4] for row in stored()] == [(3, "about")]
    assert client.post(address(held), {"do": "burn"}).status_code == 400
    assert client.post(address(held), {"do": "remove"}).status_code == 302
    assert stored() == []
    keys = [school.subject_key, str(held.pk)]
    assert logged() == [("change_follow_up", keys), ("remove_follow_up", keys)]


def test_one_is_found_with_its_own_event_only(client, school):
    other = EventFactory(starts_on=days_ago(3))
    client.force_login(trainer(event=school))
    other.trainers.set(school.trainers.all())
    held = recorded(school)
    there = reverse("oberih_events:follow_up", kwargs={"uuid": other.uuid, "follow_up": held.pk})
    assert client.post(there, {"do": "remove"}).status_code == 404
    assert stored() != []


def test_a_manager_records_within_their_scope(client, school):
    client.force_login(user("here@example.org", Role.MANAGER, country="UA"))
    assert client.post(new_address(school), posted()).status_code == 302
    client.force_login(user("there@example.org", Role.MANAGER, country="MD"))
    assert client.post(new_address(school), posted(note="again")).status_code == 404
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"starts_on": days_ago(-1), "ends_on": days_ago(-1)}, "has not begun yet"),
        ({"state": "draft"}, "has not begun yet"),
        ({"state": "cancelled"}, "was cancelled"),
        ({"is_imported": True}, "comes from an imported list"),
    ],
)
def test_of_some_events_nothing_is_recorded(client, school, fields, message):
    Event.objects.filter(pk=school.pk).update(**fields)
    school.refresh_from_db()
    client.force_login(trainer(event=school))
    answer = client.post(new_address(school), posted(), follow=True)
    assert message in answer.content.decode()
    with pytest.raises(FollowUpError, match=message):
        actions.record_follow_up(
            cohort=school, by=None, kind="x", value=1, held_from=days_ago(1), held_to=days_ago(1)
        )
    assert stored() == []


def test_the_action_refuses_what_the_form_would(school):
    with pytest.raises(ValidationError) as refused:
        actions.record_follow_up(
            cohort=school, by=None, kind="x", value=0, held_from=days_ago(60), held_to=days_ago(70)
        )
    assert sorted(refused.value.message_dict) == ["held_from", "held_to", "value"]


def test_an_imported_one_is_shown_as_it_is_and_changed_in_its_list(client, school):
    held = recorded(school, kind="Flash mob", note="by the alumni")
    Event.objects.update(is_imported=True)
    client.force_login(trainer(event=school))
    page = client.get(f"/en/trainings/{school.uuid}/").content.decode()
    assert "Flash mob: 4" in page
    assert "comes from an imported list" in page
    assert address(held) not in page


def test_the_page_of_a_training_offers_it_once_it_has_begun(client, school):
    coming = EventFactory()
    made = trainer(event=school)
    coming.trainers.add(made)
    client.force_login(made)
    pages = [client.get(f"/en/trainings/{event.uuid}/") for event in (school, coming)]
    assert [page.context["afterwards"] is None for page in pages] == [False, True]
    assert [
        new_address(event) in page.content.decode() for event, page in zip((school, coming), pages, strict=True)
    ] == [
        True,
        False,
    ]


def test_sums_are_by_kind_and_repeat_nobodys_own_words(school):
    recorded(school, value=3)
    recorded(school, value=1, qualifier="at_least", note="b", held_from=days_ago(2), held_to=days_ago(1))
    recorded(school, kind="Talk by Olena", value=9)
    recorded(school, kind="Radio play", value=1)
    with translation.override("en"):
        assert [one.words for one in follow_ups.summed(FollowUp.objects.all())] == [
            "10 actions",
            "over 4 prevention actions",
        ]


@pytest.mark.parametrize(
    ("language", "dates", "words"),
    [
        ("en", ((2026, 8, 1), (2026, 8, 30)), "4 prevention actions (August 2026)."),
        ("en", ((2026, 8, 1), (2026, 9, 2)), "4 prevention actions (August to September 2026)."),
        ("en", ((2026, 12, 1), (2027, 1, 2)), "4 prevention actions (December 2026 to January 2027)."),
        ("uk", ((2026, 8, 1), (2026, 9, 2)), "4 профілактичні акції (серпень – вересень 2026)."),
    ],
)
def test_a_sum_is_a_sentence_with_its_months(language, dates, words):
    one = follow_ups.Sum("prevention_action", 4, "exact", *(dt.date(*date) for date in dates))
    with translation.override(language):
        assert one.sentence.endswith(words)


def test_what_a_project_paid_for_is_counted_with_it(school):
    project = Project.objects.create(code="p1", label="Project")
    recorded(school)
    window = Window(days_ago(60), days_ago(0))
    assert people_trained(window, Filters(project="p1")).totals["follow_ups"] == []
    Event.objects.update(project=project)
    assert people_trained(window, Filters(project="p1")).totals["follow_ups"] == [
        {"kind": "prevention_action", "value": 4}
    ]
