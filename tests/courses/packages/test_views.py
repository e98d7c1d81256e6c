import json
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from courses import actions
from courses.models import CompletionRule, LessonProgress, LessonState, PackageRun, Statement
from courses.packages.origin import Pass, token_for
from participants import identity
from tests.courses import trees
from tests.courses.factories import LearnerFactory
from tests.courses.packages import building

pytestmark = pytest.mark.django_db

HOST = {"host": "localhost:8000"}


def browser_of(participant):
    client = Client(headers=HOST)
    session = client.session
    session[identity._SESSION_KEY] = [str(participant.uuid), participant.link_version]
    session.save()
    return client


@pytest.fixture
def world(index):
    package = building.upload(building.single_12())
    page, lesson, enrolment = building.lesson_with(package, index)
    return package, page, lesson, enrolment


def player(lesson):
    return reverse("oberih_courses:package", args=[lesson.key, building.BLOCK])


def commit(client, run, number=1, session=None, **fields):
    return client.post(
        reverse("oberih_courses:package_commit", args=[run.uuid]),
        {
            "session": str(session or run.session),
            "number": number,
            "seconds": 0,
            "final": False,
            "cmi": {"core": {"lesson_status": "incomplete", "lesson_location": "3"}},
            **fields,
        },
        content_type="application/json",
    )


def opened(client, lesson, **query):
    assert client.get(player(lesson), query).status_code == 200
    return PackageRun.objects.order_by("-updated_at").first()


def test_the_player_frames_the_package_and_only_this_page_may(world):
    _package, page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    response = client.get(player(lesson))
    html = response.content.decode()
    assert 'src="http://127.0.0.1:8000/p/' in html
    assert 'sandbox="allow-scripts allow-same-origin allow-forms allow-modals"' in html
    assert "frame-src http://127.0.0.1:8000;" in response["Content-Security-Policy"] + ";"
    other = client.get(page.get_url(response.wsgi_request), follow=True)
    assert "127.0.0.1" not in other["Content-Security-Policy"]


def test_the_lesson_leads_to_the_player_and_says_how_it_stands(world):
    _package, page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    address = page.get_url()
    assert "Begin" in client.get(address).content.decode()
    run = opened(client, lesson)
    assert "Go on where you left off" in client.get(address).content.decode()
    commit(client, run, cmi={"core": {"lesson_status": "passed", "score": {"raw": "85"}}}, final=True)
    html = client.get(address).content.decode()
    assert ["Look at it again" in html, "Your result: 85 %" in html] == [True, True]
    stranger = Client(headers=HOST).get(address).content.decode()
    assert ["once you have started the course" in stranger, player(lesson) in stranger] == [True, False]


def test_a_stranger_and_whoever_is_not_enrolled_are_led_to_the_lesson(world):
    _package, page, lesson, _enrolment = world
    for client in (Client(headers=HOST), browser_of(LearnerFactory())):
        response = client.get(player(lesson))
        assert (response.status_code, response.url.endswith(page.slug + "/")) == (302, True)
    assert PackageRun.objects.count() == 0


def test_what_cannot_be_played_leads_back_to_the_lesson(world, settings):
    package, page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    settings.OBERIH_COURSES_PACKAGE_ORIGIN = ""
    assert client.get(player(lesson)).status_code == 302
    assert "cannot be shown at the moment" in client.get(page.get_url()).content.decode()
    settings.OBERIH_COURSES_PACKAGE_ORIGIN = "http://127.0.0.1"
    package.folder, package.state = "", "uploaded"
    package.save()
    assert client.get(player(lesson)).status_code == 302
    assert "is being checked" in client.get(page.get_url()).content.decode()
    gone = reverse("oberih_courses:package", args=[lesson.key, uuid.uuid4()])
    assert client.get(gone).status_code == 404


def test_commits_are_kept_in_their_order(world):
    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    said = [
        commit(client, run, number=number, cmi={"core": {"lesson_location": place}}).json()["stored"]
        for number, place in ((1, "1"), (3, "3"), (2, "2"), (3, "again"))
    ]
    run.refresh_from_db()
    assert (said, run.commits, run.cmi["core"]["lesson_location"]) == ([True, True, False, False], 3, "3")


