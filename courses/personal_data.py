from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Answer, Attempt, Enrolment, EnrolmentImport, LessonProgress
from participants import erasing, lists
from participants.places import language_name
from safeguarding import retention
from safeguarding.personal_data import PersonalData, before_erasing, declare_free, register


def _language(row):
    return language_name(row.language) if row.language else ""


def register_all():
    register(
        PersonalData(
            "oberih_courses.Answer",
            owner="enrolment__participant",
            title=_("Your answers in courses"),
            fields=("given_at", "correct", "points", "comment", "language", "item", "chosen"),
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
            "oberih_courses.MediaProgress",
            owner="enrolment__participant",
            title=_("The videos and audios you played"),
            fields=("lesson", "seconds", "language", "updated_at", "finished_at"),
            labels={
                "lesson": _("lesson"),
                "seconds": _("seconds"),
                "language": _("language"),
                "updated_at": _("last played at"),
                "finished_at": _("finished at"),
            },
            show={"language": _language},
            delete=True,
        ),
        PersonalData(
            "oberih_courses.StudyTime",
            owner="enrolment__participant",
            title=_("The time you spent with lessons"),
            fields=("lesson", "seconds", "language", "started_at"),
            labels={"lesson": _("lesson"), "language": _("language"), "started_at": _("started at")},
            show={"language": _language},
            delete=True,
        ),
        PersonalData(
            "oberih_courses.Confirmation",
            owner="enrolment__participant",
            title=_("What trainers confirmed of you"),
            fields=("lesson", "on", "language", "reason", "at"),
            labels={"lesson": _("lesson")},
            show={"language": _language},
            blank={"reason": ""},
        ),
        PersonalData(
            "oberih_courses.PackageRun",
            owner="enrolment__participant",
            title=_("What packages reported of you"),
            fields=(
                "package",
                "item",
                "completion",
                "success",
                "score",
                "seconds",
                "language",
                "started_at",
                "completed_at",
                "cmi",
            ),
            codes=("item", "cmi"),
            labels={
                "package": _("package"),
                "language": _("language"),
                "started_at": _("started at"),
                "completed_at": _("completed at"),
                "cmi": _("what it remembers"),
            },
            show={"language": _language},
            key="uuid",
            # What the package remembers may hold what the person wrote; that they completed it is counted.
            blank={"cmi": {}},
        ),
        PersonalData(
            "oberih_courses.Statement",
            owner="enrolment__participant",
            title=_("What packages noted step by step"),
            fields=("package", "verb", "activity", "stored_at", "content"),
            codes=("content",),
            labels={
                "package": _("package"),
                "verb": _("what was done"),
                "activity": _("with what"),
                "stored_at": _("noted at"),
                "content": _("as it was sent"),
            },
            delete=True,
        ),
        PersonalData(
            "oberih_courses.GroupMember",
            owner="participant",
            title=_("The groups you learn in"),
            fields=("group", "added_at"),
            labels={"group": _("group")},
            delete=True,
        ),
        PersonalData(
            "oberih_courses.EnrolmentInvitation",
            owner="participant",
            title=_("Courses you were invited to"),
            fields=("course", "invited_at", "expires_at", "accepted_at"),
            labels={"course": _("course")},
            delete=True,
        ),
        PersonalData(
            "oberih_courses.EnrolmentRequest",
            owner="participant",
            title=_("Courses you asked to take"),
            fields=("course", "motivation", "asked_at", "decision", "decided_at", "answer"),
            labels={"course": _("course")},
            delete=True,
            key="uuid",
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
                "group",
                "enrolled_at",
                "due_on",
                "reminders_off_at",
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
    declare_free("oberih_courses.Group", "It leads to staff alone: whoever made it. Who is in it is GroupMember.")
    declare_free("oberih_courses.CourseImport", "It leads to staff alone: whoever brings a course in.")
    declare_free("oberih_courses.Package", "It leads to staff alone: whoever uploaded it.")
    declare_free(
        "oberih_courses.EnrolmentImport",
        "It leads to staff alone: whoever sent the list. Its rows go when they are enrolled, with anybody in them who is "
        "erased, and after a day.",
    )
    before_erasing(_forget_lists)
    retention.register(
        retention.Rule(
            name="oberih_courses.enrolmentimport",
            days=1,
            due=lambda before: EnrolmentImport.objects.filter(made_at__lt=before),
            let_go=lambda rows: rows.delete(),
            key="uuid",
        )
    )
    erasing.active(_learned_since)


def _forget_lists(people, **wishes):
    """A list that waits goes whole if it names one of them: it is a copy, and whoever sent it has the file."""
    waiting = list(EnrolmentImport.objects.filter(done_at=None))
    traces = lists.traces(people) if waiting else set()
    for batch in waiting:
        if lists.holds(traces, [value for _line, row in batch.rows for value in row.values()]):
            batch.delete()


def _learned_since(since):
    theirs = {"enrolment__participant": OuterRef("pk")}
    taken = Enrolment.objects.filter(participant=OuterRef("pk"))
    return (
        Exists(taken.filter(Q(enrolled_at__gte=since) | Q(completed_at__gte=since)))
        | Exists(LessonProgress.objects.filter(Q(opened_at__gte=since) | Q(completed_at__gte=since), **theirs))
        | Exists(Attempt.objects.filter(Q(started_at__gte=since) | Q(submitted_at__gte=since), **theirs))
        | Exists(Answer.objects.filter(given_at__gte=since, **theirs))
    )
