"""What a certificate takes, and which were issued, in the *Training* menu. No names: those are where they are needed."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn

from certificates.models import AwardRule, Certificate
from courses.models import Course
from participants.places import language_name
from safeguarding.models import Role
from safeguarding.training_menu import IndexView, TrainingViewSet


def achievement(row):
    """The title of what a rule or a certificate is for, whichever kind it is."""
    return row.event or row.course or getattr(row, "programme", None)


def language(certificate):
    return language_name(certificate.language)


def asked(rule):
    parts = []
    if rule.attendance_percent is not None:
        parts.append(
            _now("%(percent)d %% of the sessions’ minutes attended") % {"percent": rule.attendance_percent}
        )
    if rule.needs_assessment:
        parts.append(_now("the assessment passed"))
    if rule.needs_lessons:
        parts.append(_now("all lessons completed"))
    return "; ".join(parts)


class AwardRuleForm(WagtailAdminModelForm):
    course = forms.ModelChoiceField(label=_("Course"), queryset=Course.objects.filter(archived_at=None))

    def clean(self):
        cleaned = super().clean()
        # The model's rule is not asked, since the form has no field for attendance, which it names.
        if not (cleaned.get("needs_assessment") or cleaned.get("needs_lessons")):
            raise forms.ValidationError(
                _("A certificate must take something: a passed assessment or lessons."), code="nothing"
            )
        return cleaned

    def save(self, commit=True):
        if not commit:
            return super().save(commit=False)
        said = self.cleaned_data
        self.instance = AwardRule.objects.add_version(
            said["course"], needs_assessment=said["needs_assessment"], needs_lessons=said["needs_lessons"]
        )
        return self.instance


class AwardRuleViewSet(TrainingViewSet):
    """A rule that somebody fulfilled is never changed: another demand is a new version."""

    model = AwardRule
    icon = "tick-inverse"
    menu_order = 420
    deeds = frozenset({"add", "view"})
    list_display = [
        Column("achievement", label=_("Course or event"), accessor=achievement),
        Column("asked", label=_("What it takes"), accessor=asked),
        "version",
        DateColumn("created_at", label=_("Since"), sort_key="created_at"),
    ]
    list_select_related = ["event", "course", "programme"]
    ordering = ["-created_at", "-pk"]
    edit_handler = ObjectList(
        [
            HelpPanel(
                _(
                    "For courses. What an event’s certificate takes is the attendance that its trainer planned. "
                    "A rule holds for certificates that are earned from now on; those that were issued stay."
                )
            ),
            FieldPanel("course"),
            MultiFieldPanel(
                [FieldPanel("needs_assessment"), FieldPanel("needs_lessons")], heading=_("What it takes")
            ),
        ],
        base_form_class=AwardRuleForm,
    )


class CertificateIndexView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().for_staff(self.request.user)


class CertificateViewSet(TrainingViewSet):
    """To be looked through, by managers. Issuing, replacing and revoking have pages of their own."""

    model = Certificate
    icon = "oberih-certificate"
    menu_label = _("Certificates")
    menu_order = 410
    deeds = frozenset({"view"})
    roles = (Role.MANAGER,)
    index_view_class = CertificateIndexView
    list_display = [
        "number",
        Column("achievement", label=_("Course or event"), accessor=achievement),
        "state",
        Column("language", label=_("Language"), accessor=language, sort_key="language"),
        DateColumn("issued_at", label=_("Issued at"), sort_key="issued_at"),
    ]
    list_select_related = ["event", "course"]
    list_filter = ["state", "language"]
    list_export = ["number", "event", "course", "state", "language", "issued_at", "revoked_at"]
    search_fields = ["number", "event__code", "course__code"]
    ordering = ["-earned_at", "-pk"]
    list_per_page = 50


def all_viewsets():
    return [CertificateViewSet(), AwardRuleViewSet()]
