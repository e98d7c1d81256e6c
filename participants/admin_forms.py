"""The forms of the *Training* menu's code lists, consent texts and roles."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from participants.models import Area, ConsentText, Organisation, Project
from participants.places import countries, country_name
from safeguarding.i18n_admin import I18nModelForm


def country_choices(empty):
    """Those that have areas here come first."""
    known = sorted(set(Area.objects.order_by().values_list("country", flat=True)), key=country_name)
    others = sorted(countries() - set(known), key=country_name)
    return [
        ("", empty),
        *((code, country_name(code)) for code in [*known, *others]),
    ]


class CodeListForm(I18nModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True


class TopicForm(CodeListForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Two levels: whatever has narrower topics is nobody's part, and nothing is its own.
        widest = self.fields["parent"].queryset.filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = widest

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        if parent and self.instance.pk and self.instance.children.exists():
            raise forms.ValidationError(
                _("This topic has narrower ones, so it cannot be part of another."), code="levels"
            )
        return parent


class AreaForm(CodeListForm):
    pass


class OrganisationForm(CodeListForm):
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices(_("Not stated"))
        self.fields["base_area"].queryset = Area.objects.filter(is_active=True).order_by("country", "position")

    def clean(self):
        cleaned = super().clean()
        area, country = cleaned.get("base_area"), cleaned.get("country")
        if area and country and area.country != country:
            self.add_error(
                "base_area", forms.ValidationError(_("This area lies in another country."), code="country")
            )
        return cleaned


class ConsentTextForm(I18nModelForm):
    def save(self, commit=True):
        if not commit:
            return super().save(commit=False)
        self.instance = ConsentText.objects.add_version(
            purpose=self.cleaned_data["purpose"], text=self.cleaned_data["text"]
        )
        return self.instance


class RoleGrantForm(I18nModelForm):
    """The account is typed, not chosen: a list of all accounts would be a list of people."""

    account = forms.CharField(
        label=_("Account"), help_text=_("The e-mail address with which this person logs in.")
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    project = forms.ChoiceField(label=_("Project"), required=False)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices(_("Every country"))
        self.fields["project"].choices = by_code(Project, _("Every project"))
        self.fields["organisation"].choices = by_code(Organisation, _("Every organisation"))

    def clean_account(self):
        typed = self.cleaned_data["account"].strip()
        users = get_user_model()
        found = users.objects.filter(**{f"{users.USERNAME_FIELD}__iexact": typed}, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has an account with this address."), code="unknown")
        # Here and not in save(), so that the model's own rule against a second grant sees whose it is.
        self.instance.user = found
        return typed

    def _get_validation_exclusions(self):
        excluded = super()._get_validation_exclusions()
        return excluded - {"user"} if self.instance.user_id else excluded


def by_code(model, empty):
    return [("", empty), *((row.code, str(row)) for row in model.objects.all())]
