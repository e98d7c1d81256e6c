from wagtail.snippets.models import register_snippet

from courses.viewsets import TrainingGroup

register_snippet(TrainingGroup)
