"""Owed work: rows say what must happen, a task is only a hint that it may happen now, a sweep does what hints lost."""

import logging

from django.db import transaction

logger = logging.getLogger(__name__)
_sweeps = {}


def hint(task, *args):
    """Run `task` with ids after the commit: in this process without a broker, by a worker with one.

    A broker that refuses or hangs costs a line in the log, never the request: the row is there and `tick` finds it.
    """
    # A lambda, because a partial makes Django's own error report fail when the callback does.
    transaction.on_commit(lambda: _send(task, args), robust=True)


def _send(task, args):
    try:
        task.apply_async(args=args, retry=False, ignore_result=True)
    except Exception:
        # Any broker library may raise anything here; whatever it was, the work is recorded and will be swept.
        logger.warning("%s is left to the next tick: no broker took it", task.name, exc_info=True)


def sweep(name):
    """Register a function that does what is due by the clock or was lost, and returns how many things it did.

    It must be safe to run twice, and twice at once.
    """

    def decorator(function):
        _sweeps[name] = function
        return function

    return decorator


def run_sweeps():
    """Run every sweep; one that fails is logged and does not keep the others. Returns {name: things done or None}."""
    done = {}
    for name, function in _sweeps.items():
        try:
            done[name] = function()
        except Exception:
            logger.exception("The sweep %s failed", name)
            done[name] = None
    return done
