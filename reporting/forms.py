from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Event
from participants.models import Project, Topic
from participants.places import country_name
from reporting.scope import Filters, Window
from safeguarding.models import Role
from safeguarding.roles import scopes_of


def _day(label):
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def scopes(user):
    """The (country, project) pairs that a manager reports on; None where nothing limits them.

    Nothing is filtered by an organisation yet, so whoever manages one alone has no figures here.
    """
    held = scopes_of(user, Role.MANAGER)
    return held and [(country, project) for country, project, organisation in held if not organisation]


def _holds(scope, asked):
    return all(limit in {"", wanted} for limit, wanted in zip(scope, asked, strict=True))


class ReportForm(forms.Form):
    """The window and the filters, from the query string."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    topic = forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.filter(is_active=True), to_field_name="code", required=False
    )
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.all(), to_field_name="code", required=False
    )

    def __init__(self, *args, user, **kwargs):
        self.scopes = scopes(user)
        super().__init__(*args, **kwargs)
        # Named as in the command; `from` cannot be an attribute of a class.
        self.fields = {"from": _day(_("From")), "to": _day(_("To")), **self.fields}
        held = Event.objects.exclude(country="").values_list("country", flat=True).distinct()
        countries = sorted(((code, country_name(code)) for code in held.order_by()), key=lambda choice: choice[1])
        self.fields["country"].choices = [("", _("All countries")), *countries]
        self.fields["topic"].empty_label = _("All topics")
        self.fields["project"].empty_label = _("All projects")

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("from"), cleaned.get("to")
        if start and end and end < start:
            self.add_error("to", forms.ValidationError(_("The last day is before the first day."), code="order"))
        if not self.errors and not self._is_within(self.filters()):
            raise forms.ValidationError(_("These figures lie outside what you manage."), code="scope")
        return cleaned

    def window(self):
        return Window(self.cleaned_data["from"], self.cleaned_data["to"])

    def filters(self):
        codes = {name: self.cleaned_data[name] for name in ("topic", "project")}
        return Filters(
            country=self.cleaned_data["country"], **{name: row.code if row else "" for name, row in codes.items()}
        )

    def chosen(self):
        """(name, words) of the filters in use."""
        said = self.cleaned_data
        words = {
            "country": said["country"] and country_name(said["country"]),
            "topic": said["topic"] and str(said["topic"]),
            "project": said["project"] and str(said["project"]),
        }
        return [(name, word) for name, word in words.items() if word]

    def may_drop(self, name):
        """Whether the figures without this filter are still within what the manager manages."""
        return self._is_within(replace(self.filters(), **{name: ""}))

    def _is_within(self, filters):
        asked = (filters.country, filters.project)
        return self.scopes is None or any(_holds(scope, asked) for scope in self.scopes)


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("Title or code"), max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
