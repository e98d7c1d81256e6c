"""How long each class of data is kept, and the daily work of letting it go."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from safeguarding import audit, conf, personal_data
from safeguarding.models import AuditEntry

_BATCH = 100
_registered = {}


@dataclass(frozen=True)
class Rule:
    """`due(before)` are the rows whose time was over at that instant, and none twice; `let_go(rows)` does it."""

    name: str
    days: int
    due: Callable
    let_go: Callable
    key: str = "pk"
    """The field by which the log names a row."""


@dataclass
class Done:
    rule: Rule
    days: int
    keys: list


def register(rule):
    """Add a rule that is more than rows of one model and a date in them."""
    _registered[rule.name] = rule


def rules():
    """Every rule by name: those registered, and one for each class of data that is deleted after a time."""
    return {rule.name: rule for rule in [*map(_rule_of, _timed()), *_registered.values()]}


def by_sweeps():
    """Classes of data that sweeps of their own rooms delete: {name: days}. They are listed, and not done here."""
    return {
        name: entry.retain_days
        for name, entry in personal_data.registered().items()
        if entry.retain_days is not None and not entry.clock and name not in _registered
    }


def days_of(rule):
    return conf.retention().get(rule.name, rule.days)


def run(*, dry_run=False, now=None):
    """Let go what has been kept long enough, or only look. Returns what was done by each rule; twice does no harm."""
    now = now or timezone.now()
    done = []
    for rule in rules().values():
        days = days_of(rule)
        if days is None:
            continue
        due = rule.due(now - dt.timedelta(days=days)).order_by("pk")
        keys = list(due.values_list("pk", rule.key))
        for start in range(0, 0 if dry_run else len(keys), _BATCH):
            _let_go(rule, days, due, keys[start : start + _BATCH])
        done.append(Done(rule, days, [str(key) for _pk, key in keys]))
    return done


@transaction.atomic
def _let_go(rule, days, due, keys):
    # Asked again, since somebody may have come back, or another process been here, in the meantime.
    still = due.model.objects.filter(pk__in=[row.pk for row in due.filter(pk__in=[pk for pk, _key in keys])])
    named = list(still.values_list(rule.key, flat=True))
    if named:
        rule.let_go(still)
        audit.record(None, "retain", rule.name, named, reason=f"after {days} days")


def run_daily(*, now=None):
    """`run`, once a day."""
    now = now or timezone.now()
    return once_a_day("day", lambda: sum(len(one.keys) for one in run(now=now)), now=now)


def once_a_day(what, function, *, now=None):
    """Call `function` at the first tick of a day. Returns how many things it did, which two at once may both do.

    The log says that it was done, under the name `what`.
    """
    now = now or timezone.now()
    today = timezone.localdate(now).isoformat()
    since = now - dt.timedelta(days=2)
    if AuditEntry.objects.filter(at__gte=since, action="retain", subject=what, keys=[today]).exists():
        return 0
    done = function()
    audit.record(None, "retain", what, [today])
    return done


def _timed():
    return [entry for entry in personal_data.registered().values() if entry.clock and entry.delete]


def _rule_of(entry):
    def due(before):
        return apps.get_model(entry.model).objects.filter(**{f"{entry.clock}__lt": before})

    return Rule(
        name=entry.model.lower(),
        days=entry.retain_days,
        due=due,
        let_go=lambda rows: personal_data.empty(entry, rows),
        key=entry.key or "pk",
    )
