import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from attendance.models import Headcount, Register
from certificates.models import MAX_ATTEMPTS, Certificate, CertificateState
from courses.models import Enrolment
from participants.actions import create_participant
from participants.models import Organisation, Project
from reporting.measures import persons_in_each
from reporting.periods import quarter_before, quarter_of
from reporting.scope import Filters, Window
from safeguarding.models import AuditEntry, Role
from tests.certificates.factories import an_issued_certificate
from tests.events.factories import CourseFactory, EventFactory, SessionFactory, registration, user
from tests.factories import StaffFactory, UserFactory
from tests.reporting.test_measures import write

pytestmark = pytest.mark.django_db

PAGE = reverse("oberih_reporting:overview")
FIND = reverse("oberih_reporting:find")
TODAY = dt.date(2025, 8, 20)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2025-08-20 06:00Z", tick=False)


@pytest.fixture
def manager(client):
    made = StaffFactory(role=Role.MANAGER)
    client.force_login(made)
    return made


def history(folder):
    """P1 came in three quarters of which one is a year ago, P2 in the last and this one, P3 in this one alone."""
    write(
        folder,
        activities="code,title,activity_type,country,starts_on,sessions\n"
        "OLD,Old,training,UA,2024-08-05,1\nLAST,Last,training,UA,2025-05-05,1\nNOW,Now,training,UA,2025-08-05,1\n"
        "STAND,Stand,festival_outreach,UA,2025-07-05,1\nELSEWHERE,Elsewhere,training,PL,2025-08-06,1\n",
        participations="activity,person,first_present_on,sessions_present\n"
        "OLD,P1,2024-08-05,1\nLAST,P1,2025-05-05,1\nLAST,P2,2025-05-05,1\n"
        "NOW,P1,2025-08-05,1\nNOW,P2,2025-08-05,1\nNOW,P3,2025-08-05,1\nELSEWHERE,P3,2025-08-06,1\n",
        headcounts="activity,value,qualifier\nSTAND,1200,about\n",
    )


@pytest.mark.parametrize("page", [PAGE, FIND])
@pytest.mark.parametrize("role", [None, Role.TRAINER, Role.EDITOR, Role.AUDITOR, Role.FOCAL_POINT])
def test_charlie_has_no_overview(client, page, role):
    client.force_login(StaffFactory(role=role) if role else UserFactory())
    assert client.get(page).status_code == 403
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("page", [PAGE, FIND])
def test_a_stranger_is_sent_to_log_in(client, page):
    response = client.get(page)
    assert (response.status_code, "/login/" in response.url) == (302, True)


def test_this_quarter_stands_beside_earlier_ones(client, manager, tmp_path):
    history(tmp_path)
    context = client.get(PAGE).context
    assert context["quarter"].until == "1 Jul – 20 Aug 2025"
    assert context["figures"] == [
        {
            "label": label,
            "value": value,
            "beside": beside("April – June 2025", last, "July – September 2024", year),
        }
        for label, value, last, year in [
            ("Different persons", 3, "2", "1"),
            ("Participations", 4, "2", "1"),
            ("Counted without names", "about 1,200", "0", "0"),
            ("Activities", 3, "1", "1"),
        ]
    ]
    assert AuditEntry.objects.values_list("action", "subject", "keys").get() == (
        "report.viewed",
        "overview",
        ["from=2025-07-01&to=2025-09-30"],
    )


def beside(window, value, earlier, before):
    return [{"window": window, "value": value}, {"window": earlier, "value": before}]


def test_quarters_before_the_first_record_are_not_called_nought(client, manager):
    EventFactory(starts_on=dt.date(2025, 7, 5), state="closed", counted_by="not_stated")
    context = client.get(PAGE).context
    assert [figure["beside"] for figure in context["figures"]] == [[]] * 4
    assert context["trend"] == []


def test_the_trend_begins_with_the_first_quarter_that_has_persons_and_keeps_the_empty_ones(
    client, manager, tmp_path
):
    history(tmp_path)
    assert client.get(PAGE).context["trend"] == [
        {"label": "Jul – Sept 2024", "value": 1},
        {"label": "Oct – Dec 2024", "value": 0},
        {"label": "Jan – Mar 2025", "value": 0},
        {"label": "Apr – Jun 2025", "value": 2},
        {"label": "Jul – Sept 2025", "value": 3, "text": "3 so far"},
    ]


