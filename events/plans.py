"""What is planned of an event besides its sessions: groups, seats of organisations, co-organisers and questions.

Each plan holds the whole of its kind. What it leaves out is removed, unless somebody took a seat there or has answered.
Called by `schedule` under the lock of the event.
"""

import datetime as dt
import secrets
import typing
import uuid

from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from events import questions
from events.exceptions import ScheduleError
from events.models import (
    Allocation,
    OrganisationAttendance,
    OrganisationRole,
    ParallelGroup,
    QuestionKind,
    RegistrationAnswer,
    RegistrationQuestion,
    Status,
)
from safeguarding import audit


class GroupPlan(typing.NamedTuple):
    """A parallel group as somebody plans it. `key` is the primary key of the one it changes."""

    title: object
    capacity: int | None = None
    key: int | None = None


class AllocationPlan(typing.NamedTuple):
    organisation: object
    seats: int
    held_until: dt.datetime | None = None


class QuestionPlan(typing.NamedTuple):
    """A question as somebody plans it. `options` are texts; `key` is the UUID of the question it changes."""

    kind: str
    text: object
    purpose: object
    options: tuple = ()
    is_required: bool = False
    key: uuid.UUID | None = None


def put_groups(event, plans):
    """Make and change the groups. Returns them in the order of the plans; those left out stand until `drop_groups`."""
    held = {group.pk: group for group in event.groups.all()}
    made = []
    for position, plan in enumerate(GroupPlan(*one) for one in plans):
        if plan.key is not None and plan.key not in held:
            raise ScheduleError(_("One of the groups was removed in the meantime. Open the event again."))
        group = held.get(plan.key) or ParallelGroup(event=event)
        group.title, group.capacity, group.position = plan.title, plan.capacity, position
        group.full_clean(exclude=["event"])
        group.save()
        made.append(group)
    return made


def lacks_session(title):
    """What is wrong with a group of this name that no session belongs to: whoever chose it would attend nothing of its own."""
    return _("No session belongs to the group “%(group)s”. Choose it at a session, or remove the group.") % {
        "group": title
    }


def check_groups(event):
    empty = event.groups.filter(sessions=None).first()
    if empty is not None:
        raise ScheduleError(lacks_session(empty))


def drop_groups(event, kept):
    for group in event.groups.exclude(pk__in=[one.pk for one in kept]):
        if group.registrations.active().exists():
            raise ScheduleError(
                _("People are registered for the group “%(group)s”, so it cannot be removed.") % {"group": group}
            )
        if group.sessions.exists():
            raise ScheduleError(
                _("The group “%(group)s” has sessions, so it cannot be removed.") % {"group": group}
            )
        group.registrations.update(group=None)
        group.delete()


def put_allocations(event, plans):
    """Set seats aside. An organisation that keeps some keeps the link that was passed on."""
    held = {one.organisation_id: one for one in event.allocations.all()}
    for plan in (AllocationPlan(*one) for one in plans):
        allocation = held.pop(plan.organisation.pk, None) or Allocation(
            event=event, organisation=plan.organisation
        )
        allocation.seats, allocation.held_until = plan.seats, plan.held_until
        allocation.full_clean(exclude=["event"])
        allocation.save()
    for allocation in held.values():
        if allocation.registrations.active().exists():
            raise ScheduleError(
                _("People of %(organisation)s have seats that are set aside, so these stay.")
                % {"organisation": allocation.organisation}
            )
        allocation.registrations.update(allocation=None)
        allocation.delete()


def check_allocations(event, now=None):
    """Refuse to set more seats aside than there are."""
    if event.capacity is None:
        return
    now = now or timezone.now()
    seats = sum(event.allocations.standing(now).values_list("seats", flat=True))
    if seats > event.capacity:
        raise ScheduleError(
            _("%(aside)s seats are set aside for organisations, and the event has %(seats)s.")
            % {"aside": localize(seats), "seats": localize(event.capacity)}
        )


