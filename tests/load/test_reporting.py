"""How long an import and a report take, beside the bare statement that a report cannot beat. Prints; asserts no time."""

import random
import time

import pytest
from django.db.models import Count

from attendance.models import ReportedPresence
from attendance.workbook import import_workbook
from reporting.measures import People
from reporting.scope import Filters, Window
from tests.reporting.test_measures import day

pytestmark = [pytest.mark.django_db, pytest.mark.load]

ROWS, ACTIVITIES, PERSONS = 10_000, 200, 4_000


def timed(deed):
    began = time.process_time()
    result = deed()
    return time.process_time() - began, result


@pytest.fixture
def workbook(tmp_path):
    pick = random.Random(1)
    activities = ["code,activity_type,country,areas,topics,starts_on,ends_on"]
    people = ["activity,person,full_name,email,sex,birth_year,category,first_present_on,sessions_present,minutes"]
    for n in range(ACTIVITIES):
        first = pick.randrange(300)
        activities.append(f"A{n},training,UA,UA46,identification,{day(first)},{day(first + 2)}")
        people += [
            f"A{n},P{person},Person {person},p{person}@example.org,{'FM'[person % 2]},{1950 + person % 60},"
            f"volunteer,{day(first)},2,360"
            for person in pick.sample(range(PERSONS), ROWS // ACTIVITIES)
        ]
    (tmp_path / "activities.csv").write_text("\n".join(activities) + "\n")
    (tmp_path / "participations.csv").write_text("\n".join(people) + "\n")
    return tmp_path


def test_an_import_and_a_report(workbook, capsys):
    first, _written = timed(lambda: import_workbook(workbook))
    again, (written, _notes) = timed(lambda: import_workbook(workbook))
    assert written == {}
    window = Window(day(90), day(179))

    def report():
        people = People(window, Filters())
        return [people.report(by) for by in (("sex", "age_band"), ("category",), ("area",))]

    reports, floors = [], []
    for _round in range(3):
        reports.append(timed(report))
        bare = ReportedPresence.objects.filter(first_present_on__range=(window.start, window.end)).aggregate
        floors.append(timed(lambda bare=bare: bare(n=Count("registration__participant", distinct=True))))
    assert reports[0][1][0].totals["unique_persons"] == floors[0][1]["n"]
    with capsys.disabled():
        print(
            f"\n{ROWS} participations, CPU seconds: import {first:.2f}, the same again {again:.2f}; "
            f"a quarter in three breakdowns {min(t for t, _ in reports):.3f}, "
            f"beside a bare distinct count {min(t for t, _ in floors):.4f}"
        )
