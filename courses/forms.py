import json

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import QuestionKind


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


def choice_field(*, multiple, label, options, **kwargs):
    """One question: circles where one answer is right, boxes where several are."""
    if multiple:
        return forms.MultipleChoiceField(
            label=label, choices=options, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
        )
    return forms.ChoiceField(label=label, choices=options, required=False, widget=forms.RadioSelect, **kwargs)


def as_list(value):
    return value if isinstance(value, list) else [value] if value else []


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


class AttemptForm(forms.Form):
    """All questions of an attempt. None is required: what is missing may be answered later."""

    def __init__(self, drawn, questions, *args, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = {}
        for item in drawn:
            question = questions.get(item["key"])
            name = f"q-{item['key']}"
            self.keys[name] = item["key"]
            multiple = item["kind"] == QuestionKind.MULTIPLE
            known = chosen.get(item["key"], [])
            self.fields[name] = choice_field(
                multiple=multiple,
                label=question.text if question else _("This question is no longer available."),
                options=[(key, question.texts.get(key, key)) for key in item["options"]] if question else [],
                initial=known if multiple else next(iter(known), None),
                help_text=_("Several answers may be right.") if multiple else "",
            )

    def given(self):
        """(question's key, options chosen) of every question that was answered."""
        return [(key, as_list(self.cleaned_data[name])) for name, key in self.keys.items()]

    def unanswered(self):
        """The fields that nobody answered, now or before."""
        given = self.cleaned_data if self.is_bound else self.initials
        return [self[name] for name in self.keys if not given[name]]

    @property
    def initials(self):
        return {name: self.fields[name].initial for name in self.keys}
