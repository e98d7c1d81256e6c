from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from courses.models import Course


class Programme(ClusterableModel):
    """Courses and events in an order that belong together."""

    code = models.SlugField(_("code"), max_length=100, unique=True)
    title = I18nCharField(_("title"), max_length=1000)
    summary = I18nTextField(
        _("summary"), blank=True, help_text=_("Who it is for, and what they can do afterwards. Two sentences.")
    )
    is_public = models.BooleanField(_("has a page on the site"), default=False)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self):
        return str(self.title)


class ProgrammeStep(models.Model):
    """A course or an event on the way through a programme. A step that is held several times is several rows."""

    programme = ParentalKey(Programme, on_delete=models.CASCADE, related_name="steps")
    position = models.IntegerField(null=True, blank=True, editable=False)
    course = models.ForeignKey(
        Course,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programme_steps",
        verbose_name=_("course"),
    )
    event = models.ForeignKey(
        "oberih_events.Event",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programme_steps",
        verbose_name=_("event"),
        limit_choices_to={"is_imported": False},
    )
    is_alternative = models.BooleanField(
        _("instead of the step before"),
        default=False,
        help_text=_("One of the two suffices, as of a workshop that is held in several towns."),
    )

    sort_order_field = "position"

    class Meta:
        verbose_name = _("step of a programme")
        verbose_name_plural = _("steps of programmes")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="oberih_programmestep_one_target",
                condition=Q(course__isnull=False, event=None) | Q(course=None, event__isnull=False),
                violation_error_message=_("A step is one course or one event."),
            ),
            models.UniqueConstraint(
                name="oberih_programmestep_course_once",
                fields=["programme", "course"],
                violation_error_message=_("This course is a step already."),
            ),
            models.UniqueConstraint(
                name="oberih_programmestep_event_once",
                fields=["programme", "event"],
                violation_error_message=_("This event is a step already."),
            ),
        ]

    def __str__(self):
        return f"{self.programme_id} {self.position}"
