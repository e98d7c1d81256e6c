from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from participants.admin_forms import by_code, country_choices
from participants.models import Organisation, Project
from safeguarding.models import Role
from safeguarding.roles import GIVEN_BY_MANAGERS, has_role, scopes_of


class SignUpForm(forms.Form):
    """What is asked of somebody who signs up, besides allauth's own questions.

    The name is what a certificate is made out to; without one none is issued.
    """

    full_name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("First name and surname, as you write them."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ["full_name", "email", "password1"]

    def clean_full_name(self):
        return " ".join(self.cleaned_data["full_name"].split())

    def signup(self, request, user):
        # In one field: not every name has two parts, nor does everybody write the surname last.
        user.first_name = self.cleaned_data["full_name"]
        user.save(update_fields=["first_name"])


class InvitationForm(forms.Form):
    """Whom to ask, to what, and where it ends. What the inviter may give is decided by `actions.invite`."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"))
    country = forms.ChoiceField(label=_("Country"), required=False)
    project = forms.ChoiceField(label=_("Project"), required=False)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (role, label) for role, label in Role.choices if has_role(by) or role in GIVEN_BY_MANAGERS
        ]
        self.fields["country"].choices = country_choices(_("Every country"))
        self.fields["project"].choices = by_code(Project, _("Every project"))
        self.fields["organisation"].choices = by_code(Organisation, _("Every organisation"))
        # Most managers have one scope, and may give no other.
        scopes = scopes_of(by, Role.MANAGER)
        if scopes:
            self.initial.update(zip(("country", "project", "organisation"), scopes[0], strict=True))


class AddPasskeyForm(AddWebAuthnForm):
    """allauth takes a key for a second factor unless it is told otherwise; here it also replaces the password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["name"].help_text = _("So that you know it again, as in “my telephone”.")
        self.fields["passwordless"].label = _("Log in with it alone, without the password")
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True
