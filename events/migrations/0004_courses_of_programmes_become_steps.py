from django.db import migrations


def to_steps(apps, schema_editor):
    """The courses in the order of their codes; nobody had given them another."""
    programmes = apps.get_model("oberih_events", "Programme")
    steps = apps.get_model("oberih_events", "ProgrammeStep")
    for programme in programmes.objects.all():
        courses = programme.courses.order_by("code")
        steps.objects.bulk_create(
            steps(programme=programme, course=course, position=position) for position, course in enumerate(courses)
        )


def to_courses(apps, schema_editor):
    steps = apps.get_model("oberih_events", "ProgrammeStep")
    for step in steps.objects.exclude(course=None).select_related("programme", "course"):
        step.programme.courses.add(step.course)


class Migration(migrations.Migration):
    dependencies = [("oberih_events", "0003_programme_steps")]

    operations = [migrations.RunPython(to_steps, to_courses)]
