"""Many people at once, through the real action, each in a thread with a connection of its own."""

import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from events import actions
from tests.events.factories import person


def race(event, *, threads, attempts, people):
    """Register `people` different persons in `attempts` attempts. Returns the refusals by their type."""
    start = threading.Barrier(threads)
    refused = Counter()

    def work(mine):
        try:
            # Connecting takes long on a busy machine; the race is for seats.
            connections["default"].ensure_connection()
            start.wait()
            for number in mine:
                try:
                    actions.register(
                        event=event, person=person(number % people), submission=uuid.uuid4(), language="en"
                    )
                except Exception as error:  # noqa: BLE001
                    refused[type(error).__name__] += 1
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, [range(first, attempts, threads) for first in range(threads)]))
    return dict(refused)
