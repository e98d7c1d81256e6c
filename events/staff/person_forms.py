"""What is decided about somebody at a training."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events import guardians
from events.models import Registration
from events.people import Guardian
from participants.contacts import normal_email
from participants.fields import NameField, PhoneField
from ui.fields import LinesField


class ReasonForm(forms.Form):
    """Why somebody is declined, where whoever decides wants to say it."""

    reason = LinesField(
        label=_("If you decline: why"),
        max_length=Registration._meta.get_field("declined_reason").max_length,
        required=False,
        rows=2,
        help_text=_(
            "The person reads it as you write it, in their message and on the page of their registration."
        ),
    )


class DecisionForm(ReasonForm):
    do = forms.ChoiceField(
        choices=[("approve", ""), ("decline", ""), ("cancel", ""), ("first", ""), ("in_line", "")]
    )


class SeveralForm(ReasonForm):
    """The same about several: `offered` are those who wait, with what is said of each beside their box."""

    people = forms.ModelMultipleChoiceField(
        label=_("Who registered first stands first"),
        queryset=None,
        to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one person.")},
    )
    do = forms.ChoiceField(choices=[("approve", ""), ("decline", "")])

    def __init__(self, *args, event, offered, **kwargs):
        super().__init__(*args, **kwargs)
        # Whoever withdrew since the page was opened is no error: they are passed over, and named.
        self.fields["people"].queryset = event.registrations.all()
        self.fields["people"].choices = [(str(one.uuid), words) for one, words in offered]


class GroupForm(forms.Form):
    """Which of the event's parallel groups somebody is put into."""

    group = forms.ModelChoiceField(label=_("Group"), queryset=None, empty_label=None)

    def __init__(self, *args, registration, **kwargs):
        super().__init__(*args, **kwargs)
        groups = registration.event.groups.all()
        # The one that they are in is not offered, but may come from a page that is older than a colleague's choice.
        self.fields["group"].queryset = groups if self.is_bound else groups.exclude(pk=registration.group_id)


class GuardianContactForm(forms.Form):
    """Who is asked about somebody under age, as a trainer corrects it."""

    name = NameField(label=_("Name of the parent or guardian"), autocomplete="off")
    relation = forms.CharField(label=_("Who they are to the young person"), max_length=100)
    email = forms.EmailField(label=_("Their e-mail"), required=False)
    phone = PhoneField(label=_("Their phone"), autocomplete="off")

    def __init__(self, *args, country, participant, **kwargs):
        self.participant = participant
        super().__init__(*args, **kwargs)
        self.fields["phone"].country = country or "UA"

    def clean_email(self):
        return normal_email(self.cleaned_data["email"])

    def clean(self):
        cleaned = super().clean()
        if not any(self.cleaned_data.get(name) or self.has_error(name) for name in ("email", "phone")):
            self.add_error(
                "email", forms.ValidationError(_("Give an e-mail address or a phone number."), code="contact")
            )
        for kind in guardians.own_contacts(self.guardian(), {}, self.participant):
            self.add_error(
                kind,
                forms.ValidationError(
                    _("This is a contact of the young person’s own. Give one of their parent or guardian."),
                    code="own",
                ),
            )
        return cleaned

    def guardian(self):
        said = self.cleaned_data
        return Guardian(*(said.get(name, "") for name in ("name", "relation", "email", "phone")))


class GuardianDeedForm(forms.Form):
    do = forms.ChoiceField(choices=[("paper", ""), ("withdraw", ""), ("send", "")])
