"""What the concrete page types of a site are made of. A site with its own base page mixes these into its own types."""

from django.db import models
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import PageViewRestriction
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from courses import catalogue, contexts
from courses.blocks import LessonBody
from courses.models import CompletionRule
from participants import identity
from participants.models import Category, Topic
from ui import page_cache


class PersonalPageMixin:
    """A page that shows a learner's own way, which no shared cache may keep. A stranger sees what all strangers see."""

    # What a stranger's page is made anew with (`ui.page_cache`).
    oberih_groups = (page_cache.SITE,)
    # Known to be restricted for nobody, so that nobody asks (`courses.serving`).
    oberih_is_open = False

    def get_view_restrictions(self):
        return PageViewRestriction.objects.none() if self.oberih_is_open else super().get_view_restrictions()

    def serve(self, request, *args, **kwargs):
        response = super().serve(request, *args, **kwargs)
        if request.user.is_authenticated or identity.current(request):
            patch_cache_control(response, private=True)
        return page_cache.mark(response, *self.oberih_groups)


class CataloguePageMixin(models.Model):
    """A page that lists the courses below it, and below its versions in other languages."""

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        above = list(self.get_translations(inclusive=True).live()) or [self]
        return {**super().get_context(request, *args, **kwargs), **catalogue.context(request, above=above)}


class CoursePageMixin(PersonalPageMixin, models.Model):
    """A course in one language. Publishing it makes or refreshes the `Course` that all languages share."""

    # Rooms above put what they like on it, such as the next events.
    oberih_groups = ()

    summary = models.TextField(_("summary"), help_text=_("One or two sentences, shown in the catalogue."))
    audience = models.CharField(_("who it is for"), max_length=500, blank=True)
    outcomes = models.TextField(_("what they can do afterwards"), blank=True, help_text=_("One outcome a line."))
    minutes = models.PositiveSmallIntegerField(_("minutes it takes"), null=True, blank=True)
    topics = ParentalManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("topics"))
    audiences = ParentalManyToManyField(
        Category,
        blank=True,
        related_name="+",
        verbose_name=_("categories it is for"),
        help_text=_("The catalogue can be narrowed by these."),
    )
    image = models.ForeignKey(
        get_image_model_string(),
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("image"),
        help_text=_("Never show people who could be recognised."),
    )

    oberih_panels = [
        FieldPanel("summary"),
        FieldPanel("image"),
        FieldPanel("audience"),
        FieldPanel("audiences"),
        FieldPanel("outcomes"),
        FieldPanel("minutes"),
        FieldPanel("topics"),
    ]
    # The catalogue looks for the beginnings of words, since no database knows the endings of all languages.
    oberih_search_fields = [
        index.SearchField("summary"),
        index.SearchField("outcomes"),
        index.AutocompleteField("summary"),
        index.AutocompleteField("outcomes"),
    ]
    override_translatable_fields = [
        SynchronizedField("minutes", overridable=False),
        SynchronizedField("topics", overridable=False),
        SynchronizedField("audiences", overridable=False),
        SynchronizedField("image"),
    ]

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request, *args, **kwargs), **contexts.course(self, request)}

    @property
    def outcome_list(self):
        return [line.strip() for line in self.outcomes.splitlines() if line.strip()]


class ModulePageMixin(PersonalPageMixin, models.Model):
    summary = models.TextField(_("summary"), blank=True)

    oberih_panels = [FieldPanel("summary")]

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request, *args, **kwargs), **contexts.module(self, request)}


class LessonPageMixin(PersonalPageMixin, models.Model):
    """A lesson in one language. Publishing it makes or refreshes the `Lesson` that all languages share."""

    summary = models.TextField(_("summary"), blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes it takes"), null=True, blank=True)
    is_required = models.BooleanField(_("needed to complete the course"), default=True)
    completed_by = models.CharField(
        _("what completes it"), max_length=8, choices=CompletionRule.choices, default=CompletionRule.READ
    )
    renewed_on = models.DateField(
        _("new material since"),
        null=True,
        blank=True,
        help_text=_("Who completed the lesson before is told that it holds something new; they stay complete."),
    )
    is_distressing = models.BooleanField(
        _("about distress"), default=False, help_text=_("Helplines are shown at the end of the lesson.")
    )
    body = StreamField(LessonBody(), verbose_name=_("body"))

    oberih_panels = [
        FieldPanel("summary"),
        FieldPanel("minutes"),
        FieldPanel("is_required"),
        FieldPanel("completed_by"),
        FieldPanel("renewed_on"),
        FieldPanel("is_distressing"),
        FieldPanel("body"),
    ]
    oberih_search_fields = [index.SearchField("summary"), index.SearchField("body")]
    # What completes a course is the same in every language.
    override_translatable_fields = [
        SynchronizedField("minutes", overridable=False),
        SynchronizedField("is_required", overridable=False),
        SynchronizedField("completed_by", overridable=False),
        SynchronizedField("renewed_on", overridable=False),
        SynchronizedField("is_distressing", overridable=False),
    ]

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request, *args, **kwargs), **contexts.lesson(self, request)}

    def serve(self, request, *args, **kwargs):
        response = super().serve(request, *args, **kwargs)
        contexts.allow_frames(response)
        if request.method == "GET":
            contexts.note_opened(response.context_data)
        return response
