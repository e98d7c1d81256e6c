import json

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.fields import as_list, choice_field


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search the courses"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "maxlength": 100, "autocomplete": "off", "enterkeyhint": "search"}
        ),
    )


class CatalogueForm(forms.Form):
    """What a reader narrows the catalogue by. Each field offers only what the catalogue holds."""

    q = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    length = forms.ChoiceField(
        label=_("How long it takes"),
        required=False,
        choices=[
            ("", _("Any length")),
            ("short", _("Up to 15 minutes")),
            ("medium", _("15 minutes to an hour")),
            ("long", _("More than an hour")),
        ],
    )
    audience = forms.ChoiceField(label=_("Who it is for"), required=False)

    def __init__(self, *args, topics, languages, audiences, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", _("All topics")), *topics]
        self.fields["language"].choices = [("", _("All languages")), *languages]
        self.fields["audience"].choices = [("", _("Everybody")), *audiences]

    def chosen(self):
        """What narrows the catalogue; a choice that is not understood (an old link) narrows nothing."""
        self.is_valid()
        chosen = {key: value for key, value in self.cleaned_data.items() if value}
        # Drawn again, the form shows what counts, without complaints.
        self.data, self._errors = chosen, forms.utils.ErrorDict()
        return chosen

    def label_of(self, name, value):
        return str(dict(self.fields[name].choices)[value]).lstrip("– ")


def sent(request):
    """What a script sent as JSON, for a form; nothing where it is no JSON object."""
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


class MediaForm(forms.Form):
    """How far a video or an audio was played: different seconds of it, and where it was left."""

    seconds = forms.IntegerField(min_value=0, max_value=1_000_000)
    position = forms.IntegerField(min_value=0, max_value=1_000_000)


class TimeForm(forms.Form):
    """How long one visit to a lesson has lasted."""

    uuid = forms.UUIDField()
    seconds = forms.IntegerField(min_value=1, max_value=86_400)


class CheckForm(forms.Form):
    """A knowledge check of a lesson."""

    def __init__(self, check, *args, chosen=(), **kwargs):
        super().__init__(*args, prefix=f"check-{check.id}", **kwargs)
        self.fields["choice"] = choice_field(
            multiple=check.multiple,
            label=check.question,
            options=[(option.id, option.text) for option in check.options],
            initial=list(chosen) if check.multiple else next(iter(chosen), None),
            help_text=_("Several answers may be right.") if check.multiple else "",
        )

    @property
    def field(self):
        return self["choice"]

    def clean_choice(self):
        chosen = as_list(self.cleaned_data["choice"])
        if not chosen:
            raise forms.ValidationError(_("Choose an answer first."), code="required")
        return chosen
