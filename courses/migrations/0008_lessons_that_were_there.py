from django.db import migrations
from django.db.models import F, Min, OuterRef, Subquery
from django.db.models.functions import Least


def were_there_before(apps, schema_editor):
    """Lessons from before it was noted when they came: to nobody who takes their course now are they new material."""
    Lesson = apps.get_model("oberih_courses", "Lesson")
    Enrolment = apps.get_model("oberih_courses", "Enrolment")
    first = (
        Enrolment.objects.filter(course=OuterRef("course"))
        .order_by()
        .values("course")
        .annotate(first=Min("enrolled_at"))
        .values("first")
    )
    known = Lesson.objects.filter(course__in=Enrolment.objects.values("course"))
    known.update(added_at=Least(F("added_at"), Subquery(first)))


class Migration(migrations.Migration):
    dependencies = [("oberih_courses", "0007_course_import")]

    operations = [migrations.RunPython(were_there_before, migrations.RunPython.noop)]
