"""What the people of an event did afterwards: recorded by its staff, told in words with its number."""

from dataclasses import dataclass
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import when
from events.exceptions import FollowUpError
from events.models import Event, EventState, FollowUp, FollowUpKind
from participants.codes import Qualifier, qualified
from safeguarding import audit

_WHAT = ("held_from", "held_to", "kind", "value", "qualifier", "note")


def refusal(event, *, now=None):
    """Why nothing can be recorded of what the people of this event did, as a sentence, or "" if it can."""
    if event.is_imported:
        return _("This event comes from an imported list. What followed it is corrected there and imported again.")
    if event.state == EventState.CANCELLED:
        return _("This event was cancelled, so nothing followed it.")
    if event.state == EventState.DRAFT or event.starts_on > timezone.localdate(now, event.tz):
        return _("This event has not begun yet.")
    return ""


@transaction.atomic
def record(*, cohort, by, now=None, **fields):
    """Write down what people of an event did. `fields` are those of `FollowUp` by name; one that is wrong is named."""
    follow_up = FollowUp(cohort=_locked(cohort, now))
    _keep(follow_up, fields, now)
    audit.record(by, "record_follow_up", "event", [cohort.subject_key, follow_up.pk])
    return follow_up


@transaction.atomic
def change(*, follow_up, by, now=None, **fields):
    """Correct what was written down. Reports that were released hold their own figures and stay as they are."""
    follow_up.cohort = _locked(follow_up.cohort, now)
    _keep(follow_up, fields, now)
    audit.record(by, "change_follow_up", "event", [follow_up.cohort.subject_key, follow_up.pk])
    return follow_up


@transaction.atomic
def remove(*, follow_up, by):
    cohort = _locked(follow_up.cohort, None)
    key = follow_up.pk
    follow_up.delete()
    audit.record(by, "remove_follow_up", "event", [cohort.subject_key, key])


def _locked(cohort, now):
    event = Event.objects.select_for_update().get(pk=cohort.pk)
    if reason := refusal(event, now=now):
        raise FollowUpError(reason)
    return event


def _keep(follow_up, fields, now):
    cohort = follow_up.cohort
    for name in _WHAT:
        if name in fields:
            setattr(follow_up, name, fields[name])
    wrong = {}
    if follow_up.held_from < cohort.starts_on:
        wrong["held_from"] = ValidationError(
            _("This is before the event began, on %(day)s.") % {"day": when.day(cohort.starts_on)}, code="before"
        )
    if follow_up.held_to < follow_up.held_from:
        wrong["held_to"] = ValidationError(_("It ends before it starts."), code="order")
    elif follow_up.held_to > timezone.localdate(now, cohort.tz):
        wrong["held_to"] = ValidationError(
            _("This day is still to come. Record what people did when they have done it."), code="to_come"
        )
    if follow_up.value < 1:
        wrong["value"] = ValidationError(_("Say how many there were, at least one."), code="none")
    same = ("held_from", "held_to", "kind", "note")
    others = cohort.follow_ups.exclude(pk=follow_up.pk)
    if others.filter(**{name: getattr(follow_up, name) for name in same}).exists():
        wrong["note"] = ValidationError(
            _(
                "Actions of this kind on these days are recorded already. Change that entry, or tell the two apart here."
            ),
            code="twice",
        )
    if wrong:
        raise ValidationError(wrong)
    follow_up.full_clean()
    follow_up.save()


def label(kind):
    """What a kind is called: those that are suggested in the reader's language, any other as it was written."""
    return FollowUpKind(kind).label if kind in FollowUpKind else kind


def words(kind, value):
    """ "4 prevention actions". Any kind that is not a suggested one is "4 actions"."""
    count = {"count": formats.number_format(value, use_l10n=True, force_grouping=True)}
    if kind == FollowUpKind.PREVENTION_ACTION:
        return ngettext("%(count)s prevention action", "%(count)s prevention actions", value) % count
    if kind == FollowUpKind.PEER_SESSION:
        return ngettext("%(count)s peer session", "%(count)s peer sessions", value) % count
    if kind == FollowUpKind.AWARENESS_CAMPAIGN:
        return ngettext("%(count)s awareness campaign", "%(count)s awareness campaigns", value) % count
    if kind == FollowUpKind.REFERRAL_MEETING:
        return ngettext("%(count)s referral meeting", "%(count)s referral meetings", value) % count
    return ngettext("%(count)s action", "%(count)s actions", value) % count


@dataclass(frozen=True)
class Sum:
    """Actions of one kind; "" is every kind that somebody put in words of their own."""

    kind: str
    value: int
    qualifier: str
    first: object
    last: object

    @property
    def words(self):
        return qualified(self.qualifier, words(self.kind, self.value))

    @property
    def sentence(self):
        """ "Afterwards those who took part held 4 prevention actions (August to September 2026)."."""
        return _("Afterwards those who took part held %(actions)s (%(days)s).") % {
            "actions": self.words,
            "days": when.months(self.first, self.last),
        }


def summed(rows):
    """A Sum of each kind, the most frequent first. Actions are added, since no two rows speak of the same ones.

    What somebody put in words of their own is not repeated here: it may name a person, and sums are for everybody.
    """

    def known(row):
        return row.kind if row.kind in FollowUpKind else ""

    sums = []
    for kind, held in groupby(sorted(rows, key=known), key=known):
        group = list(held)
        sums.append(
            Sum(
                kind,
                sum(row.value for row in group),
                Qualifier.combined(row.qualifier for row in group),
                min(row.held_from for row in group),
                max(row.held_to for row in group),
            )
        )
    return sorted(sums, key=lambda one: (-one.value, one.kind))
