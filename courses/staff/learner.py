"""One learner's way through a course, as staff see it: a fixed number of statements, however many lessons."""

from collections import defaultdict

from django.db.models import Sum
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import (
    Assessment,
    Attempt,
    CompletionRule,
    Confirmation,
    LessonProgress,
    LessonState,
    StudyTime,
)
from courses.staff.sheets import day_in_words
from participants.places import language_name


def course_facts(enrolment):
    confirmation = enrolment.confirmations.filter(lesson=None).select_related("by").first()
    facts = [
        (_("Group"), str(enrolment.group or "")),
        (_("Enrolled on"), day_in_words(enrolment.enrolled_at)),
        (_("Due on"), day_in_words(enrolment.due_on) if enrolment.due_on else ""),
        (
            _("Extra time"),
            _("%(percent)s per cent") % {"percent": localize(enrolment.extra_time_percent)}
            if enrolment.extra_time_percent
            else "",
        ),
        (_("Completed on"), day_in_words(enrolment.completed_at) if enrolment.completed_at else ""),
        (
            _("Completed in"),
            language_name(enrolment.completed_language) if enrolment.completed_language else "",
        ),
        (_("Confirmed on paper"), confirmed_in_words(confirmation) if confirmation else ""),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def confirmed_in_words(confirmation):
    return _("%(day)s: %(reason)s") % {"day": day_in_words(confirmation.on), "reason": confirmation.reason}


def lesson_rows(enrolment):
    """A row for each lesson that is taught or that this learner did; assessments without a lesson stand at the end."""
    progress = {one.lesson_id: one for one in LessonProgress.objects.filter(enrolment=enrolment)}
    confirmed = {
        one.lesson_id: one for one in Confirmation.objects.filter(enrolment=enrolment).exclude(lesson=None)
    }
    times = StudyTime.objects.filter(enrolment=enrolment).order_by().values("lesson")
    seconds = dict(times.annotate(n=Sum("seconds")).values_list("lesson", "n"))
    tries = defaultdict(list)
    for attempt in Attempt.objects.filter(enrolment=enrolment).order_by("number"):
        tries[attempt.assessment_id].append(attempt)
    tests = defaultdict(list)
    for assessment in Assessment.objects.filter(course=enrolment.course_id).order_by("key"):
        tests[assessment.lesson_id].append(assessment)
    lessons = [
        lesson
        for lesson in enrolment.course.lessons.order_by("position", "key")
        if lesson.archived_at is None or lesson.key in progress
    ]
    found = [
        {
            "title": str(lesson.title),
            **_state(lesson, progress.get(lesson.key)),
            "more": _more(lesson, progress.get(lesson.key), confirmed.get(lesson.key), tests[lesson.key], seconds),
            "attempts": [line for test in tests[lesson.key] for line in _attempts(test, tries[test.key])],
        }
        for lesson in lessons
    ]
    shown = {lesson.key for lesson in lessons}
    rest = [test for key, held in tests.items() if key not in shown for test in held if tries[test.key]]
    return found + [
        {
            "title": str(test),
            "tag": "",
            "tag_kind": "",
            "more": "",
            "attempts": [_try(attempt) for attempt in tries[test.key]],
        }
        for test in rest
    ]


def _state(lesson, progress):
    if progress is None:
        return {"tag": _("Not opened"), "tag_kind": "neutral"}
    if progress.state == LessonState.COMPLETED:
        return {"tag": _("Completed"), "tag_kind": "success"}
    return {"tag": _("Opened"), "tag_kind": "info"}


def _more(lesson, progress, confirmation, tests, seconds):
    said = [] if lesson.is_required else [_("optional")]
    if progress is not None and progress.completed_at:
        how = {
            CompletionRule.WATCHED: _("watched to the end on %(day)s"),
            CompletionRule.PACKAGE: _("package completed on %(day)s"),
        }.get(lesson.completed_by, _("read on %(day)s"))
        if any(test.is_required for test in tests):
            how = _("assessment passed on %(day)s")
        if confirmation is None:
            said.append(how % {"day": day_in_words(progress.completed_at)})
        said.append(language_name(progress.language))
    if confirmation is not None:
        said.append(_("confirmed by a trainer for %(what)s") % {"what": confirmed_in_words(confirmation)})
    if spent := seconds.get(lesson.key):
        minutes = max(1, round(spent / 60))
        said.append(
            ngettext("%(count)s minute spent", "%(count)s minutes spent", minutes) % {"count": localize(minutes)}
        )
    return " · ".join(said)


def _attempts(test, attempts):
    return [
        _("%(test)s, try %(number)s: %(result)s")
        % {"test": test, "number": localize(attempt.number), "result": _result(attempt)}
        for attempt in attempts
    ]


def _try(attempt):
    return _("Try %(number)s: %(result)s") % {"number": localize(attempt.number), "result": _result(attempt)}


def _result(attempt):
    if attempt.submitted_at is None:
        return _("not handed in yet")
    if attempt.scored_at is None:
        return _("waits for a trainer")
    if not attempt.points_possible:
        return _("answered")
    words = _("passed, %(points)s of %(possible)s points")
    if not attempt.passed:
        words = _("not passed, %(points)s of %(possible)s points")
    return words % {"points": localize(attempt.points), "possible": localize(attempt.points_possible)}
