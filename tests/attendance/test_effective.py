import datetime as dt
import uuid
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from attendance.effective import effective
from attendance.models import MarkSource, MarkStatus

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def a_mark(pk=1, status="present", source="trainer", at=0, offset=0, minutes=None, annuls=None):
    return SimpleNamespace(
        pk=pk,
        uuid=uuid.UUID(int=pk),
        status=status,
        source=source,
        device_time=NOON + dt.timedelta(seconds=at),
        clock_offset=offset,
        minutes=minutes,
        annuls_id=annuls,
    )


@st.composite
def registers(draw):
    size = draw(st.integers(0, 6))
    marks = [
        a_mark(
            pk=pk,
            status=draw(st.sampled_from(MarkStatus.values)),
            source=draw(st.sampled_from(MarkSource.values)),
            at=draw(st.integers(-2, 2)),
            offset=draw(st.integers(-2, 2)),
            minutes=draw(st.sampled_from([None, 0, 30])),
        )
        for pk in range(1, size + 1)
    ]
    annulments = [a_mark(pk=100 + mark.pk, status="", annuls=mark.pk) for mark in marks if draw(st.booleans())]
    return marks + annulments


@given(registers().flatmap(lambda marks: st.tuples(st.just(marks), st.permutations(marks))), st.data())
def test_neither_order_nor_repetition_of_marks_matters(pair, data):
    marks, shuffled = pair
    repeated = shuffled + (data.draw(st.lists(st.sampled_from(shuffled))) if shuffled else [])
    assert effective(repeated) == effective(marks)


def test_no_mark_is_no_attendance():
    assert effective([]) is None


def test_annulled_mark_counts_for_nothing():
    assert effective([a_mark(pk=1), a_mark(pk=2, status="", annuls=1)]) is None


def test_trainer_is_believed_before_a_later_scan():
    marks = [a_mark(pk=1, status="absent", source="trainer"), a_mark(pk=2, status="present", source="scan", at=60)]
    assert effective(marks) == ("absent", None)


def test_sources_are_ranked():
    marks = [
        a_mark(pk=1, status="present", source="auto"),
        a_mark(pk=2, status="late", source="import"),
        a_mark(pk=3, status="excused", source="self"),
        a_mark(pk=4, status="absent", source="scan"),
    ]
    assert [effective(marks[:n]).status for n in (1, 2, 3, 4)] == ["present", "late", "excused", "absent"]


def test_later_time_by_the_corrected_clock_wins():
    slow_clock = a_mark(pk=1, status="late", at=0, offset=120)
    assert effective([slow_clock, a_mark(pk=2, status="absent", at=60)]) == ("late", None)


def test_at_the_same_second_the_higher_presence_wins():
    marks = [a_mark(pk=pk, status=status) for pk, status in enumerate(["late", "present", "excused", "absent"], 1)]
    assert effective(marks) == ("present", None)


def test_minutes_are_capped_at_the_session():
    assert effective([a_mark(minutes=500)]).minutes_of(180) == 180


def test_minutes_that_are_not_named_are_the_whole_session():
    assert [effective([a_mark(status=status)]).minutes_of(180) for status in MarkStatus.values] == [180, 180, 0, 0]
