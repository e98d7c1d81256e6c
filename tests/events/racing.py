"""Many people at once, through the real actions, each in a thread with a connection of its own."""

import itertools
import sys
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from events import actions
from events.models import Status
from events.people import Relative
from tests.events.factories import person


def at_once(*deeds):
    """Do all of `deeds`, each a function without arguments, in a thread of its own. Returns the refusals by their type."""
    start = threading.Barrier(len(deeds))
    refused = Counter()

    def work(deed):
        try:
            # Connecting takes long on a busy machine; the race is for seats.
            connections["default"].ensure_connection()
            start.wait()
            deed(refused)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        list(pool.map(work, deeds))
    return dict(refused)


def each(values, act):
    """A deed: `act` on each of the values. What is refused is counted, whatever it is."""

    def deed(refused):
        for value in values:
            try:
                act(value)
            except Exception as error:  # noqa: BLE001
                refused[type(error).__name__] += 1

    return deed


def race(event, *, threads, attempts, people):
    """Register `people` different persons in `attempts` attempts. Returns the refusals by their type."""

    def come(number):
        actions.register(event=event, person=person(number % people), submission=uuid.uuid4(), language="en")

    return at_once(*(each(range(first, attempts, threads), come) for first in range(threads)))


def families(event, *, threads, sizes):
    """Register families of these sizes. Returns the refusals by their type."""
    numbers = itertools.count()
    forms = [[next(numbers) for _one in range(size)] for size in sizes]

    def come(form):
        together = {"email": f"family{form[0]}@example.org", "relative": Relative("Olha Koval")}
        people = [person(number, **together) for number in form]
        actions.register_together(event=event, people=people, submission=uuid.uuid4(), language="en")

    return at_once(*(each(forms[first::threads], come) for first in range(threads)))


def standing(event):
    """How many registrations have each status."""
    return {str(status): n for status, n in Counter(event.registrations.values_list("status", flat=True)).items()}


def is_in_order(event):
    """Whether nobody who came later holds a seat while somebody who came before them waits for one."""
    line = event.registrations.exclude(status=Status.CANCELLED).order_by("queued_at", "pk")
    held = [status in Status.holding_a_seat() for status in line.values_list("status", flat=True)]
    return held == sorted(held, reverse=True)


def told(name, event, began):
    """A line for whoever reads what the tests print."""
    seconds = time.monotonic() - began
    found = ", ".join(f"{number} {status}" for status, number in sorted(standing(event).items()))
    sys.stdout.write(f"{name}: {event.capacity} seats; {found}; {seconds:.1f} s\n")