def test_persons_of_each_window_are_those_of_a_report_on_it(tmp_path):
    from reporting.measures import people_trained

    history(tmp_path)
    windows = [quarter_before(quarter_of(TODAY), count) for count in range(5)]
    counts = persons_in_each(windows, Filters(country="UA"))
    assert counts == [people_trained(one, Filters(country="UA")).totals["unique_persons"] for one in windows]
    assert counts == [3, 2, 0, 0, 1]
    assert persons_in_each([Window(dt.date(2024, 1, 1), TODAY)], Filters()) == [3]


def test_a_manager_sees_the_figures_and_trainings_of_their_scope_alone(client, tmp_path):
    history(tmp_path)
    for country in ("UA", "PL"):
        EventFactory(country=country, code=f"next-{country}", title=LazyI18nString({"en": f"In {country}"}))
        EventFactory(
            country=country, code=f"over-{country}", title=f"Over in {country}", starts_on=dt.date(2025, 8, 1)
        )
    client.force_login(user("pl@example.org", Role.MANAGER, country="PL"))
    context = client.get(PAGE, {"country": "UA"}).context
    assert [figure["value"] for figure in context["figures"]] == [1, 1, "0", 2]
    assert [str(row.title) for row in context["attention"]] == ["Over in PL"]
    assert [str(entry["title"]) for entry in context["coming"]] == ["In PL"]
    assert [str(entry["title"]) for entry in client.get(FIND, {"q": "in"}).context["found"]] == [
        "In PL",
        "Over in PL",
    ]


def test_a_manager_of_two_scopes_chooses_one_for_the_figures(client, tmp_path):
    history(tmp_path)
    both = user("both@example.org", Role.MANAGER, country="PL")
    project = Project.objects.create(code="R&D", label="Research and development")
    both.oberih_role_grants.create(role=Role.MANAGER, country="UA")
    both.oberih_role_grants.create(role=Role.MANAGER, project=project.code)
    client.force_login(both)
    context = client.get(PAGE, {"country": "UA"}).context
    assert context["figures"][0]["value"] == 3
    assert [(link["label"], link["url"], link["current"]) for link in context["scopes"]] == [
        ("Poland", f"{PAGE}?country=PL", False),
        ("Ukraine", f"{PAGE}?country=UA", True),
        ("Research and development", f"{PAGE}?project=R%26D", False),
    ]


def test_a_manager_of_one_organisation_has_trainings_and_no_figures(client):
    event = EventFactory(title="Ours")
    EventFactory(title="Theirs")
    event.organisations.create(organisation=Organisation.objects.create(code="ngo", label="NGO"))
    client.force_login(user("ngo@example.org", Role.MANAGER, organisation="ngo"))
    response = client.get(PAGE)
    assert (response.context["quarter"], "figures" in response.context) == (None, False)
    assert [str(entry["title"]) for entry in response.context["coming"]] == ["Ours"]
    assert reverse("oberih_reporting:people_trained") not in response.content.decode()
    assert AuditEntry.objects.count() == 0


def test_what_makes_figures_wrong_is_said_with_where_to_mend_it(client, manager):
    uncounted = EventFactory(title="Uncounted", starts_on=dt.date(2025, 8, 1))
    counted = EventFactory(title="Counted", starts_on=dt.date(2025, 8, 2))
    Headcount.objects.create(event=counted, value=40, qualifier="about", method="estimate")
    running = EventFactory(
        title="Running", starts_on=dt.date(2025, 8, 19), ends_on=dt.date(2025, 8, 21), sessions=[]
    )
    registration(running)
    yesterday, closed, _tomorrow = [
        SessionFactory(
            event=running, date=dt.date(2025, 8, day), start_time=dt.time(hour), end_time=dt.time(hour + 1)
        )
        for day, hour in [(19, 9), (19, 11), (21, 9)]
    ]
    Register.objects.create(session=closed, closed_at=dt.datetime(2025, 8, 19, 12, tzinfo=dt.UTC))
    guessed = EventFactory(title="Guessed", starts_on=dt.date(2025, 8, 3), state="closed", counted_by="headcount")
    Headcount.objects.create(event=guessed, value=300, qualifier="at_least")
    EventFactory(
        starts_on=dt.date(2025, 5, 3), state="closed", counted_by="not_counted", not_counted_reason="Power cut"
    )
    stuck = an_issued_certificate()
    Certificate.objects.filter(pk=stuck.pk).update(state=CertificateState.PENDING, attempts=MAX_ATTEMPTS)
    assert [(str(row.title), row.text, row.url) for row in client.get(PAGE).context["attention"]] == [
        (
            "Uncounted",
            "Over since 1 August 2025, and nobody was counted. Take the register, enter a headcount or say why not.",
            reverse("oberih_attendance:close_event", args=[uncounted.uuid]),
        ),
        (
            "Counted",
            "Over since 2 August 2025 and not closed. People were counted: check the number and close it.",
            reverse("oberih_attendance:close_event", args=[counted.uuid]),
        ),
        (
            "Running",
            "The register of Tuesday, 19 August 2025, 09:00–10:00 is still open.",
            reverse("oberih_attendance:register", args=[yesterday.pk]),
        ),
        (
            "Guessed",
            "over 300 without names, and it is not said how they were counted.",
            reverse("oberih_attendance:headcount", args=[guessed.uuid]),
        ),
        (
            "Certificates",
            "1 certificate was earned and could not be issued.",
            reverse("oberih_certificates:attention"),
        ),
        (
            "April – June 2025",
            "1 activity is closed and has no number.",
            f"{reverse('oberih_reporting:people_trained')}?from=2025-04-01&to=2025-06-30#missing",
        ),
    ]


