import datetime as dt
import json
import random
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

import cms
from attendance.workbook import import_workbook
from certificates import actions as certificates
from participants.models import Participant
from reporting.disclosure import Tier
from reporting.measures import MeasureError, People, people_trained
from reporting.scope import Filters, Window
from tests.attendance.factories import UserFactory
from tests.certificates.factories import an_issued_certificate

pytestmark = pytest.mark.django_db

QUARTER = Path(cms.__file__).parent / "demo" / "q3-2022"
Q3 = Window(dt.date(2022, 7, 1), dt.date(2022, 9, 30))


def write(folder, **sheets):
    for name, text in sheets.items():
        (folder / f"{name}.csv").write_text(text)
    import_workbook(folder)


def day(number):
    return dt.date(2025, 1, 1) + dt.timedelta(days=number)


class Invented:
    """A random history, written as a workbook and kept as plain tuples for an oracle that shares no code with us."""

    def __init__(self, seed, folder):
        pick = random.Random(seed)
        self.activities, self.rows = {}, []
        lines = ["code,title,activity_type,country,areas,topics,starts_on,ends_on,project"]
        for n in range(12):
            first = pick.randrange(0, 80)
            activity = {
                "kind": pick.choice(["training", "training", "webinar", "coordination"]),
                "country": pick.choice(["UA", "PL"]),
                "areas": pick.sample(["UA46", "UA26", "UA05"], pick.randrange(0, 3)),
                "topic": pick.choice(["identification", "counter_trafficking", "leadership", ""]),
                "first": first,
                "last": first + pick.randrange(0, 20),
                "project": pick.choice(["P1", "P2", ""]),
            }
            self.activities[f"A{n:02}"] = activity
            lines.append(
                f"A{n:02},Activity {n},{activity['kind']},{activity['country']},{'|'.join(activity['areas'])},"
                f"{activity['topic']},{day(activity['first'])},{day(activity['last'])},{activity['project']}"
            )
        people = ["activity,person,full_name,sex,age_band,category,first_present_on,sessions_present,minutes"]
        for code, activity in self.activities.items():
            for person in pick.sample(range(14), pick.randrange(0, 9)):
                row = (
                    code,
                    f"P{person}",
                    pick.choice("FMU"),
                    pick.choice(["A14_17", "A18_24", "A25_35"]),
                    pick.choice(["volunteer", "police", ""]),
                    pick.randrange(activity["first"], activity["last"] + 1),
                    pick.randrange(0, 4),
                    pick.randrange(0, 400),
                )
                self.rows.append(row)
                people.append(
                    f"{code},{row[1]},Name {person},{row[2]},{row[3]},{row[4]},{day(row[5])},{row[6]},{row[7]}"
                )
        write(folder, activities="\n".join(lines) + "\n", participations="\n".join(people) + "\n")

    def present(self, keep=lambda activity: True):
        return [
            row
            for row in self.rows
            if row[6] > 0 and self.activities[row[0]]["kind"] != "coordination" and keep(self.activities[row[0]])
        ]


WINDOWS = [(0, 99), (10, 40), (41, 41), (30, 70)]


@pytest.mark.parametrize("seed", range(6))
def test_totals_equal_a_plain_count(seed, tmp_path):
    made = Invented(seed, tmp_path)
    for first, last in WINDOWS:
        rows = [row for row in made.present() if first <= row[5] <= last]
        earlier = {row[1] for row in made.present() if row[5] < first}
        persons = {row[1] for row in rows}
        totals = people_trained(Window(day(first), day(last)), Filters()).totals
        assert {name: totals[name] for name in list(totals)[:6]} == {
            "unique_persons": len(persons),
            "participations": len(rows),
            "attendances": sum(row[6] for row in rows),
            "person_minutes": sum(row[7] for row in rows),
            "new_persons": len(persons - earlier),
            "returning_persons": len(persons & earlier),
        }


@pytest.mark.parametrize("seed", range(6))
def test_a_person_stands_in_the_cell_of_their_first_participation(seed, tmp_path):
    made = Invented(seed, tmp_path)
    for first, last in WINDOWS:
        rows = sorted((row for row in made.present() if first <= row[5] <= last), key=lambda row: (row[5], row[0]))
        unique, participations, minutes, seen = {}, {}, {}, set()
        for row in rows:
            key = (row[2], row[3])
            participations[key] = participations.get(key, 0) + 1
            minutes[key] = minutes.get(key, 0) + row[7]
            unique[key] = unique.get(key, 0) + (row[1] not in seen)
            seen.add(row[1])
        report = people_trained(Window(day(first), day(last)), Filters(), by=["sex", "age_band"])
        assert {
            (cell["sex"], cell["age_band"]): (
                cell["unique_persons"],
                cell["participations"],
                cell["person_minutes"],
            )
            for cell in report.cells
        } == {key: (unique[key], participations[key], minutes[key]) for key in participations}
        assert sum(cell["unique_persons"] for cell in report.cells) == report.totals["unique_persons"]


