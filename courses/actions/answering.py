"""Answers, kept as they are given: in attempts, and in the knowledge checks of lessons."""

import uuid as uuids
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import kinds
from courses.exceptions import AttemptClosedError, CoursesError, TimeUpError, UnknownOptionError
from courses.models import Answer, Attempt
from courses.scoring import is_right
from participants.models import Participant

# How often answers are begun anew that another request overtook; each time one of the others got through.
_TRIES = 5


@transaction.atomic
def answer_check(*, enrolment, check, chosen, language, uuid=None):
    """Keep what the learner answered to a knowledge check (`courses.knowledge.Check`) and whether that was right."""
    if not set(chosen) <= set(check.option_ids):
        raise UnknownOptionError(_("One of the answers does not belong to this question."))
    current = Answer.objects.filter(enrolment=enrolment, attempt=None, item=check.id, is_current=True)
    for tries_left in reversed(range(_TRIES)):
        if uuid is not None and (known := Answer.objects.filter(uuid=uuid, enrolment=enrolment).first()):
            return known
        before = current.select_for_update().first()
        if before is not None and set(before.chosen) == set(chosen):
            return before
        try:
            with transaction.atomic():
                if before is not None:
                    current.filter(pk=before.pk).update(is_current=False)
                return Answer.objects.create(
                    uuid=uuid or uuids.uuid4(),
                    enrolment=enrolment,
                    item=check.id,
                    chosen=sorted(chosen),
                    correct=is_right(chosen, check.correct_ids),
                    language=language,
                )
        except IntegrityError:
            # Another request was faster, and its answer is the one before.
            if not tries_left:
                raise
    return None


@dataclass(frozen=True)
class Given:
    """What somebody chose for one question. A device that may send twice makes the uuid itself, and says when it was
    given if that was not now."""

    item: str
    chosen: list
    uuid: uuids.UUID = field(default_factory=uuids.uuid4)
    given_at: datetime | None = None


@dataclass(frozen=True)
class Kept:
    """What became of one `Given`: "saved", "known" (sent before, or it changes nothing), "older" (kept, but a later answer
    from elsewhere counts) or "refused", with the reason."""

    given: Given
    state: str
    error: CoursesError | None = None


def save_answer(*, attempt, item, chosen, language, uuid=None):
    """Keep one answer of an open attempt; see `save_answers`."""
    save_answers(attempt=attempt, given=[Given(str(item), list(chosen), uuid or uuids.uuid4())], language=language)
    return Answer.objects.get(attempt=attempt, item=item, is_current=True)


@transaction.atomic
def save_answers(*, attempt, given, language):
    """Keep answers of an open attempt, or none of them if one is refused. What was sent before adds no row."""
    _attempt, kept = _keep(Attempt.objects.filter(pk=attempt.pk), given, language, timezone.now())
    for one in kept:
        if one.error:
            raise one.error
    return kept


def keep_answers(*, uuid, participant, given, language, now=None):
    """Keep those answers of the participant's own attempt that can be kept. Returns it, and a `Kept` for each.

    Three statements whatever is sent, two if nothing is replaced: a device does this at each touch. Attempt.DoesNotExist for
    an attempt of somebody else.
    """
    own = Attempt.objects.filter(uuid=uuid, enrolment__participant__in=Participant.objects.seen_by(participant))
    return _keep(own, given, language, now or timezone.now())


def _keep(attempts, given, language, now):
    elsewhere = set()
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                return _keep_once(attempts, given, language, now, elsewhere)
        except IntegrityError as error:
            # What another request wrote meanwhile is only seen by reading again.
            refused = error
            sent = Answer.objects.filter(uuid__in=[one.uuid for one in given])
            elsewhere = set(sent.exclude(attempt__in=attempts).values_list("uuid", flat=True))
            elsewhere |= set(sent.filter(attempt=None).values_list("uuid", flat=True))
    raise refused


