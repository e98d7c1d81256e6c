"""What completes a lesson, as SQL: `courses.completion.lesson_completed` for statements about many enrolments."""

from django.apps import apps
from django.db.models import Count, Exists, Func, IntegerField, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Replace, StrIndex
from django.db.models.lookups import Exact, GreaterThan

from courses.models.things import CompletionRule


class ListLength(Func):
    """How many values a JSON list holds."""

    function = "JSONB_ARRAY_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="JSON_ARRAY_LENGTH", **extra)


def _rows(name, **conditions):
    """Rows of the enrolment, seen from a lesson inside of a statement about enrolments."""
    return apps.get_model("oberih_courses", name).objects.filter(enrolment=OuterRef(OuterRef("pk")), **conditions)


def _all_of(rows, field, listed_in):
    """The condition that the rows have every value of `field` that the lesson's list holds, and that it holds any."""
    # No database here looks into a JSON list as the other does; keys are quoted in its text, without hyphens.
    text = TextField()
    key = Replace(Cast(field, text), Value("-", text), Value("", text))
    quote = Value('"', text)
    listed = rows.annotate(
        place=StrIndex(Cast(OuterRef(listed_in), text), Concat(quote, key, quote, output_field=text))
    ).filter(place__gt=0)
    counted = listed.order_by().values("enrolment").annotate(n=Count(field, distinct=True)).values("n")
    return Q(GreaterThan(ListLength(listed_in), 0)) & Q(
        Exact(Coalesce(Subquery(counted), 0), ListLength(listed_in))
    )


def lesson_done():
    """The condition on a lesson, inside of a statement about enrolments, that it is completed."""
    here = {"lesson": OuterRef("pk")}
    asked = apps.get_model("oberih_courses", "Assessment").objects.filter(lesson=OuterRef("pk"), is_required=True)
    passed = apps.get_model("oberih_courses", "Attempt").objects.filter(
        assessment=OuterRef("pk"), enrolment=OuterRef(OuterRef(OuterRef("pk"))), passed=True
    )
    watched, package = Q(completed_by=CompletionRule.WATCHED), Q(completed_by=CompletionRule.PACKAGE)
    is_read = (
        Q(completed_by=CompletionRule.READ)
        | (watched & Q(Exact(ListLength("media"), 0)))
        | (package & Q(Exact(ListLength("packages"), 0)))
    )
    own = (
        (is_read & (Exists(_rows("LessonProgress", read_at__isnull=False, **here)) | Exists(asked)))
        | (watched & _all_of(_rows("MediaProgress", finished_at__isnull=False), "block", "media"))
        | (package & _all_of(_rows("PackageRun", completed_at__isnull=False), "package", "packages"))
    )
    return (
        Exists(_rows("LessonProgress", state=2, **here))
        | Exists(_rows("Confirmation", **here))
        | (~Exists(asked.exclude(Exists(passed))) & own)
    )
