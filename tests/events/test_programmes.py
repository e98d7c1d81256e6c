"""Courses and events in an order: the path, how far somebody is on it, and what comes next."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from attendance.models import Attendance
from cms.models import SiteSettings
from courses.models import Course, Enrolment
from events import programmes
from events.models import Programme, ProgrammeStep, Registration
from participants import identity
from safeguarding.models import Role
from tests.courses import trees
from tests.courses.factories import EnrolmentFactory
from tests.events import factories

pytestmark = pytest.mark.django_db

TITLE = LazyI18nString({"en": "First responders", "uk": "Ті, хто допомагає першими"})


def programme(*targets, code="first-responders", is_public=True, **fields):
    """Targets are courses and events; one in a list is an alternative to the one before."""
    made = Programme.objects.create(code=code, title=TITLE, is_public=is_public, **fields)
    for position, target in enumerate(targets):
        alternative = isinstance(target, list)
        one = target[0] if alternative else target
        name = "course" if isinstance(one, Course) else "event"
        ProgrammeStep.objects.create(programme=made, position=position, is_alternative=alternative, **{name: one})
    return made


@pytest.fixture
def course(index):
    page, _module, _lessons = trees.course(index, minutes=40)
    return Course.objects.get(key=page.translation_key)


@pytest.fixture
def workshop():
    return factories.EventFactory(code="workshop", kind="workshop", title=LazyI18nString({"en": "Workshop"}))


@pytest.fixture
def webinar():
    return factories.EventFactory(code="webinar", kind="webinar", title=LazyI18nString({"en": "Webinar"}))


def shown(client, made):
    return client.get(reverse("oberih_events:programme", kwargs={"code": made.code})).context["path"]


def lines(path):
    return [(step.number, step.label, step.state) for step in path.steps]


def registered(participant, event, **fields):
    return Registration.objects.create(
        event=event,
        participant=participant,
        status="confirmed",
        confirmed_at=timezone.now(),
        language="en",
        **fields,
    )


def attends(registration):
    session = registration.event.sessions.get()
    Attendance.objects.create(
        session=session, registration=registration, status="present", minutes=session.minutes
    )


def test_a_stranger_sees_the_whole_path_and_where_it_starts(client, course, workshop, webinar):
    path = shown(client, programme(course, workshop, webinar))
    assert lines(path) == [(1, "Safe journeys", "current"), (2, "Workshop", "todo"), (3, "Webinar", "todo")]
    assert (path.has_begun, path.is_complete, path.next.label) == (False, False, "Safe journeys")
    assert path.steps[0].note == "Course · 40 minutes"


def test_the_path_follows_what_somebody_does(client, course, workshop, webinar, learner):
    made = programme(course, workshop, webinar)
    enrolment = EnrolmentFactory(participant=learner, course=course)
    assert lines(shown(client, made))[0] == (1, "Safe journeys", "current")
    Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=timezone.now(), completed_language="en")
    registration = registered(learner, workshop)
    path = shown(client, made)
    assert lines(path) == [(1, "Safe journeys", "done"), (2, "Workshop", "current"), (3, "Webinar", "todo")]
    assert (path.words, path.next.url) == (
        "1 of 3 steps",
        reverse("oberih_events:registration", kwargs={"uuid": registration.uuid}),
    )
    assert "You are registered" in path.steps[1].note
    attends(registration)
    attends(registered(learner, webinar))
    path = shown(client, made)
    assert [state for _number, _label, state in lines(path)] == ["done", "done", "done"]
    assert (path.is_complete, path.next) == (True, None)
    assert "every step of this programme" in client.get(made_url(made)).content.decode()


def made_url(made):
    return reverse("oberih_events:programme", kwargs={"code": made.code})


def test_one_of_several_suffices(client, workshop, webinar, learner):
    elsewhere = factories.EventFactory(code="elsewhere", title=LazyI18nString({"en": "Elsewhere"}))
    made = programme(workshop, [elsewhere], webinar)
    attends(registered(learner, elsewhere))
    path = shown(client, made)
    assert lines(path) == [(1, "Workshop", "todo"), (1, "Elsewhere", "done"), (2, "Webinar", "current")]
    assert path.states == ["done", "todo"]
    assert path.steps[1].note.startswith("Or instead: ")


def test_what_is_over_is_not_what_comes_next(client, workshop, webinar):
    past = factories.EventFactory(
        code="past",
        starts_on=timezone.localdate() - dt.timedelta(days=9),
        title=LazyI18nString({"en": "Past"}),
    )
    assert shown(client, programme(past, [workshop], webinar)).next.label == "Workshop"
    alone = programme(
        factories.EventFactory(code="past-2", starts_on=timezone.localdate() - dt.timedelta(days=9)), code="alone"
    )
    assert shown(client, alone).next is None
    assert "has no date yet" in client.get(made_url(alone)).content.decode()


def test_an_event_by_invitation_is_shown_to_who_is_registered_alone(client, workshop, learner):
    closed = factories.EventFactory(code="closed", policy="invitation", title=LazyI18nString({"en": "Closed"}))
    draft = factories.EventFactory(code="draft", state="draft", title=LazyI18nString({"en": "Draft"}))
    made = programme(workshop, closed, draft)
    assert lines(shown(client, made)) == [(1, "Workshop", "current")]
    registered(learner, closed)
    assert [label for _number, label, _state in lines(shown(client, made))] == ["Workshop", "Closed"]


def test_more_dates_are_those_that_name_the_programme(client, workshop, webinar):
    made = programme(workshop)
    webinar.programme = made
    webinar.save()
    workshop.programme = made
    workshop.save()
    assert [str(one["title"]) for one in shown(client, made).more] == ["Webinar"]


def test_a_programme_that_is_not_public_has_no_page(client, workshop):
    made = programme(workshop, is_public=False)
    assert client.get(made_url(made)).status_code == 404
    assert "First responders" not in client.get(reverse("oberih_events:programmes")).content.decode()
    assert programmes.public_ways() == []


def test_the_list_names_the_public_programmes(client, course, workshop):
    made = programme(course, workshop)
    page = client.get(reverse("oberih_events:programmes"))
    assert [(str(one["title"]), one["url"], one["facts"][0]["text"]) for one in page.context["entries"]] == [
        ("First responders", made_url(made), "2 steps")
    ]


def test_courses_and_events_say_which_programme_they_are_part_of(client, course, workshop, index):
    made = programme(course, workshop)
    page = trees.CoursePage.objects.get(translation_key=course.key, locale=index.locale)
    for address in (page.url, reverse("oberih_events:detail", kwargs={"code": "workshop"})):
        assert made_url(made) in client.get(address).content.decode()
    made.is_public = False
    made.save()
    cache.clear()
    assert made_url(made) not in client.get(page.url).content.decode()


def test_my_learning_shows_how_far_i_am(client, course, workshop, learner):
    made = programme(course, workshop)
    learning = reverse("oberih_courses:learning")
    assert made_url(made) not in client.get(learning).content.decode()
    EnrolmentFactory(participant=learner, course=course, completed_at=timezone.now(), completed_language="en")
    page = client.get(learning).content.decode()
    assert made_url(made) in page
    assert "1 of 2 steps" in page


def test_of_somebody_elses_way_nothing_is_shown(client, course, workshop, learner):
    from tests.courses.factories import LearnerFactory

    made = programme(course, workshop)
    attends(registered(LearnerFactory(), workshop))
    path = shown(client, made)
    assert identity.current(client.get(made_url(made)).wsgi_request) == learner
    assert [state for _number, _label, state in lines(path)] == ["current", "todo"]


def test_a_path_of_ten_steps_takes_as_many_statements_as_one_of_two(client, index, learner):
    def statements(made):
        client.get(made_url(made))
        with CaptureQueriesContext(connection) as captured:
            client.get(made_url(made))
        return len(captured)

    def filled(steps, code):
        targets = []
        for number in range(steps):
            page, _module, _lessons = trees.course(index, lessons=1)
            targets.append(Course.objects.get(key=page.translation_key))
            event = factories.EventFactory(code=f"{code}-{number}")
            attends(registered(learner, event))
            targets.append(event)
        return programme(*targets, code=code)

    few = filled(2, "few")
    with_few = statements(few)
    assert statements(filled(5, "many")) == with_few


def test_a_stranger_is_answered_from_the_kept_page(client, workshop, settings):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60
    # The first request of a site's life makes this row.
    SiteSettings.load()
    made = programme(workshop)
    client.get(made_url(made))
    with CaptureQueriesContext(connection) as captured:
        client.get(made_url(made))
    assert len(captured) == 0
    ProgrammeStep.objects.get().delete()
    assert "Workshop" not in client.get(made_url(made)).content.decode()


@pytest.mark.parametrize("targets", [{}, {"course": True, "event": True}])
def test_a_step_is_one_course_or_one_event(course, workshop, targets):
    step = ProgrammeStep(
        programme=programme(),
        course=course if "course" in targets else None,
        event=workshop if "event" in targets else None,
    )
    with pytest.raises(ValidationError, match="one course or one event"):
        step.full_clean()


@pytest.fixture
def editor(client):
    user = factories.user("editor@example.org", Role.EDITOR)
    from tests.factories import give_factor

    client.force_login(give_factor(user))
    return user


def posted(course, workshop, **fields):
    return {
        "title_0": "A path",
        "summary_0": "For whoever comes first.",
        "code": "a-path",
        "is_public": "on",
        "steps-TOTAL_FORMS": 2,
        "steps-INITIAL_FORMS": 0,
        "steps-MIN_NUM_FORMS": 0,
        "steps-MAX_NUM_FORMS": 1000,
        "steps-0-event": workshop.pk,
        "steps-0-ORDER": 2,
        "steps-1-course": str(course.pk),
        "steps-1-ORDER": 1,
        **fields,
    }


def test_an_editor_puts_the_steps_in_order(editor, client, course, workshop):
    page = client.get(reverse("oberih_events_programme:add"))
    assert "Workshop (" in page.content.decode()
    answer = client.post(reverse("oberih_events_programme:add"), posted(course, workshop))
    assert answer.status_code == 302
    made = Programme.objects.get(code="a-path")
    assert [(step.course or step.event, step.is_alternative) for step in made.steps.all()] == [
        (course, False),
        (workshop, False),
    ]
    client.post(reverse("oberih_events_programme:delete", args=[made.pk]))
    assert Programme.objects.count() == ProgrammeStep.objects.count() == 0


def test_an_editor_is_told_what_is_wrong_with_a_step(editor, client, course, workshop):
    wrong = posted(course, workshop, **{"steps-0-course": str(course.pk), "steps-1-course": ""})
    answer = client.post(reverse("oberih_events_programme:add"), wrong)
    assert answer.status_code == 200
    assert "A step is one course or one event." in answer.content.decode()
    assert Programme.objects.count() == 0


def test_the_front_page_and_the_calendar_lead_to_programmes_where_there_are_some(client, index, workshop):
    addresses = ["/en/", reverse("oberih_events:list")]
    listed = reverse("oberih_events:programmes")
    assert [listed in client.get(one, follow=True).content.decode() for one in addresses] == [False, False]
    programme(workshop)
    assert [listed in client.get(one, follow=True).content.decode() for one in addresses] == [True, True]
