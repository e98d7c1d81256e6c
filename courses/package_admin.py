"""Packages in Wagtail's admin: uploaded by editors, since a package is a program that runs on learners' screens."""

from django import forms
from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.snippets.views.snippets import CreateView, EditView

from courses import actions, tasks
from courses.conf import conf
from courses.models import Package, PackageState
from notifications import work
from safeguarding.training_menu import TrainingSnippetViewSet


class PackageForm(WagtailAdminModelForm):
    """The file and what it is called. Everything else is read out of it, after the upload."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.file_before = self.instance.file.name if self.instance.pk else ""
        self.fields["title"].required = False
        known = dict(settings.LANGUAGES)
        if self.instance.language:
            known.setdefault(self.instance.language, self.instance.language)
        self.fields["language"] = forms.ChoiceField(
            label=self.fields["language"].label,
            required=False,
            choices=[("", _("As the package says, or the lesson")), *known.items()],
        )
        self.fields["file"].widget = forms.FileInput(attrs={"accept": ".zip,.h5p"})

    def clean_file(self):
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return file
        if not file.name.lower().endswith((".zip", ".h5p")):
            raise forms.ValidationError(_("A package is a file that ends in .zip or .h5p."), code="ending")
        if file.size > conf.PACKAGE_MAX_SIZE:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s."),
                code="size",
                params={"limit": filesizeformat(conf.PACKAGE_MAX_SIZE)},
            )
        # What somebody called it on their machine may be anything; only the ending says something.
        file.name = f"package{file.name[file.name.rfind('.') :].lower()}"
        return file

    def save(self, commit=True):
        if "file" in self.changed_data:
            self.instance.state = PackageState.UPLOADED
            self.instance.errors = []
            self.instance.uploaded_at = timezone.now()
            self.instance.uploaded_by = self.for_user
        return super().save(commit=commit)


class StatePanel(Panel):
    """How it stands with the package, and what its author should know."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "oberih/courses/admin/package_state.html"

        def is_shown(self):
            return super().is_shown() and self.instance.pk is not None

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), "package": self.instance}


class _Looked:
    """After a file was uploaded it is looked at, outside of the request where there are workers."""

    def save_instance(self):
        with transaction.atomic():
            package = super().save_instance()
            if "file" in self.form.changed_data:
                if self.form.file_before:
                    actions.replace_file(package, self.form.file_before)
                work.hint(tasks.check_package, package.pk, get_language())
        return package


class PackageCreateView(_Looked, CreateView):
    pass


class PackageEditView(_Looked, EditView):
    pass


class PackageViewSet(TrainingSnippetViewSet):
    model = Package
    icon = "upload"
    menu_label = _("Packages")
    menu_order = 130
    add_view_class = PackageCreateView
    edit_view_class = PackageEditView
    list_display = [
        "title",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("get_state_display", label=_("State"), sort_key="state"),
        "language",
        DateColumn("uploaded_at", label=_("Uploaded"), sort_key="uploaded_at"),
    ]
    list_filter = ["kind", "state", "language"]
    list_export = ["title", "kind", "state", "language", "size", "file_count", "uploaded_at"]
    search_fields = ["title"]
    ordering = ["-uploaded_at"]
    edit_handler = ObjectList(
        [
            StatePanel(heading=_("State")),
            FieldPanel(
                "file",
                help_text=_(
                    "A SCORM 1.2 or SCORM 2004 package (.zip), or H5P where this site plays it. A package is a program that "
                    "runs in learners’ browsers: upload only what comes from somebody you trust."
                ),
            ),
            FieldPanel("title", help_text=_("Empty: as the package calls itself.")),
            FieldPanel("language"),
        ],
        base_form_class=PackageForm,
    )
