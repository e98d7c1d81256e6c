import io

import openpyxl
import pytest
from django.urls import reverse

from attendance.workbook import import_workbook
from participants.models import Organisation
from safeguarding.models import AuditEntry, Role
from tests.factories import StaffFactory, UserFactory
from tests.reporting.test_measures import QUARTER, write

pytestmark = pytest.mark.django_db

WINDOW = {"from": "2025-01-01", "to": "2025-03-31"}
NAMES = ("people_trained", "people_trained_csv", "people_trained_xlsx")


@pytest.fixture
def manager(client):
    user = StaffFactory(role=Role.MANAGER)
    client.force_login(user)
    return user


def url(name, **query):
    return reverse(f"oberih_reporting:{name}", query=query)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", [None, Role.TRAINER, Role.EDITOR, Role.AUDITOR])
def test_charlie_sees_no_figures(client, name, role):
    client.force_login(StaffFactory(role=role) if role else UserFactory())
    assert client.get(url(name, **WINDOW)).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_is_sent_to_log_in(client, name):
    response = client.get(url(name, **WINDOW))
    assert (response.status_code, "/login/" in response.url) == (302, True)


def test_without_dates_the_page_shows_this_quarter(client, manager, time_machine):
    time_machine.move_to("2026-11-21 12:00Z")
    response = client.get(url("people_trained"))
    assert response.url == url("people_trained", **{"from": "2026-10-01", "to": "2026-12-31"})


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2025-03-31", "to": "2025-01-01"},
        {"from": "yesterday", "to": "2025-01-01"},
        {"from": "2025-01-01"},
        {**WINDOW, "country": "XX"},
        {**WINDOW, "topic": "nonsense"},
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_a_question_that_makes_no_sense_is_answered_with_what_to_change(client, manager, name, query):
    assert client.get(url(name, **query)).status_code == 400


def test_each_view_and_each_export_is_logged_with_what_was_asked(client, manager):
    for name in NAMES:
        client.get(url(name, **WINDOW))
    asked = "from=2025-01-01&to=2025-03-31"
    assert list(AuditEntry.objects.order_by("pk").values_list("actor", "action", "keys")) == [
        (manager.pk, "report.viewed", [asked]),
        (manager.pk, "report.exported", [asked, "csv"]),
        (manager.pk, "report.exported", [asked, "xlsx"]),
    ]


def history(folder, size):
    """`size` activities, each with `size` persons and a headcount."""
    numbers = range(size)
    write(
        folder,
        activities="code,title,activity_type,country,areas,starts_on,sessions,co_organisers\n"
        + "".join(f"T{n},Training {n},training,UA,UA46,2025-01-05,2,Partner {n}\n" for n in numbers),
        participations="activity,person,sex,birth_year,category,first_present_on,sessions_present\n"
        + "".join(f"T{n},P{m},F,1990,volunteer,2025-01-05,2\n" for n in numbers for m in numbers),
        headcounts="activity,value\n" + "".join(f"T{n},5\n" for n in numbers),
        follow_ups="cohort,held_from,kind,value\n"
        + "".join(f"T{n},2025-02-01,prevention_action,1\n" for n in numbers),
    )


def test_the_page_costs_the_same_for_three_activities_and_for_thirty(
    client, manager, tmp_path, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    history(tmp_path, 3)
    client.get(url("people_trained", **WINDOW))
    with CaptureQueriesContext(connection) as few:
        client.get(url("people_trained", **WINDOW))
    history(tmp_path, 30)
    with django_assert_num_queries(len(few)):
        response = client.get(url("people_trained", **WINDOW))
    assert response.context["report"].totals["unique_persons"] == 30
    assert len(response.context["told"]) == 30


def test_csv_and_page_and_xlsx_say_the_same(client, manager, tmp_path):
    history(tmp_path, 3)
    page = client.get(url("people_trained", **WINDOW)).context["report"].totals
    lines = client.get(url("people_trained_csv", **WINDOW)).content.decode("utf-8-sig").splitlines()
    named = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("people_trained_xlsx", **WINDOW)).content))
    totals = {row[0]: row[1] for row in book["totals"].iter_rows(min_row=2, values_only=True)}
    for name in ("unique_persons", "participations", "attendances", "activities", "sessions", "organisations"):
        assert (int(named[name]), totals[name]) == (page[name], page[name])
    by_sex = list(book["by sex, age_band"].iter_rows(values_only=True))
    assert by_sex == [
        ("sex", "age_band", "unique_persons", "participations", "person_minutes"),
        ("F", "A25_35", 3, 9, 0),
    ]


def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(client, manager, tmp_path):
    write(
        tmp_path,
        activities="code,title,activity_type,starts_on\n=1+1,Evil,training,2025-01-05\n",
        distributions="item,value,from\n=HYPERLINK(1),3,2025-01-05\n",
    )
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("people_trained_xlsx", **WINDOW)).content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert "=1+1" in [cell.value for cell in cells]


def test_the_quarter_on_the_page(client, manager):
    import_workbook(QUARTER)
    response = client.get(url("people_trained", **{"from": "2022-07-01", "to": "2022-09-30"}))
    assert [sentence.code for sentence in response.context["told"]] == [
        "MD-CHI", "UA-YSS-1", "PL-WEB", "UA-IPM", "UA-FEST",
    ]  # fmt: skip
    assert [sentence.code for sentence in response.context["told_longer"]] == [
        "PL-CAP", "PL-CT", "SK-PRE", "AT-INF", "NO-ERC",
    ]  # fmt: skip
    assert response.context["figures"][2]["value"] == "over 492"
    assert Organisation.objects.count() == 4