@pytest.mark.parametrize("seed", range(4))
def test_filters_and_activity_breakdowns_equal_a_plain_count(seed, tmp_path):
    made = Invented(seed, tmp_path)
    below = {"counter_trafficking": {"identification", "counter_trafficking"}}
    everything = Window(day(0), day(99))
    for filters, keep in [
        (Filters(country="UA"), lambda activity: activity["country"] == "UA"),
        (Filters(project="P1"), lambda activity: activity["project"] == "P1"),
        (Filters(activity_type="webinar"), lambda activity: activity["kind"] == "webinar"),
        (Filters(topic="counter_trafficking"), lambda activity: activity["topic"] in below["counter_trafficking"]),
    ]:
        rows = made.present(keep)
        report = people_trained(everything, filters, by=["area"])
        assert report.totals["unique_persons"] == len({row[1] for row in rows})
        expected = {}
        for row in rows:
            for area in made.activities[row[0]]["areas"] or [None]:
                expected.setdefault(area, set()).add(row[1])
        assert {cell["area"]: cell["unique_persons"] for cell in report.cells} == {
            area: len(persons) for area, persons in expected.items()
        }


@pytest.mark.parametrize("tier", [Tier.PARTNER, Tier.PUBLIC])
@pytest.mark.parametrize("seed", range(4))
def test_nothing_small_is_shown_and_the_cells_still_add_up(seed, tier, tmp_path):
    Invented(seed, tmp_path)
    for by in (["sex"], ["age_band"], ["category"], ["sex", "age_band"], ["area"], ["disability"]):
        report = people_trained(Window(day(0), day(99)), Filters(), by=by, tier=tier)
        shown = [cell["unique_persons"] for cell in report.cells]
        assert all(count == 0 or count >= tier.k for count in shown)
        assert len(shown) != 1
        if shown and by != ["area"]:
            assert sum(shown) == report.totals["unique_persons"]


@pytest.mark.parametrize("by", [["disability", "sex"], ["displacement", "area"], ["age_band", "area"]])
def test_sensitive_dimensions_are_not_crossed_outside_the_internal_tier(by):
    with pytest.raises(MeasureError):
        people_trained(Q3, Filters(), by=by, tier=Tier.PARTNER)
    assert people_trained(Q3, Filters(), by=by).cells == []


def test_merged_persons_and_test_accounts(tmp_path):
    write(
        tmp_path,
        activities="code,activity_type,starts_on\nT1,training,2025-01-05\nT2,training,2025-01-09\n",
        participations="activity,person,first_present_on,sessions_present\nT1,A,2025-01-05,1\nT2,B,2025-01-09,1\n"
        "T1,B,2025-01-05,1\nT2,C,2025-01-09,1\n",
    )
    window = Window(day(0), day(30))
    one, other, tester = (Participant.objects.get(external_ref=ref) for ref in "ABC")
    tester.is_test = True
    tester.save()
    totals = people_trained(window, Filters()).totals
    assert (totals["unique_persons"], totals["participations"]) == (2, 3)
    other.merged_into = one
    other.save()
    totals = people_trained(window, Filters()).totals
    assert (totals["unique_persons"], totals["participations"]) == (1, 2)
    other.merged_into = None
    other.save()
    assert people_trained(window, Filters()).totals["unique_persons"] == 2


def test_the_quarter():
    import_workbook(QUARTER)
    report = people_trained(Q3, Filters())
    assert report.totals["headcount"] == {"value": 492, "qualifier": "at_least"}
    assert report.totals["other_counts"] == [
        {"unit": "areas", "value": 18, "qualifier": "exact"},
        {"unit": "events", "value": 3, "qualifier": "exact"},
    ]
    assert report.totals["follow_ups"] == [{"kind": "prevention_action", "value": 4}]
    assert [
        (row["item"][:10], row["unit"], row["value"], row["qualifier"]) for row in report.totals["distributions"]
    ] == [
        ("Board game", "sets", 90, "at_least"),
        ("Counter-tr", "copies", 5000, "exact"),
    ]
    assert [(row["activity"], row["value"], row["unit"], row["from"]) for row in report.overlapping] == [
        ("AT-INF", 99, "persons", "2022-04-01"),
        ("NO-ERC", 33, "sites", "2022-04-01"),
        ("PL-CAP", 497, "persons", "2022-02-01"),
        ("PL-CT", 245, "persons", "2022-02-01"),
        ("SK-PRE", 202, "persons", "2022-02-01"),
    ]
    assert report.missing_numbers == ["BY-NEW", "DE-VOL", "MD-DIS", "MD-RAC", "UA-IPM"]