def test_a_long_list_of_open_trainings_ends_with_where_the_rest_is(client, manager):
    for day in range(1, 8):
        EventFactory(title=f"Over {day}", starts_on=dt.date(2025, 8, day))
    rows = client.get(PAGE).context["attention"]
    assert [str(row.title) for row in rows] == [*(f"Over {day}" for day in range(1, 6)), "And others"]
    assert rows[-1].url == reverse("oberih_events:trainings")


def test_a_new_site_is_told_what_to_do(client, manager):
    response = client.get(PAGE)
    assert response.context["is_new"] is True
    assert reverse("oberih_events:schedule") in response.content.decode()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["c-3", "B-2", "a-1"]),
        ("торгівлі", ["B-2"]),
        ("РОЗПІЗНАТИ як", ["B-2"]),
        ("b-2", ["B-2"]),
        ("shelter C-3", ["c-3"]),
        ("shelter B-2", []),
        ("\x00", ["c-3", "B-2", "a-1"]),
    ],
)
def test_a_training_is_found_by_words_of_its_title_in_any_language_or_by_its_code(client, manager, words, found):
    titles = [
        ("a-1", {"en": "Safe referral"}),
        ("B-2", {"en": "Recognising trafficking", "uk": "Як розпізнати торгівлю людьми, жертву торгівлі"}),
        ("c-3", {"en": "Staff of shelters"}),
    ]
    events = {
        code: EventFactory(code=code, title=LazyI18nString(title), starts_on=dt.date(2025, 1, day))
        for day, (code, title) in enumerate(titles, start=1)
    }
    urls = [reverse("oberih_events:training", args=[events[code].uuid]) for code in found]
    assert [entry["url"] for entry in client.get(FIND, {"q": words}).context["found"]] == urls


def test_what_is_found_comes_in_pages(client, manager):
    for number in range(21):
        EventFactory(title=f"Training {number}", starts_on=dt.date(2025, 1, 1) + dt.timedelta(days=number))
    second = client.get(FIND, {"q": "training", "page": 2}).context
    assert [str(entry["title"]) for entry in second["found"]] == ["Training 0"]
    assert second["page"].paginator.count == 21


@pytest.mark.parametrize("page", [PAGE, FIND])
def test_the_pages_cost_the_same_for_three_trainings_and_for_thirty(client, manager, page):
    def hold(count):
        for number in range(count):
            for day in (dt.date(2025, 5, 5), dt.date(2025, 8, 5), dt.date(2025, 9, 5)):
                event = EventFactory(starts_on=day, capacity=20)
                for one in range(3):
                    registration(event, number=one)
                Headcount.objects.create(event=event, value=number)

    hold(1)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    hold(9)
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)
    assert len(few) < 45


def test_a_site_with_courses_alone_has_figures(client, manager):
    course = CourseFactory()
    who = create_participant(full_name="Olena Koval", email="olena@example.org")
    Enrolment.objects.create(
        participant=who, course=course, language="en", completed_language="en", completed_at=timezone.now()
    )
    context = client.get(PAGE).context
    assert (context["is_new"], context["figures"][0]["value"]) == (False, 1)
