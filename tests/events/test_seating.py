"""The rule of seats by properties: whatever the event, the line and who comes."""

import dataclasses
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from events.seating import EVENT, Stock, Unit, admits, serve

GROUPS, ALLOCATIONS = (1, 2), (10, 20)
SOME = st.integers(0, 14)
ANY = st.none() | SOME


@st.composite
def units(draw):
    return Unit(
        key=draw(st.integers(0, 10**9)),
        size=draw(st.integers(1, 4)),
        allocation=draw(st.sampled_from([None, None, *ALLOCATIONS])),
        group=draw(st.sampled_from([None, *GROUPS])),
    )


@st.composite
def stocks(draw, capacities=ANY):
    seats = st.one_of(st.none(), st.integers(0, 8))
    return Stock(
        capacity=draw(capacities),
        groups={group: draw(seats) for group in GROUPS},
        allocations={key: draw(st.integers(0, 8)) for key in ALLOCATIONS},
        taken=draw(
            st.dictionaries(
                st.tuples(st.sampled_from([None, *ALLOCATIONS]), st.sampled_from([None, *GROUPS])),
                st.integers(0, 3),
            )
        ),
    )


lines = st.lists(units(), max_size=8, unique_by=lambda unit: unit.key)


def seated(stock, served):
    """The stock after those served have their seats."""
    taken = Counter(stock.taken)
    for unit in served:
        taken[unit.allocation, unit.group] += unit.size
    return Stock(stock.capacity, stock.groups, stock.allocations, dict(taken))


def over(stock):
    """The limits that are exceeded, each by how many people."""
    by = {"event": Counter(), "allocation": Counter(), "group": Counter()}
    for (allocation, group), people in stock.taken.items():
        by["event"][None] += people
        by["allocation"][allocation] += people
        by["group"][group] += people
    limits = [("event", None, stock.capacity)]
    limits += [("group", key, seats) for key, seats in stock.groups.items()]
    limits += [("allocation", key, seats) for key, seats in stock.allocations.items()]
    return {
        (what, key): by[what][key] - seats
        for what, key, seats in limits
        if seats is not None and by[what][key] > seats
    }


def wanted(unit, free):
    return {EVENT, ("allocation", unit.allocation), ("group", unit.group)} & set(free)


@given(stocks(), lines)
def test_nobody_is_seated_beyond_any_limit(stock, line):
    before, after = over(stock), over(seated(stock, serve(stock.free(), line)))
    assert after == before, "what was over its limit already is left as it was, and nothing else goes over it"


@given(stocks(capacities=SOME), lines)
def test_seats_that_are_set_aside_go_to_nobody_else(stock, line):
    kept = sum(max(seats, taken_of(stock, key)) for key, seats in stock.allocations.items())
    after = seated(stock, serve(stock.free(), line))
    assert taken_of(after, None) <= max(stock.capacity - kept, taken_of(stock, None))


def taken_of(stock, key):
    return sum(people for (allocation, _group), people in stock.taken.items() if allocation == key)


@given(stocks(), lines)
def test_whoever_is_left_is_short_of_a_stock_or_waits_behind_somebody_who_is(stock, line):
    free = stock.free()
    served = serve(free, line)
    left, awaited = dict(free), set()
    for unit in line:
        stocks_of_it = wanted(unit, free)
        if unit in served:
            assert not awaited & stocks_of_it, "somebody took from a stock that another before them waits for"
            for one in stocks_of_it:
                left[one] -= unit.size
        else:
            short = {one for one in stocks_of_it if left[one] < unit.size}
            assert short or awaited & stocks_of_it
            awaited |= short


@given(stocks(), lines, units())
def test_a_newcomer_who_is_let_in_takes_nothing_from_the_line(stock, line, newcomer):
    free = stock.free()
    if admits(free, line, newcomer):
        assert over(seated(stock, [newcomer])) == over(stock)
        still = seated(stock, [newcomer]).free()
        assert [unit.key for unit in serve(still, line)] == [unit.key for unit in serve(free, line)]


@given(stocks(capacities=SOME), lines, units(), st.integers(1, 4))
def test_a_newcomer_waits_while_anybody_of_the_same_kind_does(stock, line, newcomer, size):
    line = [*line, dataclasses.replace(newcomer, key="before them", size=size)]
    assert not admits(stock.free(), line, newcomer)


@given(stocks(), lines)
def test_serving_twice_serves_nobody_more_than_strictness_left(stock, line):
    """Whoever was not served is not served by asking again: offers do not depend on how often a sweep runs."""
    served = serve(stock.free(), line)
    rest = [unit for unit in line if unit not in served]
    assert serve(seated(stock, served).free(), rest) == []


def test_a_family_of_three_is_not_passed_by_somebody_alone():
    free = Stock(capacity=10, taken={(None, None): 8}).free()
    line = [Unit("family", 3), Unit("alone", 1)]
    assert serve(free, line) == []
    assert not admits(free, line, Unit("new"))
    assert serve(Stock(capacity=10, taken={(None, None): 6}).free(), line) == line


def test_a_full_group_does_not_empty_another():
    free = Stock(capacity=10, groups={1: 2, 2: 5}, taken={(None, 1): 2}).free()
    line = [Unit("first", group=1), Unit("second", group=2)]
    assert [unit.key for unit in serve(free, line)] == ["second"]
    assert admits(free, line[:1], Unit("new", group=2))
    assert not admits(free, line, Unit("new", group=2)), "somebody waits for this group"
