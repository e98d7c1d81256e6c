import datetime as dt

import pytest

from events.exceptions import NonexistentTimeError, ScheduleError
from events.wall_time import instant, span

SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_a_wall_time_names_one_instant_on_an_ordinary_day():
    assert instant(dt.date(2026, 6, 1), dt.time(10), "Europe/Kyiv") == utc(2026, 6, 1, 7)


@pytest.mark.parametrize(
    ("zone", "missing"),
    [("Europe/Kyiv", dt.time(3, 30)), ("Europe/Chisinau", dt.time(2, 30)), ("Europe/Warsaw", dt.time(2, 30))],
)
def test_a_time_that_the_clocks_skip_is_refused(zone, missing):
    with pytest.raises(NonexistentTimeError) as refused:
        instant(SPRING, missing, zone)
    assert str(refused.value) == (
        f"There is no {missing:%H:%M} on 29 March 2026 in {zone}: the clocks are put forward over it. "
        "Choose another time."
    )


@pytest.mark.parametrize(
    ("zone", "twice", "earlier"),
    [
        ("Europe/Kyiv", dt.time(3, 30), utc(2026, 10, 25, 0, 30)),
        ("Europe/Chisinau", dt.time(2, 30), utc(2026, 10, 24, 23, 30)),
    ],
)
def test_a_time_that_the_clocks_show_twice_is_the_earlier(zone, twice, earlier):
    assert instant(AUTUMN, twice, zone) == earlier


def test_each_zone_changes_at_its_own_instant():
    """At 02:30 on the spring day Kyiv has not changed yet and Chisinau has: the same wall, another answer."""
    assert instant(SPRING, dt.time(2, 30), "Europe/Kyiv") == utc(2026, 3, 29, 0, 30)
    with pytest.raises(NonexistentTimeError):
        instant(SPRING, dt.time(2, 30), "Europe/Chisinau")


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 2), (AUTUMN, 4), (dt.date(2026, 6, 1), 3)])
def test_the_length_of_a_session_over_the_change_is_a_difference_of_instants(day, hours):
    starts_at, ends_at = span(day, dt.time(1, 30), dt.time(4, 30), "Europe/Kyiv")
    assert ends_at - starts_at == dt.timedelta(hours=hours)


def test_a_session_that_ends_before_it_starts_is_refused():
    with pytest.raises(ScheduleError) as refused:
        span(dt.date(2026, 6, 1), dt.time(12), dt.time(10), "Europe/Kyiv")
    assert str(refused.value) == "The session on 1 June 2026 ends at 10:00, before it starts at 12:00."
