"""What the recorded facts complete and nobody has recorded, of all who learn: after courses were changed, or a fault."""

from dataclasses import dataclass

from courses import actions
from courses.completion import course_completed, newly_completed
from courses.facts import course_rules, learnt, with_facts
from courses.models import Enrolment

_AT_A_TIME = 500


@dataclass(frozen=True)
class Change:
    enrolment: Enrolment
    lessons: tuple
    completes_course: bool

    def __str__(self):
        what = [f"lesson {key}" for key in self.lessons] + (["course"] if self.completes_course else [])
        return f"Enrolment {self.enrolment.uuid}: {', '.join(what)}"

    def record(self):
        actions.fold_completion(self.enrolment)


def changes(*, course_code=""):
    """The changes that are due, a constant number of statements for every few hundred enrolments."""
    enrolments = Enrolment.objects.active().order_by("pk")
    if course_code:
        enrolments = enrolments.filter(course__code=course_code)
    last, rules = 0, {}
    while rows := list(with_facts(enrolments.filter(pk__gt=last))[:_AT_A_TIME]):
        last = rows[-1].pk
        rules |= course_rules({row.course_id for row in rows} - rules.keys())
        for row in rows:
            facts, rule = learnt(row).facts, rules[row.course_id]
            lessons = tuple(sorted(newly_completed(rule, facts), key=str))
            completes = row.completed_at is None and course_completed(rule, facts) is not None
            if lessons or completes:
                yield Change(row, lessons, completes)
