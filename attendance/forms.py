from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from attendance.models import Headcount, MarkStatus
from events.forms import AgeForm
from events.people import Person
from participants.codes import AgeBand, HeadcountMethod, Qualifier, Sex
from participants.contacts import normal_email, normal_phone
from participants.models import Category, Purpose


class MarkForm(forms.Form):
    """A tap in the register."""

    status = forms.ChoiceField(choices=MarkStatus.choices)


class CorrectionForm(forms.Form):
    """A change after the register was closed, which has to say why, or letting in somebody whom nobody may let in."""

    status = forms.ChoiceField(label=_("How they attended"), choices=MarkStatus.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why it has to be changed"),
        max_length=300,
        help_text=_("Stays in the register beside your name."),
    )
    let_in = forms.BooleanField(
        label=_("I let this person in without the consent of a parent or guardian"),
        required=False,
        help_text=_("The reason you give is written into the log, too."),
    )

    def __init__(self, *args, registration, **kwargs):
        self.registration = registration
        super().__init__(*args, **kwargs)
        if registration.may_attend:
            del self.fields["let_in"]
        else:
            self.fields["reason"].label = _("Why it is written down like this")

    def clean(self):
        cleaned = super().clean()
        attended = self.cleaned_data.get("status") in MarkStatus.attended()
        if "let_in" in self.fields and attended and not self.cleaned_data["let_in"]:
            self.add_error(
                "let_in",
                ValidationError(
                    _("Tick this if you answer for it. Otherwise this person cannot be marked as having come."),
                    code="guardian_consent",
                ),
            )
        return cleaned

    @property
    def override(self):
        """Why somebody is let in whose parent or guardian has not agreed."""
        return self.cleaned_data["reason"] if self.cleaned_data.get("let_in") else ""


class WalkInForm(AgeForm):
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    full_name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As they write it themselves."))
    contact = forms.CharField(
        label=_("E-mail or phone"),
        max_length=254,
        required=False,
        help_text=_("Where their certificate is announced. A child may have neither."),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN, required=False)
    category = forms.ModelChoiceField(
        label=_("What they do"), queryset=Category.objects.filter(is_active=True), required=False
    )

    agreed = forms.BooleanField(
        label=_("They were told what is kept and agree to be counted by these answers"),
        required=False,
        help_text=_("Without it only the name and the contact are kept."),
    )
    certificate = forms.BooleanField(
        label=_("They want a certificate and know what others can see of it"), required=False
    )
    saw_paper = forms.BooleanField(
        label=_("I have seen the form that a parent or guardian signed"),
        required=False,
        help_text=_("Only for somebody who is under age."),
    )
    override = forms.CharField(
        label=_("Why somebody under age is let in without it"),
        max_length=300,
        required=False,
        help_text=_("Stays in the register beside your name, and in the log."),
    )

    field_order = ("submission", "full_name", "contact", "of_age", "birth_year", "saw_paper", "override")

    def __init__(self, *args, session=None, **kwargs):
        self.session = session
        super().__init__(*args, **kwargs)
        if self.event.attendance_threshold is None:
            del self.fields["certificate"]
        if session is None:
            # Nobody is let in anywhere: they get a place and no mark.
            del self.fields["override"]

    def of_age_words(self):
        return _("They are %(age)s or older on the first day of the event")

    def clean_contact(self):
        contact = self.cleaned_data["contact"].strip()
        if not contact:
            return {}
        if "@" in contact:
            email = normal_email(contact)
            validate_email(email)
            return {"email": email}
        return {"phone": normal_phone(contact)}

    def clean(self):
        cleaned = super().clean()
        without = not (self.cleaned_data.get("saw_paper") or self.cleaned_data.get("override"))
        if self.is_young and self.session is not None and without:
            self.add_error(
                "saw_paper",
                ValidationError(
                    _("Somebody of this age needs the consent of a parent or guardian. Tick this or say why not."),
                    code="guardian",
                ),
            )
        return cleaned

    def person(self):
        given = self.cleaned_data
        consents = {Purpose.STATISTICS: given["agreed"]}
        if "certificate" in given:
            consents[Purpose.CERTIFICATE] = given["certificate"]
        return Person(
            full_name=given["full_name"],
            sex=given["sex"] or Sex.UNKNOWN,
            birth_year=given["birth_year"],
            category=given["category"],
            consents=consents,
            is_of_age=given["of_age"],
            **given["contact"],
        )


class HeadcountForm(forms.ModelForm):
    """The total."""

    class Meta:
        model = Headcount
        fields = ["value", "qualifier", "method", "note"]
        labels = {"value": _("How many persons")}
        help_texts = {"note": _("What a reader of the figure must know. No names.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["qualifier"].choices = Qualifier.choices
        self.fields["method"].choices = HeadcountMethod.choices


class HeadcountPartForm(forms.Form):
    """One group of those counted. A line that is left empty counts nobody."""

    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("All")), *Sex.choices], required=False)
    age_band = forms.ChoiceField(label=_("Age"), choices=[("", _("All")), *AgeBand.choices], required=False)
    category = forms.ModelChoiceField(
        label=_("What they do"),
        queryset=Category.objects.filter(is_active=True),
        required=False,
        empty_label=_("All"),
    )
    value = forms.IntegerField(label=_("Number"), required=False, min_value=0)

    def clean(self):
        given = super().clean()
        names_a_group = any(given.get(name) for name in ("sex", "age_band", "category"))
        if names_a_group and "value" not in self.errors and given.get("value") is None:
            self.add_error("value", ValidationError(_("How many were in this group?"), code="required"))
        return given


class BaseHeadcountParts(forms.BaseFormSet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Read once, not once a line.
        self.categories = list(Category.objects.filter(is_active=True))

    def add_fields(self, form, index):
        super().add_fields(form, index)
        field = form.fields["category"]
        field.widget.choices = [("", field.empty_label), *((one.pk, str(one)) for one in self.categories)]


HeadcountParts = forms.formset_factory(HeadcountPartForm, formset=BaseHeadcountParts, extra=3, max_num=60)


class CloseEventForm(forms.Form):
    """Asked only when nobody was counted."""

    reason = forms.CharField(
        label=_("Why nobody was counted"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Managers read it beside the figures of the quarter."),
    )