def test_a_window_that_was_opened_later_is_the_one_that_counts(world):
    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    first = opened(client, lesson)
    second = opened(client, lesson)
    answer = commit(client, first, number=9)
    assert (answer.status_code, "another window" in answer.json()["error"]) == (409, True)
    assert commit(client, second, number=1).json() == {"stored": True, "completed": False, "done": False}


def test_nobody_commits_for_somebody_else(world):
    _package, _page, lesson, enrolment = world
    run = opened(browser_of(enrolment.participant), lesson)
    for client in (browser_of(LearnerFactory(full_name="Charlie")), Client(headers=HOST)):
        assert commit(client, run).status_code == 404
        for name in ("package_statements", "package_open"):
            answer = client.post(
                reverse(f"oberih_courses:{name}", args=[run.uuid]),
                {"session": str(run.session), "statements": []},
                content_type="application/json",
            )
            assert answer.status_code == 404
    run.refresh_from_db()
    assert run.commits == 0


def test_whoever_left_the_course_commits_nothing(world):
    from django.utils import timezone

    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    enrolment.withdrawn_at = timezone.now()
    enrolment.save()
    assert commit(client, run).status_code == 404


def test_the_page_needs_its_token(world):
    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    client.handler.enforce_csrf_checks = True
    assert commit(client, run).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"cmi": {"core": {"lesson_status": "x" * 300}}},
        {"cmi": {"suspend_data": "x" * 70_000}},
        {"cmi": "x"},
        {"cmi": None},
        {"number": 0},
        {"number": 10**7},
        {"number": "x"},
        {"seconds": -1},
        {"session": "x"},
        {"cmi": {"core": {"lesson_location": "a\0b"}}},
    ],
)
def test_what_is_not_allowed_is_refused_and_changes_nothing(world, fields):
    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    assert commit(client, run, **fields).status_code == 400
    run.refresh_from_db()
    assert (run.commits, run.cmi) == (0, {})


@pytest.mark.parametrize(
    "body", [b"", b"x", b"[]", b"\xff", b"{" * 5000, b'{"session": "' + b"x" * 300_000 + b'"}']
)
def test_a_body_that_is_no_json_is_refused(world, body):
    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    for name in ("package_commit", "package_statements", "package_open"):
        address = reverse(f"oberih_courses:{name}", args=[run.uuid])
        assert client.post(address, body, content_type="application/json").status_code == 400


def test_no_session_is_longer_than_the_clock_says(world):
    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as clock:
        run = opened(client, lesson)
        clock.shift(100)
        commit(client, run, number=1, cmi={"core": {"session_time": "50:00:00"}})
        clock.shift(100)
        commit(client, run, number=2, cmi={"core": {"session_time": "00:02:30"}})
        # A package that measures nothing: what the player counted stands in.
        run = opened(client, lesson)
        clock.shift(60)
        commit(client, run, number=1, seconds=40, cmi={"core": {}})
        commit(client, run, number=2, seconds=30, cmi={"core": {}})
    run.refresh_from_db()
    assert (run.seconds, run.session_seconds) == (150 + 40, 40)


def test_completion_only_advances_and_a_score_stays_with_it(world):
    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    seen = []
    for number, (status, raw) in enumerate(
        [
            ("incomplete", "10"),
            ("not attempted", "20"),
            ("failed", "30"),
            ("incomplete", "40"),
            ("passed", "85"),
            ("failed", "1"),
        ],
        start=1,
    ):
        commit(client, run, number=number, cmi={"core": {"lesson_status": status, "score": {"raw": raw}}})
        run.refresh_from_db()
        seen.append((run.completion, run.success, run.score, run.is_done))
    assert seen == [
        ("incomplete", "unknown", 10, False),
        ("incomplete", "unknown", 20, False),
        ("completed", "failed", 30, False),
        ("incomplete", "unknown", 40, False),
        ("completed", "passed", 85, True),
        ("completed", "passed", 85, True),
    ]


