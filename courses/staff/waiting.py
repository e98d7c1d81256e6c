"""Answers that wait for a trainer. What a question asked is read from the attempt: the bank may have changed since."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from courses import kinds
from courses.models import Answer, Attempt, Enrolment
from courses.questions import worded


@dataclass(frozen=True)
class Waiting:
    """One answer that no key decides. Who gave it is not in here."""

    answer: UUID
    assessment: UUID
    title: str
    course: UUID
    item: str
    points: int
    since: datetime

    @property
    def heap(self):
        return self.assessment, self.item


def waiting_for(user):
    """All that this trainer may mark, in two statements: question by question, the heap with the oldest answer first."""
    attempts = Attempt.objects.filter(
        submitted_at__isnull=False,
        scored_at=None,
        enrolment__in=Enrolment.objects.for_trainer(user).filter(participant__erased_at=None).values("pk"),
    ).select_related("assessment")
    held = {}
    for attempt in attempts:
        asked = {item["key"]: item for item in attempt.drawn if kinds.of(item).waits}
        if asked:
            held[attempt.pk] = attempt, asked
    if not held:
        return []
    answers = Answer.objects.filter(attempt__in=list(held), is_current=True, marked_at=None).exclude(chosen=[])
    found = []
    for uuid, attempt_id, item in answers.values_list("uuid", "attempt_id", "item"):
        attempt, asked = held[attempt_id]
        if (drawn := asked.get(str(item))) is not None:
            found.append(
                Waiting(
                    answer=uuid,
                    assessment=attempt.assessment_id,
                    title=str(attempt.assessment.title),
                    course=attempt.assessment.course_id,
                    item=str(item),
                    points=kinds.points_of(drawn),
                    since=attempt.submitted_at,
                )
            )
    oldest = {}
    for one in found:
        oldest[one.heap] = min(oldest.get(one.heap, one.since), one.since)
    return sorted(found, key=lambda one: (oldest[one.heap], *map(str, one.heap), one.since, str(one.answer)))


def heaps(waiting, language):
    """[{question, its answers}] of what waits, in the order of `waiting`. One statement for the questions' words."""
    questions = worded({one.item for one in waiting}, language)
    found = {}
    for one in waiting:
        found.setdefault(one.heap, []).append(one)
    return [
        {
            "title": rows[0].title,
            "question": questions.get(rows[0].item),
            "count": len(rows),
            "since": rows[0].since,
            "first": rows[0].answer,
        }
        for rows in found.values()
    ]


def after(waiting, heap):
    """The next to mark: of the same question while there is one, else the oldest of another."""
    return next((one for one in waiting if one.heap == heap), next(iter(waiting), None))
