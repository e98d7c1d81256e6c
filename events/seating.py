"""Who gets a seat: pure, so that its rules can be tested by properties. Reading and locking is done by `seats`.

A seat is taken of several stocks at once: the event's, that of an organisation or of everybody else, and that of a
parallel group. Whoever comes gets one if each stock has enough for all who come together. Who waits is served in the
order of the line, and nobody takes from a stock that somebody before them in line waits for. They may pass those who
wait for another stock: a seat in one group is not left empty because another group is full.
"""

import dataclasses
from collections import Counter

EVENT = ("event",)


@dataclasses.dataclass(frozen=True)
class Unit:
    """Those who come together and are seated together: most are one person, a family is three.

    `allocation` and `group` are keys, or None for everybody's seats and for an event without parallel groups.
    """

    key: object = None
    size: int = 1
    allocation: int | None = None
    group: int | None = None


@dataclasses.dataclass(frozen=True)
class Stock:
    """How many seats there are and how many are taken. None are seats without end.

    `taken` counts people by (allocation, group), `allocations` maps a key to the seats that are set aside, `groups` one to
    those of a parallel group.
    """

    capacity: int | None = None
    groups: dict = dataclasses.field(default_factory=dict)
    allocations: dict = dataclasses.field(default_factory=dict)
    taken: dict = dataclasses.field(default_factory=dict)

    def free(self):
        """{stock: seats that nobody has}, without those that have no end. Never below 0."""
        left = {}
        by_allocation, by_group = Counter(), Counter()
        for (allocation, group), people in self.taken.items():
            by_allocation[allocation] += people
            by_group[group] += people
        if self.capacity is not None:
            left[EVENT] = self.capacity - by_allocation.total()
            held = sum(max(seats, by_allocation[key]) for key, seats in self.allocations.items())
            left[_of(None)] = self.capacity - held - by_allocation[None]
        for key, seats in self.allocations.items():
            left[_of(key)] = seats - by_allocation[key]
        for key, seats in self.groups.items():
            if seats is not None:
                left["group", key] = seats - by_group[key]
        return {stock: max(0, seats) for stock, seats in left.items()}


def _of(allocation):
    return "allocation", allocation


def _stocks(unit):
    yield EVENT
    yield _of(unit.allocation)
    if unit.group is not None:
        yield "group", unit.group


def serve(free, line):
    """Those of the line, in its order, who get seats now. `free` is what `Stock.free` returns."""
    free = dict(free)
    awaited = set()
    served = []
    for unit in line:
        stocks = [stock for stock in _stocks(unit) if stock in free]
        short = {stock for stock in stocks if free[stock] < unit.size}
        if short or awaited.intersection(stocks):
            awaited |= short
            continue
        for stock in stocks:
            free[stock] -= unit.size
        served.append(unit)
    return served


def taken_by(unit, free):
    """`free` after this Unit has taken its seats."""
    stocks = set(_stocks(unit))
    return {stock: seats - unit.size if stock in stocks else seats for stock, seats in free.items()}


def admits(free, line, newcomer):
    """Whether somebody who comes now, behind the whole line, gets seats at once.

    As long as anybody waits nobody passes them, not even to a seat that is about to be offered; only who waits for a
    stock that the newcomer takes nothing from does not stand in the way.
    """
    wanted = {stock for stock in _stocks(newcomer) if stock in free}
    if any(free[stock] < newcomer.size for stock in wanted):
        return False
    for unit in line:
        stocks = {stock for stock in _stocks(unit) if stock in free}
        short = {stock for stock in stocks if free[stock] < unit.size}
        if stocks & wanted and not (short and short.isdisjoint(wanted)):
            return False
    return True
