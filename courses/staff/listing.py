"""The learners of a course as rows: each costs nothing, whatever they did."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Attempt, Enrolment, Group, Lesson, LessonProgress, LessonState
from participants.names import fold
from participants.places import language_name


def _per_enrolment(rows, aggregate):
    return Subquery(
        rows.filter(enrolment=OuterRef("pk")).order_by().values("enrolment").annotate(n=aggregate).values("n")
    )


def with_standing(enrolments):
    """Annotate how far they are and when they did something last."""
    required = LessonProgress.objects.filter(
        state=LessonState.COMPLETED, lesson__is_required=True, lesson__archived_at=None
    )
    handed_in = Attempt.objects.filter(submitted_at__isnull=False)
    return enrolments.select_related("participant", "group").annotate(
        lessons_done=Coalesce(_per_enrolment(required, Count("pk")), Value(0), output_field=IntegerField()),
        attempts_made=Coalesce(_per_enrolment(handed_in, Count("pk")), Value(0), output_field=IntegerField()),
        opened_last=_per_enrolment(LessonProgress.objects.all(), Max("opened_at")),
        completed_last=_per_enrolment(LessonProgress.objects.all(), Max("completed_at")),
        tried_last=_per_enrolment(Attempt.objects.all(), Max("started_at")),
        handed_in_last=_per_enrolment(handed_in, Max("submitted_at")),
    )


def narrowed(enrolments, chosen, *, today=None):
    """Those of `with_standing` that a filter leaves."""
    today = today or timezone.localdate()
    if q := chosen.get("q"):
        words = fold(q).split()
        for word in words or [q.casefold()]:
            enrolments = enrolments.filter(participant__name_key__contains=word)
    if group := chosen.get("group"):
        enrolments = enrolments.filter(group__uuid=group)
    begun = Q(opened_last__isnull=False) | Q(tried_last__isnull=False)
    states = {
        "new": Q(completed_at=None) & ~begun,
        "going": Q(completed_at=None) & begun,
        "overdue": Q(completed_at=None, due_on__lt=today),
        "done": Q(completed_at__isnull=False),
    }
    return enrolments.filter(states.get(chosen.get("state"), Q()))


def in_order(enrolments):
    return enrolments.order_by("participant__latin_name", "participant__full_name", "pk")


def lessons_of(course):
    return Lesson.objects.filter(course=course, is_required=True, archived_at=None).count()


@dataclass(frozen=True)
class Row:
    """One learner of the list."""

    enrolment: Enrolment
    lessons: int
    today: object

    @property
    def name(self):
        return str(self.enrolment.participant)

    @property
    def group(self):
        return str(self.enrolment.group or "")

    @property
    def last_at(self):
        one = self.enrolment
        known = [one.opened_last, one.completed_last, one.tried_last, one.handed_in_last]
        return max([at for at in known if at], default=None)

    @property
    def is_overdue(self):
        one = self.enrolment
        return not one.completed_at and one.due_on is not None and one.due_on < self.today

    @property
    def done(self):
        return min(self.enrolment.lessons_done, self.lessons)

    @property
    def state(self):
        if self.enrolment.completed_at:
            return "done"
        return "going" if self.last_at else "new"

    @property
    def state_label(self):
        return {"done": _("Completed"), "going": _("Under way"), "new": _("Not begun")}[self.state]

    @property
    def state_kind(self):
        return {"done": "success", "going": "info", "new": "neutral"}[self.state]

    @property
    def language(self):
        code = self.enrolment.completed_language
        return language_name(code) if code else ""


def rows(enrolments, course):
    lessons, today = lessons_of(course), timezone.localdate()
    return [Row(one, lessons, today) for one in enrolments]


def groups_of(enrolments):
    """The groups in which these learn."""
    return list(Group.objects.filter(pk__in=enrolments.values("group")).order_by("name", "pk"))
