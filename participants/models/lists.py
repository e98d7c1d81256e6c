"""Lists that a site may extend."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from participants.codes import WorkplaceType


class CodeList(models.Model):
    """A list that a site may extend: a stable code, a label in several languages."""

    code = models.CharField(_("code"), max_length=100, unique=True)
    label = I18nCharField(_("label"), max_length=1000)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self):
        return str(self.label)


class Category(CodeList):
    """What a participant is professionally. No category for survivors exists, anywhere."""

    class Meta(CodeList.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class Topic(CodeList):
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta(CodeList.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Area(CodeList):
    """A place in a country's official list.

    `code` is the p-code where the country has one and the ISO 3166-2 code elsewhere; the two columns are kept apart
    because they name different regions with the same digits' shape (UA44 is UA-09).
    """

    country = models.CharField(_("country"), max_length=2, db_index=True)
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    pcode = models.CharField(_("p-code"), max_length=20, unique=True, null=True, blank=True)
    iso3166_2 = models.CharField("ISO 3166-2", max_length=10, unique=True, null=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta(CodeList.Meta):
        verbose_name = _("area")
        verbose_name_plural = _("areas")


class Project(CodeList):
    """What funds an activity and is reported on."""

    class Meta(CodeList.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projects")


class Organisation(CodeList):
    country = models.CharField(_("country"), max_length=2, blank=True)
    base_area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    workplace_type = models.CharField(
        _("type of workplace"), max_length=30, choices=WorkplaceType.choices, blank=True
    )

    class Meta(CodeList.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
