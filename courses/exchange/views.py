"""Copying, exporting and importing a course in Wagtail's admin, and the buttons that lead there."""

import tempfile

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button

from courses import trees
from courses.copying import copy_course
from courses.exchange import archive, building, importing
from courses.exchange.exceptions import ExchangeError
from courses.exchange.forms import CopyForm, ImportForm
from courses.exchange.planning import may_import_below
from courses.models import CourseImport, ImportState
from courses.pages import CoursePageMixin
from safeguarding.rights import may

RIGHT = "oberih_courses.exchange_course"
# Larger than this a course is written to the disk before it is sent.
IN_MEMORY = 5 * 1024 * 1024


def course_page(pk):
    for model in trees.concrete(CoursePageMixin):
        page = model.objects.filter(pk=pk).select_related("locale").first()
        if page is not None:
            return page
    raise Http404


def places(allows):
    """The pages below which a course can stand and of which `allows(page)` is true."""
    found = []
    for model in trees.concrete(object):
        if hasattr(model, "allowed_subpage_models") and building.page_type(model, "course") is not None:
            found += model.objects.select_related("locale")
    return [page for page in sorted(found, key=lambda page: page.path) if allows(page)]


class _Guarded(WagtailAdminTemplateMixin):
    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, RIGHT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


class _FormView(_Guarded, FormView):
    template_name = "wagtailadmin/generic/form.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            submit_button_label=self.submit_label,
            submit_button_active_label=_("One moment…"),
            action_url=self.request.get_full_path(),
            media=kwargs["form"].media if "form" in kwargs else "",
            **kwargs,
        )


class CopyView(_FormView):
    form_class = CopyForm
    header_icon = "copy"
    page_title = gettext_lazy("Copy this course")
    submit_label = gettext_lazy("Copy the course")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.page = course_page(kwargs["pk"])

    def get_page_subtitle(self):
        return self.page.get_admin_display_title()

    def dispatch(self, request, *args, **kwargs):
        if not self.page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        user = self.request.user
        return {
            **super().get_form_kwargs(),
            "places": places(lambda page: page.permissions_for_user(user).can_add_subpage()),
        }

    def get_initial(self):
        return {
            "title": _("%(title)s (copy)") % {"title": self.page.draft_title},
            "parent": str(self.page.get_parent().pk),
        }

    def form_valid(self, form):
        try:
            copy = copy_course(
                course_page=self.page,
                to=form.cleaned_data["parent"],
                title=form.cleaned_data["title"],
                user=self.request.user,
            )
        except ExchangeError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("“%(title)s” is there as a draft, with its modules, lessons and assessments in all languages.")
            % {"title": copy.title},
        )
        return redirect("wagtailadmin_explore", copy.pk)


class ExportView(_Guarded, TemplateView):
    def get(self, request, *args, **kwargs):
        page = course_page(kwargs["pk"])
        if not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        # Django closes it with the response.
        out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        try:
            archive.write(page, out)
        except ExchangeError as error:
            out.close()
            messages.error(request, str(error))
            return redirect("wagtailadmin_pages:edit", page.pk)
        out.seek(0)
        response = FileResponse(
            out, as_attachment=True, filename=f"{page.slug}.zip", content_type="application/zip"
        )
        response["Cache-Control"] = "private, no-store"
        return response


class ImportView(_FormView):
    form_class = ImportForm
    header_icon = "upload"
    page_title = gettext_lazy("Import a course")
    submit_label = gettext_lazy("Look at the file")

    def get_form_kwargs(self):
        user = self.request.user
        return {**super().get_form_kwargs(), "places": places(lambda page: may_import_below(user, page))}

    def get_context_data(self, **kwargs):
        return super().get_context_data(form_is_multipart=True, **kwargs)

    def form_valid(self, form):
        row = importing.upload(
            file=form.cleaned_data["file"], parent=form.cleaned_data["parent"], user=self.request.user
        )
        return redirect("oberih_courses_import_state", row.uuid)


class ImportStateView(_Guarded, TemplateView):
    template_name = "oberih/courses/admin/import.html"
    header_icon = "upload"
    page_title = gettext_lazy("Import a course")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        mine = CourseImport.objects.filter(made_by=request.user.pk)
        self.row = get_object_or_404(mine.select_related("parent"), uuid=kwargs["uuid"])

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if self.row.state in {ImportState.UPLOADED, ImportState.RUNNING}:
            response["Refresh"] = "2"
        return response

    def post(self, request, *args, **kwargs):
        if not may_import_below(request.user, self.row.parent.specific):
            raise PermissionDenied
        importing.confirm(self.row)
        return redirect("oberih_courses_import_state", self.row.uuid)

    def get_context_data(self, **kwargs):
        done = cache.get(importing.progress_key(self.row)) if self.row.state == ImportState.RUNNING else None
        plan = self.row.plan
        return super().get_context_data(
            row=self.row,
            is_busy=self.row.state in {ImportState.UPLOADED, ImportState.RUNNING},
            is_planned=self.row.state == ImportState.PLANNED,
            is_refused=self.row.state == ImportState.REFUSED,
            counts=_counted(plan["counts"]) if plan else [],
            plan=plan,
            progress=done and _("%(done)d of %(all)d pages") % {"done": done[0], "all": done[1]},
            **kwargs,
        )


def _counted(counts):
    """What would be made, in words."""
    words = [
        ngettext("%(count)d module", "%(count)d modules", counts["module"]) % {"count": counts["module"]},
        ngettext("%(count)d lesson", "%(count)d lessons", counts["lesson"]) % {"count": counts["lesson"]},
        ngettext("%(count)d assessment", "%(count)d assessments", counts["assessment"])
        % {"count": counts["assessment"]},
        ngettext("%(count)d question", "%(count)d questions", counts["question"]) % {"count": counts["question"]},
        ngettext("%(count)d image", "%(count)d images", counts["image"]) % {"count": counts["image"]},
        ngettext("%(count)d document", "%(count)d documents", counts["document"]) % {"count": counts["document"]},
        ngettext("%(count)d video or audio", "%(count)d videos and audios", counts["media"])
        % {"count": counts["media"]},
        ngettext("%(count)d package", "%(count)d packages", counts["package"]) % {"count": counts["package"]},
    ]
    names = ("module", "lesson", "assessment", "question", "image", "document", "media", "package")
    return [text for name, text in zip(names, words, strict=True) if counts[name]]


class ImportMenuItem(MenuItem):
    def __init__(self):
        super().__init__(
            _("Import a course"),
            reverse("oberih_courses_import"),
            name="oberih-courses-import",
            icon_name="upload",
            order=105,
        )

    def is_shown(self, request):
        return may(request.user, RIGHT)


def buttons(page, user):
    """What can be done with the page of a course, for whoever may edit it."""
    is_course = issubclass(page.specific_class or object, CoursePageMixin)
    if not (is_course and may(user, RIGHT) and page.permissions_for_user(user).can_edit()):
        return
    yield Button(
        _("Copy this course"), reverse("oberih_courses_copy", args=[page.pk]), icon_name="copy", priority=21
    )
    yield Button(
        _("Export as a file"), reverse("oberih_courses_export", args=[page.pk]), icon_name="download", priority=22
    )
