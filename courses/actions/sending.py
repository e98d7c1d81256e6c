"""What was answered and read without a network, when the phone has one again."""

import uuid as uuids
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses import trees
from courses.actions.completing import read_lesson
from courses.exceptions import CoursesError, NotEnrolledError, UnknownOptionError
from courses.facts import course_rules
from courses.knowledge import find_check
from courses.models import Answer, Enrolment, Lesson
from courses.scoring import is_right


@dataclass(frozen=True)
class Sent:
    """An answer to a knowledge check (`item` is the block's id); without an item, that the lesson was read."""

    uuid: uuids.UUID
    lesson: uuids.UUID
    item: uuids.UUID | None
    chosen: list
    language: str
    given_at: datetime


@dataclass(frozen=True)
class Received:
    """What became of it: "saved", "known" (sent before, or it changes nothing), "older" (kept, but a later answer from
    elsewhere counts) or "refused", with the reason."""

    sent: Sent
    state: str
    reason: str = ""


@transaction.atomic
def receive(*, participant, sent):
    """Keep what a learner did without a network. Returns what became of each, in the order it was given.

    Of two answers to one question the later one counts, whichever arrives first. Sending again adds nothing. The number
    of statements depends on the lessons that were read, not on the answers.
    """
    batch = _Batch(participant, sent)
    received = [batch.receive(one) for one in sorted(sent, key=lambda one: one.given_at)]
    batch.write()
    return received


class _Batch:
    def __init__(self, participant, sent):
        keys = {one.lesson for one in sent}
        self.lessons = {row.key: row for row in Lesson.objects.filter(key__in=keys, archived_at=None)}
        self.enrolments = _locked(participant, {row.course_id for row in self.lessons.values()})
        self.rules = course_rules(list(self.enrolments))
        self.pages = {}
        for page in trees.lesson_versions_of(list(keys), defer=()):
            self.pages.setdefault(page.translation_key, []).append(page)
        self.owners = dict(
            Answer.objects.filter(uuid__in=[one.uuid for one in sent]).values_list("uuid", "enrolment_id")
        )
        rows = Answer.objects.filter(
            enrolment__in=[row.pk for row in self.enrolments.values()],
            attempt=None,
            is_current=True,
            item__in=[one.item for one in sent if one.item],
        )
        self.current = {(row.enrolment_id, row.item): row for row in rows}
        self.new, self.replaced = [], []

    def receive(self, one):
        try:
            state = self._answer(one) if one.item else self._read(one)
        except CoursesError as error:
            return Received(one, "refused", str(error))
        if state == "older":
            return Received(one, state, _("You answered this later on another device, and that answer counts."))
        return Received(one, state)

    def _taken(self, one):
        lesson = self.lessons.get(one.lesson)
        if lesson is None or one.lesson not in self.pages:
            raise NotEnrolledError(_("This lesson is no longer there."))
        enrolment = self.enrolments.get(lesson.course_id)
        if enrolment is None:
            raise NotEnrolledError(_("You do not take the course of this lesson."))
        return lesson, enrolment

    def _read(self, one):
        lesson, enrolment = self._taken(one)
        read_lesson(enrolment=enrolment, lesson=lesson, language=one.language, rule=self.rules[lesson.course_id])
        return "saved"

    def _answer(self, one):
        if one.uuid in self.owners:
            if self.owners[one.uuid] not in {row.pk for row in self.enrolments.values()}:
                raise UnknownOptionError(_("This answer was sent by somebody else."))
            return "known"
        lesson, enrolment = self._taken(one)
        check = find_check(trees.preferred(self.pages[lesson.key], one.language).body, one.item)
        if check is None:
            raise UnknownOptionError(_("This question is no longer in the lesson."))
        if not set(one.chosen) <= set(check.option_ids) or (len(one.chosen) > 1 and not check.multiple):
            raise UnknownOptionError(
                _("The answers to this question have been changed in the meantime. Please answer it again.")
            )
        before = self.current.get((enrolment.pk, one.item))
        if before is not None and set(before.chosen) == set(one.chosen):
            return "known"
        row = Answer(
            uuid=one.uuid,
            enrolment=enrolment,
            item=one.item,
            chosen=sorted(one.chosen),
            correct=is_right(one.chosen, check.correct_ids),
            language=one.language,
            # A question cannot have been answered before the course was begun, whatever a phone's clock says.
            given_at=max(one.given_at, enrolment.enrolled_at),
        )
        self.owners[one.uuid] = enrolment.pk
        self.new.append(row)
        if before is not None and before.given_at > row.given_at:
            row.is_current = False
            return "older"
        if before is not None and before.pk:
            self.replaced.append(before.pk)
        elif before is not None:
            before.is_current = False
        self.current[enrolment.pk, one.item] = row
        return "saved"

    def write(self):
        if self.replaced:
            Answer.objects.filter(pk__in=self.replaced).update(is_current=False)
        Answer.objects.bulk_create(self.new)


def _locked(participant, courses):
    """{course's key: the person's enrolment}, locked, so that two devices are heard one after the other."""
    rows = Enrolment.objects.active().of(participant).filter(course__in=courses).furthest_first()
    first = {}
    for course, pk in rows.values_list("course_id", "pk"):
        first.setdefault(course, pk)
    locked = Enrolment.objects.select_for_update().filter(pk__in=first.values()).order_by("pk")
    return {row.course_id: row for row in locked}
