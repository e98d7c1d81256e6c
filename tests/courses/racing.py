"""Many at once, each in a thread with a connection of its own."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from courses import actions
from tests.courses.factories import LearnerFactory


def race(*deeds):
    """Do all deeds at once. Returns what each gave, or the name of its exception."""
    start = threading.Barrier(len(deeds))

    def work(deed):
        try:
            # Connecting takes long on a busy machine; the race is for the rows.
            connections["default"].ensure_connection()
            start.wait()
            return deed()
        except Exception as error:  # noqa: BLE001
            return type(error).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(work, deeds))


def race_for_key(key, *, people, threads):
    """Let `people` use the key at once. Returns the refusals by their type."""
    learners = [LearnerFactory() for _ in range(people)]
    start = threading.Barrier(threads)
    refused = Counter()

    def work(mine):
        try:
            # Connecting takes long on a busy machine; the race is for the key.
            connections["default"].ensure_connection()
            start.wait()
            for learner in mine:
                try:
                    actions.enrol_with_key(participant=learner, course=key.course, code=key.code)
                except Exception as error:  # noqa: BLE001
                    refused[type(error).__name__] += 1
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, [learners[first::threads] for first in range(threads)]))
    return dict(refused)
