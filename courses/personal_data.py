from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Answer, Attempt, Enrolment, LessonProgress
from participants import erasing
from participants.places import language_name
from safeguarding.personal_data import PersonalData, register


def _language(row):
    return language_name(row.language) if row.language else ""


def register_all():
    register(
        PersonalData(
            "oberih_courses.Answer",
            owner="enrolment__participant",
            title=_("Your answers in courses"),
            fields=("given_at", "correct", "language", "item", "chosen"),
            codes=("item", "chosen"),
            labels={
                "given_at": _("answered at"),
                "correct": _("right"),
                "language": _("language"),
                "item": _("question"),
                "chosen": _("chosen answers"),
            },
            show={"language": _language},
            delete=True,
        ),
        PersonalData(
            "oberih_courses.Attempt",
            owner="enrolment__participant",
            title=_("Your tries at assessments"),
            fields=(
                "assessment",
                "number",
                "language",
                "started_at",
                "submitted_at",
                "points",
                "points_possible",
                "passed",
            ),
            labels={"assessment": _("assessment")},
            show={"language": _language},
            # Which questions somebody was asked goes with what they answered; the result is counted.
            blank={"drawn": []},
        ),
        PersonalData(
            "oberih_courses.LessonProgress",
            owner="enrolment__participant",
            title=_("The lessons you opened"),
            fields=("lesson", "state", "language", "opened_at", "completed_at"),
            labels={
                "lesson": _("lesson"),
                "state": _("state"),
                "language": _("language"),
                "opened_at": _("opened at"),
                "completed_at": _("completed at"),
            },
            show={"language": _language},
        ),
        PersonalData(
            "oberih_courses.Enrolment",
            owner="participant",
            title=_("The courses you take"),
            fields=(
                "course",
                "enrolled_at",
                "withdrawn_at",
                "completed_at",
                "completed_language",
                "sex",
                "age_band",
                "category",
                "organisation",
                "origin_area",
                "displacement",
                "disability",
                "language",
            ),
            labels={"course": _("course"), "origin_area": _("Area you come from")},
            show={
                "language": _language,
                "completed_language": lambda row: (
                    language_name(row.completed_language) if row.completed_language else ""
                ),
            },
            key="uuid",
        ),
    )
    erasing.active(_learned_since)


def _learned_since(since):
    theirs = {"enrolment__participant": OuterRef("pk")}
    taken = Enrolment.objects.filter(participant=OuterRef("pk"))
    return (
        Exists(taken.filter(Q(enrolled_at__gte=since) | Q(completed_at__gte=since)))
        | Exists(LessonProgress.objects.filter(Q(opened_at__gte=since) | Q(completed_at__gte=since), **theirs))
        | Exists(Attempt.objects.filter(Q(started_at__gte=since) | Q(submitted_at__gte=since), **theirs))
        | Exists(Answer.objects.filter(given_at__gte=since, **theirs))
    )
