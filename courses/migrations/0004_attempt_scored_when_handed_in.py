from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oberih_courses", "0003_scored_attempts")]

    operations = [
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('passed', None), ('points', None), ('points_possible', None), ('scored_at', None)), models.Q(('passed__isnull', False), ('points__isnull', False), ('points__lte', models.F('points_possible')), ('points_possible__gte', 0), ('scored_at__isnull', False), ('submitted_at__isnull', False)), _connector='OR'), name='oberih_attempt_scored_when_handed_in'),
        ),
    ]
