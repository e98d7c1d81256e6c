from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from courses.importing.columns import MOST_ROWS
from courses.models import Course, Group
from participants import lists
from participants.contacts import normal_email
from participants.fields import NameField, PhoneField
from participants.models import Organisation, Project
from ui.widgets import DateInput

REASON_HINT = _(
    "Only needed where the course asks for others to be completed first. It is kept in the log; write no names here."
)


def languages():
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _label in settings.LANGUAGES]


class GroupForm(forms.ModelForm):
    class Meta:
        model = Group
        fields = ["name", "organisation", "project"]
        help_texts = {
            "name": _("As you speak of it, such as “Border guards, Chop, spring”. The people in it can read it."),
            "organisation": _("Its focal point then sees who is in the group and which courses it takes."),
            "project": _("Managers of the project can then work with the group, too."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(is_active=True)
        self.fields["project"].queryset = Project.objects.filter(is_active=True)


class PersonForm(forms.Form):
    """Somebody who is to take a course."""

    full_name = NameField(label=_("Name"), autocomplete="off", help_text=_("First name and surname."))
    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    phone = PhoneField(label=_("Phone"), autocomplete="off", help_text=_("Their e-mail or their phone is needed."))
    language = forms.ChoiceField(label=_("Language in which we write to them"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages()

    def clean_email(self):
        return normal_email(self.cleaned_data["email"])

    def clean(self):
        if not any(self.cleaned_data.get(kind) or self.has_error(kind) for kind in ("email", "phone")):
            self.add_error(
                "email", ValidationError(_("Give an e-mail or a phone number, one of them."), code="contact")
            )

    def attributes(self):
        """As `participants.actions.create_participants` takes them."""
        return {name: self.cleaned_data[name] for name in PersonForm.base_fields}


class EnrolPersonForm(PersonForm):
    INVITE, ENROL = "invite", "enrol"

    how = forms.ChoiceField(
        label=_("How"),
        choices=[
            (INVITE, _("Invite them by e-mail: they decide")),
            (ENROL, _("Enrol them at once: they are told")),
        ],
        initial=INVITE,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why without the courses that come first"), max_length=300, required=False, help_text=REASON_HINT
    )

    def clean(self):
        super().clean()
        if self.cleaned_data.get("how") == self.INVITE and not (
            self.cleaned_data.get("email") or self.has_error("email")
        ):
            self.add_error(
                "email", ValidationError(_("Invitations go by e-mail: write the address."), code="email")
            )


class GroupCourseForm(forms.Form):
    course = forms.ModelChoiceField(label=_("Course"), queryset=Course.objects.none())
    due_on = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: the course’s own time counts, or none."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.filter(archived_at=None)


class DueForm(forms.Form):
    due_on = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: without a date."),
    )


class ArchiveForm(forms.Form):
    do = forms.ChoiceField(choices=[("archive", ""), ("restore", "")])


class AnswerForm(forms.Form):
    """What is decided about a request. The button says which."""

    do = forms.ChoiceField(choices=[("approve", ""), ("decline", "")])
    answer = forms.CharField(
        label=_("What you write to them"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It goes to the person with your decision."),
    )
    reason = forms.CharField(
        label=_("Why without the courses that come first"), max_length=300, required=False, help_text=REASON_HINT
    )


class InvitationForm(forms.Form):
    do = forms.ChoiceField(choices=[("again", ""), ("withdraw", "")])


class ListForm(forms.Form):
    """A list of people as a file."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_("CSV or XLSX, up to %(rows)d rows and 2 MB. The first line names the columns.")
        % {"rows": MOST_ROWS},
        validators=[lists.validate_size],
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    tells = forms.BooleanField(
        label=_("Tell them by e-mail or text message, with their personal link"), required=False, initial=True
    )
    reason = forms.CharField(
        label=_("Why without the courses that come first"), max_length=300, required=False, help_text=REASON_HINT
    )

    def __init__(self, *args, with_reason=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not with_reason:
            del self.fields["reason"]
