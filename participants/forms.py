"""What somebody asks or says about themselves, and what staff decide about two who may be one."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from participants.codes import Sex
from participants.contacts import normal_email, normal_phone
from participants.erasing import CertificatesWish
from participants.fields import BirthYearField, LatinNameField, NameField, PhoneField
from participants.models import ContactKind, Organisation, Purpose

# Longer lists are no help on a phone; such a site asks its organisations in another way.
ORGANISATIONS_IN_A_SELECT = 200


class LinkForm(forms.Form):
    """A contact, to which a personal link is sent if it belongs to somebody."""

    contact = forms.CharField(
        label=_("Your e-mail or phone number"),
        max_length=254,
        help_text=_("The one that you gave when you registered."),
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )

    def clean_contact(self):
        value = self.cleaned_data["contact"].strip()
        if "@" in value:
            validate_email(value)
            return ContactKind.EMAIL, normal_email(value)
        return ContactKind.PHONE, normal_phone(value)


class CorrectionForm(forms.Form):
    """What is held of a person and theirs to say. Nothing else that is posted is looked at."""

    full_name = NameField(label=_("Your name"), help_text=_("First name and surname, as you write them."))
    latin_name = LatinNameField(
        help_text=_("For certificates. Leave it empty and we write it by the national rules.")
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("We send a link to a new address; until you have opened it, the old one stays."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneField(label=_("Phone"), help_text=_("With the country’s code. A new number gets a link, too."))
    birth_year = BirthYearField()
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[(Sex.UNKNOWN, _("Prefer not to say")), *Sex.choices[:-1]], required=False
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Another one, or none"),
    )
    language = forms.ChoiceField(label=_("Language in which we write to you"))

    def __init__(self, *args, participant, **kwargs):
        self.participant = participant
        names = [*self.declared_fields]
        super().__init__(*args, initial={name: getattr(participant, name) for name in names}, **kwargs)
        # Also what is no longer offered, or saving would take it away.
        offered = Organisation.objects.filter(Q(is_active=True) | Q(pk=participant.organisation_id))
        if offered.count() <= ORGANISATIONS_IN_A_SELECT:
            self.fields["organisation"].queryset = offered
        else:
            del self.fields["organisation"]
        codes = dict.fromkeys(
            [*(code for code, _label in settings.LANGUAGES), *filter(None, [participant.language])]
        )
        self.fields["language"].choices = [(code, _name(code)) for code in codes]

    def clean_email(self):
        return normal_email(self.cleaned_data["email"])

    def clean_birth_year(self):
        year = self.cleaned_data["birth_year"]
        if self.participant.would_grow_up(year):
            raise ValidationError(
                _(
                    "By the year that we hold you may be under age. Ask the people who run the trainings to correct it."
                ),
                code="young",
            )
        return year

    def clean_sex(self):
        return self.cleaned_data["sex"] or Sex.UNKNOWN

    def clean(self):
        said = self.cleaned_data
        left = [said.get(kind) or self.has_error(kind) for kind in ContactKind]
        if not any(left) and not self.participant.user_id and (self.participant.email or self.participant.phone):
            self.add_error(
                "email",
                ValidationError(
                    _("Leave us one way to reach you: without it you could not come back to this page."),
                    code="contact",
                ),
            )

    def new_contacts(self):
        """(kind, value) of what was typed anew; "" where one is taken away."""
        return [
            (kind, self.cleaned_data[kind])
            for kind in ContactKind
            if self.cleaned_data[kind] != getattr(self.participant, kind)
        ]


class ErasureForm(forms.Form):
    certificates = forms.ChoiceField(
        label=_("If you hold certificates"),
        choices=CertificatesWish.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Kept, they can still be checked by their number, and the page says that the holder’s data was erased. "
            "Withdrawn, the page says so to whoever checks."
        ),
    )
    understood = forms.BooleanField(
        label=_("I understand that this cannot be undone"),
        error_messages={"required": _("Tick this, so that nothing is erased by mistake.")},
    )


class DecisionForm(forms.Form):
    """What somebody decided about a pair, and which pair."""

    DEEDS = ("keep_first", "keep_second", "not_same", "later")

    first = forms.UUIDField()
    second = forms.UUIDField()
    do = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS])


class ChangeConsentForm(forms.Form):
    """A button of the page of consents. It names the text that stood beside it."""

    purpose = forms.ChoiceField(choices=Purpose.choices)
    given = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes")
    subject = forms.CharField(max_length=80, required=False)
    version = forms.IntegerField()


def _name(code):
    return get_language_info(code)["name_local"]