def test_a_package_completes_the_lesson_that_says_so_and_no_other(world, heard):
    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    done = {"core": {"lesson_status": "completed"}}
    assert commit(client, run, cmi=done).json() == {"stored": True, "completed": True, "done": True}
    assert not LessonProgress.objects.filter(enrolment=enrolment, state=LessonState.COMPLETED).exists()
    lesson.completed_by = CompletionRule.PACKAGE
    lesson.save()
    run.refresh_from_db()
    assert actions.note_package(run) is True
    enrolment.refresh_from_db()
    assert LessonProgress.objects.filter(enrolment=enrolment, state=LessonState.COMPLETED).count() == 1
    assert enrolment.completed_at is not None


def test_the_whole_is_completed_with_its_last_part(index):
    package = building.upload(building.several_12())
    _page, lesson, enrolment = building.lesson_with(package, index)
    client = browser_of(enrolment.participant)
    told = []
    for key in ("arrive", "plan", "travel"):
        run = opened(client, lesson, part=key)
        assert run.item == key
        told.append(commit(client, run, cmi={"core": {"lesson_status": "passed"}}).json()["completed"])
    assert told == [False, False, True]
    moments = set(PackageRun.objects.values_list("completed_at", flat=True))
    assert (len(moments), None in moments) == (1, False)


def test_a_part_that_a_newer_file_brings_takes_nothing_back(index):
    package = building.upload(building.single_12())
    _page, lesson, enrolment = building.lesson_with(package, index)
    client = browser_of(enrolment.participant)
    commit(client, opened(client, lesson), cmi={"core": {"lesson_status": "passed"}})
    package.items = [*package.items, {**package.items[0], "id": "two"}]
    package.save()
    run = opened(client, lesson, part="two")
    assert (run.item, run.is_done, run.completed_at is not None) == ("two", False, True)


def test_without_a_wish_the_part_that_was_left_open_is_opened(index):
    package = building.upload(building.several_12())
    _page, lesson, enrolment = building.lesson_with(package, index)
    client = browser_of(enrolment.participant)
    assert opened(client, lesson).item == "plan"
    run = opened(client, lesson, part="travel")
    commit(client, run)
    assert opened(client, lesson).item == "travel"
    commit(client, PackageRun.objects.get(item="travel"), cmi={"core": {"lesson_status": "passed"}})
    assert opened(client, lesson, part="no such part").item == "plan"


def test_a_page_without_scripts_is_done_when_it_is_looked_at(index):
    files = building.single_12()
    files["imsmanifest.xml"] = files["imsmanifest.xml"].replace('scormtype="sco"', 'scormtype="asset"')
    _page, lesson, enrolment = building.lesson_with(building.upload(files), index)
    assert opened(browser_of(enrolment.participant), lesson).completed_at is not None


@pytest.mark.parametrize("parts", [1, 3])
def test_the_player_takes_the_same_statements_for_one_part_and_for_three(index, parts, django_assert_num_queries):
    package = building.upload(building.single_12() if parts == 1 else building.several_12())
    _page, lesson, enrolment = building.lesson_with(package, index)
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    with django_assert_num_queries(STATEMENTS_OF_THE_PLAYER):
        client.get(player(lesson))
    run.refresh_from_db()
    with django_assert_num_queries(STATEMENTS_OF_A_COMMIT):
        commit(client, run)


# Two of each are savepoints of the test. Of the player's, most are what the pages of a course keep where keeping is on.
STATEMENTS_OF_THE_PLAYER = 23
STATEMENTS_OF_A_COMMIT = 7


