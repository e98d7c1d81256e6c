"""Where authors see what their course lacks: a page for each course, a warning when they publish, and a button."""

from collections import Counter
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.models import Locale

from courses import checking, trees
from courses.pages import CoursePageMixin, LessonPageMixin, ModulePageMixin

LEARNED = (CoursePageMixin, ModulePageMixin, LessonPageMixin)
# A message above the editor; the rest stands on the course's page.
NAMED = 3


@dataclass(frozen=True)
class Row:
    key: object
    title: str
    url: str
    stops: int = 0
    better: int = 0


def rows():
    """A row for each course, in the order of the tree, not counted yet."""
    found, first = {}, Locale.get_default().pk
    for model in trees.concrete(CoursePageMixin):
        for page in model.objects.filter(alias_of=None).order_by("path"):
            if page.translation_key not in found or page.locale_id == first:
                found[page.translation_key] = page
    return [
        Row(key, page.draft_title, reverse("oberih_courses_course_missing", args=[page.pk]))
        for key, page in found.items()
    ]


def counted(listed):
    listed = list(listed)
    found = checking.of_courses([row.key for row in listed])
    grades = {key: Counter(one.grade for one in findings) for key, findings in found.items()}
    return [
        replace(row, stops=grades[row.key][checking.STOPS], better=grades[row.key][checking.BETTER])
        for row in listed
    ]


def address(finding):
    """Where the finding is mended."""
    if finding.thing:
        name, pk = finding.thing
        return reverse(f"wagtailsnippets_oberih_courses_{name}:edit", args=[pk])
    return reverse("wagtailadmin_pages:edit", args=[finding.page])


class MissingView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "oberih/courses/admin/missing.html"
    header_icon = "tasks"
    page_title = gettext_lazy("What is missing")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.page = next(
            (
                page
                for model in trees.concrete(CoursePageMixin)
                for page in model.objects.filter(pk=kwargs["pk"]).select_related("locale")
            ),
            None,
        )
        if self.page is None:
            raise Http404

    def dispatch(self, request, *args, **kwargs):
        if not may_see(request.user, self.page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {
                "url": reverse("wagtailadmin_explore", args=[self.page.pk]),
                "label": self.page.get_admin_display_title(),
            },
            {"url": "", "label": self.get_page_title()},
        ]

    @cached_property
    def findings(self):
        return checking.of_courses([self.page.translation_key]).get(self.page.translation_key, [])

    def get_context_data(self, **kwargs):
        names = {locale.language_code: locale.get_display_name() for locale in Locale.objects.all()}
        groups = []
        for grade, heading in (
            (checking.STOPS, _("Stops learners")),
            (checking.BETTER, _("Should be better")),
        ):
            found = [
                {
                    "what": one.what,
                    "where": one.where,
                    "language": names.get(one.language, one.language),
                    "url": address(one),
                }
                for one in self.findings
                if one.grade == grade
            ]
            if found:
                groups.append({"heading": heading, "findings": found})
        return super().get_context_data(groups=groups, **kwargs)


def may_see(user, page):
    return page.permissions_for_user(user).can_edit()


def buttons(page, user):
    """On the pages of a course, down to its lessons, for whoever may edit them."""
    if not issubclass(page.specific_class or object, LEARNED):
        return
    course = trees.course_page_above(page.specific)
    if course is not None and may_see(user, course):
        yield Button(
            _("What is missing"),
            reverse("oberih_courses_course_missing", args=[course.pk]),
            icon_name="tasks",
            priority=23,
        )


def warn(request, page):
    """Say what would stop learners on the page that is being published. It is published all the same."""
    if not isinstance(page, LEARNED):
        return
    course = trees.course_page_above(page)
    if course is None:
        return
    found = checking.of_courses([course.translation_key]).get(course.translation_key, [])
    stopping = [one for one in found if one.grade == checking.STOPS]
    if not isinstance(page, CoursePageMixin):
        stopping = [one for one in stopping if one.page == page.pk]
    if not stopping:
        return
    named = [one.what if one.page == page.pk else f"{one.where}: {one.what}" for one in stopping[:NAMED]]
    more = len(stopping) - len(named)
    if more:
        named.append(ngettext("%(count)d thing more.", "%(count)d things more.", more) % {"count": more})
    link = reverse("oberih_courses_course_missing", args=[course.pk])
    messages.warning(
        request,
        _("This stops learners: %(what)s") % {"what": " ".join(named)},
        buttons=[messages.button(link, _("What is missing"))],
    )
