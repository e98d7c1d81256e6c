"""What merging does to the figures: exactly what a plain count of the joined histories says, and nothing once undone."""

import random

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance.models import Attendance, MarkStatus
from certificates.models import Certificate
from events.models import Registration, Status
from participants import sameness
from participants.exceptions import SamenessError
from participants.models import Merge, Participant
from reporting.measures import People, people_trained
from reporting.scope import Filters, Window
from safeguarding.models import Role
from tests.certificates.factories import CertificateFactory
from tests.events.factories import EventFactory, user
from tests.participants.factories import person, reckoned
from tests.reporting.test_measures import Invented, day, write

pytestmark = pytest.mark.django_db

EVERYTHING = Window(day(0), day(99))
BREAKDOWNS = [(), ("sex",), ("age_band",), ("sex", "age_band"), ("category",), ("area",)]


def figures():
    return [(one.totals, one.cells) for one in (people_trained(EVERYTHING, Filters(), by=by) for by in BREAKDOWNS)]


def merged_at_random(pick, people, by, count):
    for _ in range(count):
        kept, other = pick.sample(people, 2)
        try:
            sameness.merge(kept=kept, other=other, by=by)
        except SamenessError:
            continue


@pytest.mark.parametrize("seed", range(6))
def test_merging_counts_the_joined_histories_and_undoing_gives_back_the_figures(seed, tmp_path):
    made = Invented(seed, tmp_path)
    pick, by = random.Random(seed), user("manager@example.org")
    before = figures()
    people = list(Participant.objects.order_by("external_ref"))
    merged_at_random(pick, people, by, 8)
    heads = reckoned()
    person_of = {one.external_ref: heads[one.pk] for one in people}
    rows = sorted(made.present(), key=lambda row: (row[5], row[0]))
    persons = {person_of[row[1]] for row in rows}
    participations = {(person_of[row[1]], row[0]) for row in rows}
    longest = {}
    for row in rows:
        key = (person_of[row[1]], row[0])
        longest[key] = max(longest.get(key, (0, 0)), (row[6], row[7]))
    totals = people_trained(EVERYTHING, Filters()).totals
    assert {name: totals[name] for name in list(totals)[:4]} == {
        "unique_persons": len(persons),
        "participations": len(participations),
        "attendances": sum(sessions for sessions, _minutes in longest.values()),
        "person_minutes": sum(minutes for _sessions, minutes in longest.values()),
    }
    for by_what in BREAKDOWNS[1:-1]:
        cells = people_trained(EVERYTHING, Filters(), by=by_what).cells
        assert sum(cell["unique_persons"] for cell in cells) == len(persons)
    for decided in Merge.objects.order_by("?"):
        sameness.unmerge(merge=decided, by=by)
    assert figures() == before


def test_merging_moves_one_person_out_of_the_cell_of_the_later_participation(tmp_path):
    write(
        tmp_path,
        activities="code,activity_type,starts_on\nT1,training,2025-01-05\nT2,training,2025-01-09\n",
        participations="activity,person,sex,first_present_on,sessions_present\n"
        "T1,A,F,2025-01-05,1\nT2,B,M,2025-01-09,1\nT2,C,M,2025-01-09,1\n",
    )
    one, other = (Participant.objects.get(external_ref=ref) for ref in "AB")

    def by_sex():
        cells = people_trained(EVERYTHING, Filters(), by=["sex"]).cells
        return {cell["sex"]: (cell["unique_persons"], cell["participations"]) for cell in cells}

    assert by_sex() == {"F": (1, 1), "M": (2, 2)}
    # Whoever is kept, the first participation decides.
    decided = sameness.merge(kept=other, other=one, by=user("manager@example.org"))
    assert by_sex() == {"F": (1, 1), "M": (1, 2)}
    sameness.unmerge(merge=decided, by=user("other@example.org"))
    assert by_sex() == {"F": (1, 1), "M": (2, 2)}


def test_who_was_marked_under_two_rows_was_there_once():
    event = EventFactory(starts_on=timezone.localdate())
    session = event.sessions.get()
    one, other = person(), person()
    for who, minutes in ((one, 180), (other, 60)):
        registration = Registration.objects.create(
            event=event, participant=who, status=Status.CONFIRMED, confirmed_at=timezone.now()
        )
        Attendance.objects.create(
            session=session, registration=registration, status=MarkStatus.PRESENT, minutes=minutes
        )
    today = Window(timezone.localdate(), timezone.localdate())

    def totals():
        said = people_trained(today, Filters()).totals
        return [said[name] for name in ("unique_persons", "participations", "attendances", "person_minutes")]

    assert totals() == [2, 2, 2, 240]
    sameness.merge(kept=other, other=one, by=user("manager@example.org"))
    assert totals() == [1, 1, 1, 180]


def test_two_certificates_of_one_event_are_one_completion():
    first = CertificateFactory(participant=person())
    CertificateFactory(participant=person(), rule=first.rule)
    today = Window(timezone.localdate(), timezone.localdate())
    assert people_trained(today, Filters()).totals["completions"] == 2
    one, other = (certificate.participant for certificate in Certificate.objects.all())
    sameness.merge(kept=one, other=other, by=user("manager@example.org"))
    assert people_trained(today, Filters()).totals["completions"] == 1


def in_doubt(tmp_path, pairs):
    """So many pairs of rows that may be one person, all of them present, and somebody else."""
    rows = "".join(
        f"T1,P{number}-{row},Person Number{number},1990,2025-01-05,1\n" for number in range(pairs) for row in "ab"
    )
    write(
        tmp_path,
        activities="code,activity_type,starts_on\nT1,training,2025-01-05\n",
        participations="activity,person,full_name,birth_year,first_present_on,sessions_present\n"
        f"{rows}T1,P,Somebody Else,1990,2025-01-05,1\n",
    )


def test_the_page_says_how_far_the_persons_may_be_from_the_truth(tmp_path, client):
    in_doubt(tmp_path, 3)
    person("Person Number0", birth_year=1990)
    client.force_login(user("manager@example.org", Role.MANAGER))
    address = reverse("oberih_reporting:people_trained", query={"from": day(0), "to": day(30)})
    response = client.get(address)
    assert response.context["doubt"] == (
        "3 pairs of rows may be one person each: if all were merged, it would be 4 different persons."
    )
    assert reverse("oberih_participants:same") in response.text
    for row in Participant.objects.filter(external_ref__endswith="-b"):
        kept = Participant.objects.get(external_ref=row.external_ref.replace("-b", "-a"))
        sameness.merge(kept=kept, other=row, by=user(f"{row.pk}@example.org"))
    assert client.get(address).context["doubt"] == ""


@pytest.mark.parametrize("limit", [0, 10_000])
def test_so_many_that_they_are_not_named_are_counted_the_same(limit, tmp_path, monkeypatch):
    in_doubt(tmp_path, 3)
    person("Person Number0", birth_year=1990)
    monkeypatch.setattr("reporting.measures._MANY", limit)
    assert People(Window(day(0), day(30)), Filters()).if_merged == (3, 4)


@pytest.mark.parametrize("pairs", [3, 30])
def test_the_doubt_costs_three_statements(pairs, tmp_path, django_assert_num_queries):
    in_doubt(tmp_path, pairs)
    people = People(Window(day(0), day(30)), Filters())
    with django_assert_num_queries(3):
        assert people.if_merged == (pairs, pairs + 1)