def put_co_organisers(event, organisations, *, by):
    """Note who holds the event as well. A manager of their scope then works with it, so it is written down."""
    rows = event.organisations.filter(role=OrganisationRole.CO_ORGANISER)
    before = set(rows.values_list("organisation", flat=True))
    after = {organisation.pk for organisation in organisations}
    if before == after:
        return
    rows.filter(organisation__in=before - after).delete()
    OrganisationAttendance.objects.bulk_create(
        OrganisationAttendance(event=event, organisation_id=pk, role=OrganisationRole.CO_ORGANISER)
        for pk in sorted(after - before)
    )
    keys = [f"+organisation:{pk}" for pk in sorted(after - before)]
    keys += [f"-organisation:{pk}" for pk in sorted(before - after)]
    audit.record(by, "change_co_organisers", "event", [event.subject_key, *keys])


def put_questions(event, plans):
    held = {question.key: question for question in event.questions.all()}
    kept = set()
    for position, plan in enumerate(QuestionPlan(*one) for one in plans):
        if plan.key is not None and plan.key not in held:
            raise ScheduleError(_("One of the questions was removed in the meantime. Open the event again."))
        question = held.get(plan.key) or RegistrationQuestion(event=event)
        _fill(question, plan)
        question.position = position
        question.full_clean(exclude=["event"])
        question.save()
        kept.add(question.key)
    for key in held.keys() - kept:
        _remove(held[key])


def _fill(question, plan):
    if question.pk is not None and plan.kind != question.kind and _answers(question).exists():
        raise ScheduleError(
            _("The question “%(question)s” is answered already, so the kind of its answers stays as it is.")
            % {"question": question}
        )
    if not any(_texts(plan.purpose).values()):
        raise ScheduleError(_("Say why you ask: nothing is asked without a purpose."))
    question.kind, question.text, question.purpose = plan.kind, plan.text, plan.purpose
    question.is_required = plan.is_required
    options = []
    if plan.kind in QuestionKind.with_options():
        options = _options(question.options, [_texts(text) for text in plan.options])
        if len(options) < 2:
            raise ScheduleError(
                _("Give at least two answers to choose from for “%(question)s”.") % {"question": plan.text}
            )
    gone = {option["key"] for option in question.options} - {option["key"] for option in options}
    if question.pk is not None and gone:
        _need_unchosen(question, gone)
    question.options = options


def _options(held, texts):
    """The options with these texts. One whose words changed keeps its key: answers hang on it.

    It is recognised by words that it kept in some language. Of those left the first is the first and so on, but only
    where as many stand on both sides: otherwise nobody can tell whether one was reworded or another one taken out.
    """
    left = list(held)
    keys = {}
    for place, text in enumerate(texts):
        same = next((option for option in left if _share_words(option["text"], text)), None)
        if same is not None:
            keys[place] = same["key"]
            left.remove(same)
    fresh = [place for place in range(len(texts)) if place not in keys]
    if len(fresh) == len(left):
        keys |= {place: option["key"] for place, option in zip(fresh, left, strict=True)}
    return [{"key": keys.get(place) or secrets.token_hex(4), "text": text} for place, text in enumerate(texts)]


def _share_words(one, other):
    return any(one.get(language) == words for language, words in other.items() if words)


def _need_unchosen(question, keys):
    for chosen in _answers(question).values_list("chosen", flat=True):
        for option in question.options:
            if option["key"] in keys and option["key"] in chosen:
                raise ScheduleError(
                    _("Somebody chose the answer “%(answer)s” already, so it cannot be removed.")
                    % {"answer": LazyI18nString(option["text"])}
                )


def _remove(question):
    if _answers(question).exists():
        raise ScheduleError(
            _("The question “%(question)s” is answered already, so it cannot be removed.") % {"question": question}
        )
    # Those of places that were given back; a sweep would delete them anyhow.
    questions.forget(question.answers.all())
    question.delete()


def _answers(question):
    return RegistrationAnswer.objects.filter(question=question, registration__status__in=Status.active())


def _texts(text):
    """A text by language."""
    if isinstance(text, LazyI18nString):
        text = text.data
    if isinstance(text, dict):
        return {language: words for language, words in text.items() if words}
    return {get_language(): str(text)} if text else {}
