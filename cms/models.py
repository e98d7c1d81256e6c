from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Page

from cms import home
from courses import catalogue
from courses.blocks import RICH_TEXT
from courses.languages import page_languages, reader_url
from courses.pages import CataloguePageMixin, CoursePageMixin, LessonPageMixin, ModulePageMixin
from ui import page_cache


class TranslatedPage(Page):
    """A page of this site that says in which other languages it exists. Abstract."""

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        return {**super().get_context(request, *args, **kwargs), **page_languages(self, request)}

    def serve(self, request, *args, **kwargs):
        return page_cache.mark(super().serve(request, *args, **kwargs))


class HomePage(TranslatedPage):
    lead = models.TextField(_("what this is"), blank=True)
    trust = RichTextField(_("who runs it"), blank=True, features=RICH_TEXT)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("trust")]
    subpage_types = ["oberih_cms.CourseIndexPage", "oberih_cms.StandardPage"]
    template = "oberih/cms/home.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        index = CourseIndexPage.objects.child_of(self).live().first()
        return {
            **super().get_context(request, *args, **kwargs),
            "courses": catalogue.front(request),
            "catalogue_url": reader_url(index, request) if index else "",
            **home.next_events(),
        }


class StandardPage(TranslatedPage):
    body = RichTextField(_("body"), features=RICH_TEXT)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    template = "oberih/cms/standard.html"

    class Meta:
        verbose_name = _("page")


class CourseIndexPage(CataloguePageMixin, TranslatedPage):
    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["oberih_cms.HomePage"]
    subpage_types = ["oberih_cms.CoursePage"]
    template = "oberih/courses/catalogue.html"

    class Meta:
        verbose_name = _("course catalogue")


class CoursePage(CoursePageMixin, Page):
    content_panels = [*Page.content_panels, *CoursePageMixin.oberih_panels]
    search_fields = [*Page.search_fields, *CoursePageMixin.oberih_search_fields]
    parent_page_types = ["oberih_cms.CourseIndexPage"]
    subpage_types = ["oberih_cms.ModulePage"]
    template = "oberih/courses/course.html"

    class Meta:
        verbose_name = _("course page")


class ModulePage(ModulePageMixin, Page):
    content_panels = [*Page.content_panels, *ModulePageMixin.oberih_panels]
    parent_page_types = ["oberih_cms.CoursePage"]
    subpage_types = ["oberih_cms.LessonPage"]
    template = "oberih/courses/module.html"

    class Meta:
        verbose_name = _("module page")


class LessonPage(LessonPageMixin, Page):
    content_panels = [*Page.content_panels, *LessonPageMixin.oberih_panels]
    search_fields = [*Page.search_fields, *LessonPageMixin.oberih_search_fields]
    parent_page_types = ["oberih_cms.ModulePage"]
    subpage_types = []
    template = "oberih/courses/lesson.html"

    class Meta:
        verbose_name = _("lesson page")


@register_setting(icon="cog")
class SiteSettings(BaseGenericSetting):
    organisation_name = models.CharField(_("who runs this site"), max_length=200, blank=True)
    contact_email = models.EmailField(_("contact"), blank=True)

    class Meta:
        verbose_name = _("about this site")
