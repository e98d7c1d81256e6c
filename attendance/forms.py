from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attendance.models import Headcount, MarkStatus
from events.people import Person
from participants.codes import AgeBand, HeadcountMethod, Qualifier, Sex
from participants.contacts import normal_email, normal_phone
from participants.models import Category, Purpose


class MarkForm(forms.Form):
    """A tap in the register."""

    status = forms.ChoiceField(choices=MarkStatus.choices)


class CorrectionForm(forms.Form):
    """A change after the register was closed, which has to say why."""

    status = forms.ChoiceField(label=_("How they attended"), choices=MarkStatus.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why it has to be changed"),
        max_length=300,
        help_text=_("Stays in the register beside your name."),
    )


class WalkInForm(forms.Form):
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    full_name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As they write it themselves."))
    contact = forms.CharField(
        label=_("E-mail or phone"),
        max_length=254,
        required=False,
        help_text=_("Where their certificate is announced. A child may have neither."),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN, required=False)
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False, min_value=1900)
    category = forms.ModelChoiceField(
        label=_("What they do"), queryset=Category.objects.filter(is_active=True), required=False
    )

    agreed = forms.BooleanField(
        label=_("They were told what is kept and agree to be counted by these answers"),
        required=False,
        help_text=_("Without it only the name and the contact are kept."),
    )

    def clean_contact(self):
        contact = self.cleaned_data["contact"].strip()
        if not contact:
            return {}
        if "@" in contact:
            email = normal_email(contact)
            validate_email(email)
            return {"email": email}
        return {"phone": normal_phone(contact)}

    def clean_birth_year(self):
        year = self.cleaned_data["birth_year"]
        if year is not None and year > timezone.localdate().year:
            raise ValidationError(_("This year has not come yet."), code="future")
        return year

    def person(self):
        given = self.cleaned_data
        return Person(
            full_name=given["full_name"],
            sex=given["sex"] or Sex.UNKNOWN,
            birth_year=given["birth_year"],
            category=given["category"],
            consents={Purpose.STATISTICS: given["agreed"]},
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
