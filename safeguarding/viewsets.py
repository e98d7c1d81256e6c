"""What this room adds to the *Training* menu."""

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column

from safeguarding.i18n_admin import I18nFieldPanel, I18nModelForm
from safeguarding.models import AuditEntry, Helpline, Role
from safeguarding.training_menu import TrainingViewSet


class LanguageCodesField(forms.CharField):
    """A list of languages as their codes with commas between."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        codes = [code.strip().lower() for code in super().to_python(value).split(",") if code.strip()]
        for code in codes:
            try:
                get_language_info(code)
            except KeyError as error:
                raise ValidationError(
                    _("“%(code)s” is not the code of a language."), code="language", params={"code": code}
                ) from error
        return list(dict.fromkeys(codes))

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class HelplineForm(I18nModelForm):
    languages = LanguageCodesField(
        label=_("Languages"),
        required=False,
        help_text=_("The codes of the languages that are spoken, as in “uk, en”. Empty: not stated."),
    )

    def clean_country(self):
        return self.cleaned_data["country"].upper()


class HelplineViewSet(TrainingViewSet):
    model = Helpline
    icon = "mobile-alt"
    menu_label = _("Helplines")
    menu_order = 600
    list_display = ["number", Column("name", label=_("Name")), "country", BooleanColumn("is_active"), "position"]
    list_filter = ["country", "is_active"]
    list_export = ["country", "number", "name", "hours", "link", "is_active"]
    search_fields = ["name", "number"]
    ordering = ["position", "country", "number"]
    edit_handler = ObjectList(
        [
            I18nFieldPanel("name", help_text=_("What the helpline is, in each language that readers have.")),
            FieldRowPanel(
                [
                    FieldPanel("number", help_text=_("As it is dialled in the country.")),
                    FieldPanel("country", help_text=_("Two letters, as in UA; EU for the whole of the Union.")),
                ]
            ),
            I18nFieldPanel("hours", help_text=_("When somebody answers, and whether the call is free.")),
            FieldPanel("languages"),
            FieldPanel("link", help_text=_("The helpline’s own page, if it has one.")),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [
                            FieldPanel("position", help_text=_("The lowest number stands first.")),
                            FieldPanel("is_active", help_text=_("Only active helplines are shown.")),
                        ]
                    )
                ],
                heading=_("Where it is shown"),
            ),
        ],
        base_form_class=HelplineForm,
    )


class AuditFilterSet(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label=_("At"), widget=DateRangePickerWidget)
    action = django_filters.CharFilter(label=_("Action"), lookup_expr="icontains")

    class Meta:
        model = AuditEntry
        fields = ["at", "action"]


class AuditEntryViewSet(TrainingViewSet):
    """To be read, by auditors and administrators only, whatever permissions a group was given."""

    model = AuditEntry
    icon = "history"
    menu_label = _("Audit log")
    menu_order = 920
    deeds = frozenset({"view"})
    roles = (Role.AUDITOR,)
    list_display = ["at", "actor", "action", "subject", "reason"]
    list_select_related = ["actor"]
    filterset_class = AuditFilterSet
    list_export = ["at", "actor", "action", "subject", "keys", "reason"]
    search_fields = ["action", "subject", "reason", f"actor__{get_user_model().USERNAME_FIELD}"]
    ordering = ["-at", "-pk"]
    list_per_page = 50
    inspect_view_enabled = True
    inspect_view_fields = ["at", "actor", "action", "subject", "keys", "reason"]