class _OvertakenError(IntegrityError):
    pass


def _keep_once(attempts, given, language, now, elsewhere):
    attempt, current, sent_before = _locked(attempts, given)
    if attempt.submitted_at:
        raise AttemptClosedError(_("This attempt has been handed in; its answers stay as they are."))
    if attempt.is_overdue(now):
        raise TimeUpError(_("The time for this attempt is up. What you had saved until then is handed in."))
    drawn = {item["key"]: item for item in attempt.drawn}
    kept, new, replaced = [], [], []
    for one in given:
        if one.uuid in sent_before:
            kept.append(Kept(one, "known"))
            continue
        try:
            row = _row(one, attempt, drawn.get(one.item), elsewhere, language, now)
        except CoursesError as error:
            kept.append(Kept(one, "refused", error))
            continue
        before = current.get(one.item)
        if (before.chosen if before else []) == row.chosen:
            kept.append(Kept(one, "known"))
            continue
        row.is_current = before is None or row.given_at >= before.given_at
        if row.is_current:
            current[one.item] = row
            if before is not None:
                before.is_current = False
                replaced.append(before.pk)
        sent_before.add(one.uuid)
        new.append(row)
        kept.append(Kept(one, "saved" if row.is_current else "older"))
    # Those that came and went within what was sent have no number yet.
    replaced = [pk for pk in replaced if pk is not None]
    if replaced and _take_currency(replaced) < len(replaced):
        raise _OvertakenError
    if new:
        Answer.objects.bulk_create(new)
    return attempt, kept


def _take_currency(pks):
    return Answer.objects.filter(pk__in=pks, is_current=True).update(is_current=False)


def _locked(attempts, given):
    """(the attempt, {question's key: its current answer}, uuids that were sent before), of what is given.

    One statement, which locks the attempt and reads beside it. The answers are as they were before waiting for the lock,
    so that whoever writes must be ready to be refused by a constraint and to read again.
    """
    if not given:
        return attempts.select_for_update(of=("self",)).get(), {}, set()
    wanted = Q(answers__uuid__in=[one.uuid for one in given]) | Q(
        answers__is_current=True, answers__item__in=[one.item for one in given]
    )
    read = {f"answer_{name}": F(f"answer__{name}") for name in ("pk", "uuid", "item", "chosen", "given_at")}
    rows = list(
        attempts.annotate(answer=FilteredRelation("answers", condition=wanted))
        .annotate(**read, answer_is_current=F("answer__is_current"))
        .select_for_update(of=("self",))
    )
    if not rows:
        raise Attempt.DoesNotExist
    found = [row for row in rows if row.answer_pk is not None]
    current = {
        str(row.answer_item): Answer(pk=row.answer_pk, chosen=row.answer_chosen, given_at=row.answer_given_at)
        for row in found
        if row.answer_is_current
    }
    return rows[0], current, {row.answer_uuid for row in found}


def _row(one, attempt, item, elsewhere, language, now):
    if one.uuid in elsewhere:
        raise UnknownOptionError(_("This answer belongs to another attempt."))
    if item is None:
        raise UnknownOptionError(_("This question does not belong to the attempt."))
    kind = kinds.of(item)
    chosen = kind.read(item, one.chosen)
    return Answer(
        uuid=one.uuid,
        enrolment_id=attempt.enrolment_id,
        attempt_id=attempt.pk,
        item=one.item,
        chosen=chosen,
        correct=kind.is_right(item, chosen),
        language=language,
        # A clock that runs ahead cannot win against what is really later.
        given_at=max(attempt.started_at, min(one.given_at or now, now)),
    )


def current_answers(attempt):
    """{question's key: its current answer}"""
    return {str(answer.item): answer for answer in Answer.objects.filter(attempt=attempt, is_current=True)}


def chosen_in(attempt):
    """{question's key: what was chosen} as it stands."""
    return {key: answer.chosen for key, answer in current_answers(attempt).items()}