@pytest.mark.parametrize("count", [1, 4])
def test_the_packages_of_a_lesson_take_one_statement(index, count, rf, django_assert_num_queries):
    from courses.packages import player as players

    packages = [building.upload(building.single_12()) for _ in range(count)]
    _page, lesson, enrolment = building.lesson_with(packages[0], index)
    for one in packages:
        actions.launch(enrolment=enrolment, package=one, lesson=lesson, item=one.items[0], language="en")
    blocks = players.blocks_in(
        trees.lesson(
            "x", *({"type": "package", "id": str(uuid.uuid4()), "value": {"package": one.pk}} for one in packages)
        ).body
    )
    with django_assert_num_queries(1):
        found = players.standings(
            blocks, enrolment=enrolment, lesson_key=lesson.key, request=rf.get("/", headers=HOST)
        )
        assert [one.has_begun for one in found] == [True] * count


def statement(verb="passed", **more):
    return {
        "id": str(uuid.uuid4()),
        "actor": {"mbox": "mailto:olena@example.org"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": "urn:uuid:thing"},
        "result": {"score": {"scaled": 0.75}},
        **more,
    }


def tell(client, run, statements):
    return client.post(
        reverse("oberih_courses:package_statements", args=[run.uuid]),
        {"session": str(run.session), "statements": statements},
        content_type="application/json",
    )


def test_statements_are_stored_once_without_their_actor(world):
    package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    one, two = statement("answered", context={"contextActivities": {"parent": [{"id": "x"}]}}), statement("passed")
    assert tell(client, run, one).json() == {"stored": 1, "completed": False, "done": False}
    assert tell(client, run, [one, two, two]).json() == {"stored": 1, "completed": True, "done": True}
    assert tell(client, run, [one, two]).json()["stored"] == 0
    kept = list(Statement.objects.all())
    assert [(row.enrolment, row.package, row.verb.rpartition("/")[2]) for row in kept] == [
        (enrolment, package, "answered"),
        (enrolment, package, "passed"),
    ]
    assert "olena" not in json.dumps([row.content for row in kept])
    run.refresh_from_db()
    assert (run.success, run.score) == ("passed", 75)


def test_what_is_no_statement_is_refused_by_the_door(world):
    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    assert [tell(client, run, one).status_code for one in ("x", [1], [statement()] * 51)] == [400] * 3
    run.session = uuid.uuid4()
    assert tell(client, run, statement()).status_code == 409
    assert Statement.objects.count() == 0


def test_an_open_page_prolongs_its_token(world):
    _package, _page, lesson, enrolment = world
    client = browser_of(enrolment.participant)
    run = opened(client, lesson)
    address = reverse("oberih_courses:package_open", args=[run.uuid])
    assert client.post(address, {"session": str(run.session)}, content_type="application/json").json() == {
        "open": True
    }
    assert client.post(address, {"session": str(uuid.uuid4())}, content_type="application/json").status_code == 409


def last_words(package, run, *, launch=None, headers=None, **fields):
    token = token_for(Pass(launch or str(run.session), package.folder, package.kind, "http://localhost:8000"))
    body = {
        "session": str(run.session),
        "number": 1,
        "final": True,
        "cmi": {"core": {"lesson_status": "completed"}},
        **fields,
    }
    there = Client(headers={"host": "127.0.0.1:8000", **(headers or {})}, enforce_csrf_checks=True)
    return there.post(f"/p/{token}/commit", json.dumps(body), content_type="text/plain;charset=UTF-8")


def test_the_last_words_of_a_page_that_is_closed_are_kept(world):
    package, _page, lesson, enrolment = world
    run = opened(browser_of(enrolment.participant), lesson)
    assert last_words(package, run, launch=str(uuid.uuid4())).status_code == 400
    assert last_words(package, run, headers={"origin": "https://evil.example"}).status_code == 403
    assert last_words(package, run, cmi={"core": {"lesson_status": "x"}}).status_code == 400
    run.refresh_from_db()
    assert run.commits == 0
    answer = last_words(package, run, headers={"origin": "http://127.0.0.1:8000"})
    assert (answer.status_code, answer.cookies) == (204, {})
    run.refresh_from_db()
    assert (run.completion, run.is_finished, run.completed_at is not None) == ("completed", True, True)
    run.session = uuid.uuid4()
    assert last_words(package, run).status_code == 409