def test_a_part_is_not_added_to_what_holds_it_but_counts_alone():
    import_workbook(QUARTER)
    since_february = Window(dt.date(2022, 2, 1), dt.date(2022, 9, 30))
    poland = people_trained(since_february, Filters(country="PL"))
    assert poland.totals["headcount"] == {"value": 497 + 27, "qualifier": "exact"}
    counter_trafficking = people_trained(since_february, Filters(country="PL", topic="counter_trafficking"))
    assert counter_trafficking.totals["headcount"] == {"value": 245 + 27, "qualifier": "at_least"}


def test_a_report_costs_the_same_however_many_take_part(tmp_path, django_assert_max_num_queries):
    for size in (3, 30):
        lines = "".join(f"T{n % 3},P{n},2025-01-05,1\n" for n in range(size))
        write(
            tmp_path,
            activities="code,activity_type,starts_on\n" + "".join(f"T{n},training,2025-01-05\n" for n in range(3)),
            participations="activity,person,first_present_on,sessions_present\n" + lines,
        )
        with django_assert_max_num_queries(26) as counted:
            people = People(Window(day(0), day(30)), Filters())
            for by in (["sex", "age_band"], ["category"], ["area"]):
                people.report(by)
        if size == 3:
            few = len(counted)
    assert len(counted) == few


def test_the_command_prints_json_alone(capsys):
    import_workbook(QUARTER)
    capsys.readouterr()
    call_command(
        "people_trained", "--from", "2022-07-01", "--to", "2022-09-30", "--country", "UA", "--format", "json"
    )
    shown = json.loads(capsys.readouterr().out)
    assert list(shown) == [
        "window", "filters", "tier", "overlapping", "totals", "cells", "suppressed", "missing_numbers",
    ]  # fmt: skip
    assert shown["window"] == {"from": "2022-07-01", "to": "2022-09-30"}
    assert shown["filters"] == {"country": "UA"}
    assert shown["totals"]["headcount"] == {"value": 361, "qualifier": "at_least"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--from", "2022-09-30", "--to", "2022-07-01"],
        ["--from", "2022-07-01", "--to", "2022-09-30", "--country", "XX"],
        ["--from", "2022-07-01", "--to", "2022-09-30", "--topic", "nonsense"],
        ["--from", "2022-07-01", "--to", "2022-09-30", "--by", "shoe_size"],
    ],
)
def test_the_command_refuses_what_it_does_not_know(arguments):
    with pytest.raises(CommandError):
        call_command("people_trained", *arguments)


def test_a_replaced_certificate_is_one_completion():
    certificate = an_issued_certificate()
    today = timezone.localdate()
    window = Window(today - dt.timedelta(days=1), today + dt.timedelta(days=1))
    assert people_trained(window, Filters()).totals["completions"] == 1
    certificates.replace(
        certificate=certificate, by=UserFactory(), full_name="Олена Коваленко", reason="She has married."
    )
    totals = people_trained(window, Filters()).totals
    assert (totals["completions"], totals["certificates"]) == (1, 1)


@pytest.mark.parametrize(("tier", "shown"), [(Tier.INTERNAL, [4, 4, 3]), (Tier.PARTNER, [None, None, 3])])
def test_a_small_headcount_is_shown_inside_the_house_alone(tmp_path, tier, shown):
    write(
        tmp_path,
        activities="code,activity_type,starts_on,ends_on\n"
        "IN,festival_outreach,2025-01-05,2025-01-05\nLONG,festival_outreach,2024-12-01,2025-01-05\n",
        headcounts="activity,value,unit\nIN,4,persons\nLONG,4,persons\nLONG,3,sites\n",
    )
    report = people_trained(Window(day(0), day(30)), Filters(), tier=tier)
    assert [report.totals["headcount"]["value"], *(one["value"] for one in report.overlapping)] == shown


def test_figures_of_too_few_persons_are_hidden_together(tmp_path):
    rows = "".join(f"T1,P{n},2025-01-05,1\n" for n in range(4)) + "".join(
        f"T2,P{n},2025-03-05,1\n" for n in range(12)
    )
    write(
        tmp_path,
        activities="code,activity_type,starts_on\nT1,training,2025-01-05\nT2,training,2025-03-05\n",
        participations="activity,person,first_present_on,sessions_present\n" + rows,
    )
    few = people_trained(Window(day(0), day(30)), Filters(), by=["sex"], tier=Tier.PARTNER)
    assert [
        few.totals[name] for name in ("unique_persons", "participations", "new_persons", "returning_persons")
    ] == [None] * 4
    assert few.cells == []
    # Four of the twelve came back: shown beside the total, the eight new ones would tell that.
    many = people_trained(Window(day(40), day(90)), Filters(), tier=Tier.PARTNER)
    assert [many.totals[name] for name in ("unique_persons", "new_persons", "returning_persons")] == [
        12,
        None,
        None,
    ]
