from django.db import migrations
from django.db.models import F


def score_what_was_handed_in(apps, schema_editor):
    """Until now handing in and scoring were one moment."""
    attempts = apps.get_model("oberih_courses", "Attempt").objects.using(schema_editor.connection.alias)
    attempts.filter(submitted_at__isnull=False, scored_at=None).update(scored_at=F("submitted_at"))


class Migration(migrations.Migration):
    dependencies = [("oberih_courses", "0002_learning_in_full")]

    operations = [migrations.RunPython(score_what_was_handed_in, migrations.RunPython.noop, elidable=True)]
