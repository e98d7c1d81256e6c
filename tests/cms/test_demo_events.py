"""The schools of the demonstration, what their alumni did, and an evening on which a family waits."""

import pytest
from django.contrib.auth import get_user_model

from cms.demo import outreach, programmes, schools
from cms.demo.calendar import Calendar
from events.models import Event, FollowUp, Programme, Registration
from participants.models import ConsentText, Purpose
from reporting.measures import people_trained
from reporting.scope import Filters, Window
from safeguarding.models import Role
from tests.events import factories
from tests.snapshots import Snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def filled(seeded, django_db_blocker):
    with django_db_blocker.unblock():
        return Snapshot.of(lambda: (seeded.put(), _fill()))


def _fill():
    for purpose in Purpose:
        ConsentText.objects.get_or_create(purpose=purpose, version=1, defaults={"text": "The text."})
    _seed(Calendar(factories.user("trainer@example.org", Role.TRAINER)))


def _seed(calendar):
    for make in (schools.to_come, schools.held, outreach.family_evening, programmes.schools):
        make(calendar)


@pytest.fixture
def calendar(db, filled):
    filled.put()
    return Calendar(get_user_model().objects.get(email="trainer@example.org"))


def test_the_schools_say_what_a_quarter_has_to_say(calendar):
    path = Programme.objects.get(code="youth-schools")
    assert [(step.event and step.event.code, step.is_alternative) for step in path.steps.all()] == [
        (None, False),
        ("school-vinnytsia", False),
        ("school-lviv", True),
        ("summer-school", True),
    ]
    totals = people_trained(Window(calendar.day(-90), calendar.day(0)), Filters()).totals
    assert (totals["unique_persons"], totals["participations"]) == (41, 41)
    assert totals["follow_ups"] == [{"kind": "prevention_action", "value": 4}]
    school = Event.objects.get(code="summer-school")
    assert sorted(school.registrations.values_list("group__position", flat=True)) == [0] * 4 + [1] * 4
    assert (school.questions.count(), school.sessions.exclude(group=None).count()) == (2, 2)


def test_a_family_of_three_waits_while_seats_of_organisations_are_free(calendar):
    event = Event.objects.with_seats().get(code="family-evening")
    assert (event.capacity, event.confirmed_count, event.set_aside_count, event.waiting_count) == (14, 8, 4, 3)
    waiting = event.registrations.filter(status="waitlisted")
    assert len(set(waiting.values_list("party", flat=True))) == 1
    assert sorted(waiting.values_list("guardian_consent", flat=True)) == [
        "",
        "given",
        "given",
    ]


def test_seeding_again_leaves_them_as_they_are(calendar):
    before = [model.objects.count() for model in (Event, Registration, FollowUp, Programme)]
    _seed(calendar)
    assert [model.objects.count() for model in (Event, Registration, FollowUp, Programme)] == before
