"""First attempts with what was answered in them, as `courses.analysis` wants them. A fixed number of statements."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from courses import kinds
from courses.models import Answer, Attempt
from participants.models import person_of


@dataclass
class Taken:
    """One person's first scored attempt at an assessment."""

    person: int
    assessment: UUID
    at: datetime
    handed_in_in: str
    items: dict
    answers: dict = field(default_factory=dict)

    def share(self, key):
        """What the answer was worth, from 0 to 1; None where nothing can be right."""
        item = self.items[key]
        kind, worth = kinds.of(item), kinds.points_of(item)
        answer = self.answers.get(key)
        if kind.waits:
            return min((answer and answer["points"]) or 0, worth) / worth
        if not kind.has_key:
            return None
        return float(kind.is_right(item, answer["chosen"] if answer else ()))

    def total(self, *, without=None):
        """The share of points of all questions but one; None where there are no others."""
        points = possible = 0
        for key, item in self.items.items():
            share = None if key == without else self.share(key)
            if share is not None:
                points += share * kinds.points_of(item)
                possible += kinds.points_of(item)
        return points / possible if possible else None

    def chosen(self, key):
        answer = self.answers.get(key)
        return answer["chosen"] if answer else []

    def language(self, key):
        """In which language the question was answered; left out, in which the attempt was handed in."""
        answer = self.answers.get(key)
        return answer["language"] if answer else self.handed_in_in


def first_attempts(assessments, *, enrolments=None):
    """Each person's first attempt at each of these, if it has its result. Practice and retakes would flatter a question.

    Two statements. Attempts of erased people hold no questions any more and are left out.
    """
    rows = Attempt.objects.filter(assessment__in=assessments, number=1, scored_at__isnull=False)
    if enrolments is not None:
        rows = rows.filter(enrolment__in=enrolments)
    found = {}
    persons = set()
    rows = rows.annotate(counted=person_of("enrolment__participant")).order_by("submitted_at", "pk")
    for pk, person, assessment, at, language, drawn in rows.values_list(
        "pk", "counted", "assessment_id", "submitted_at", "language", "drawn"
    ):
        # Somebody known under two rows took it first once.
        if not drawn or (person, assessment) in persons:
            continue
        persons.add((person, assessment))
        found[pk] = Taken(person, assessment, at, language, {item["key"]: item for item in drawn})
    answers = Answer.objects.filter(
        attempt__assessment__in=assessments, attempt__number=1, attempt__scored_at__isnull=False, is_current=True
    )
    for answer in answers.values("attempt_id", "item", "chosen", "points", "language"):
        if (taken := found.get(answer["attempt_id"])) is not None:
            taken.answers[str(answer["item"])] = answer
    return list(found.values())


def by_version(taken):
    """{(question's key, version): [attempt]} of those in which it was asked."""
    found = defaultdict(list)
    for one in taken:
        for key, item in one.items.items():
            found[key, item["version"]].append(one)
    return found
