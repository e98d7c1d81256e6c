"""Form fields for the kinds of questions. All work without scripts; what they hold is read by `courses.kinds`."""

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from courses import kinds


def choice_field(*, multiple, label, options, **kwargs):
    """One question: circles where one answer is right, boxes where several are."""
    if multiple:
        return forms.MultipleChoiceField(
            label=label, choices=options, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
        )
    return forms.ChoiceField(label=label, choices=options, required=False, widget=forms.RadioSelect, **kwargs)


def as_list(value):
    return value if isinstance(value, list) else [value] if value else []


class PartsWidget(forms.MultiWidget):
    """A select for each part of a question: which place a thing has, or what belongs to it."""

    template_name = "oberih/courses/widgets/parts.html"

    def __init__(self, parts, choices):
        self.parts = parts
        attrs = [{"data-option": key} for key, _label in parts]
        super().__init__([forms.Select(attrs=one, choices=[("", "—"), *choices]) for one in attrs])

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for part, (_key, label) in zip(context["widget"]["subwidgets"], self.parts, strict=True):
            part["label"] = label
        return context

    def subwidgets(self, name, value, attrs=None):
        # Each select by itself, so that an error leads to the first of them.
        yield from self.get_context(name, value, attrs)["widget"]["subwidgets"]

    def decompress(self, value):
        chosen = dict(value or ())
        return [chosen.get(key, "") for key, _label in self.parts]

    def _render(self, template_name, context, renderer=None):
        # The selects by the form renderer, the whole by the site's templates: neither may look where the other does.
        for part in context["widget"]["subwidgets"]:
            part["html"] = super()._render(part["template_name"], {"widget": part}, renderer)
        return render_to_string(template_name, context)


class PartsField(forms.Field):
    """Pairs [part, what was chosen for it]."""

    def __init__(self, *, parts, choices, **kwargs):
        self.keys = [key for key, _label in parts]
        super().__init__(widget=PartsWidget(parts, choices), **kwargs)

    def clean(self, value):
        return [[key, one] for key, one in zip(self.keys, value, strict=True) if one]


def _texts(item, question):
    return [(key, question.texts.get(key, key)) for key in item["options"]] if question else []


def _choices(item, question, chosen, **kwargs):
    multiple = item["kind"] == "multiple"
    return choice_field(
        multiple=multiple,
        options=_texts(item, question),
        initial=chosen if multiple else next(iter(chosen), None),
        help_text=_("Several answers may be right.") if multiple else "",
        **kwargs,
    )


def _scale(item, question, chosen, **kwargs):
    labels = dict(kinds.AGREEMENT) | (question.texts if question else {})
    options = [(key, labels.get(key, key)) for key in item["options"]]
    return choice_field(multiple=False, options=options, initial=next(iter(chosen), None), **kwargs)


def _places(item, question, chosen, **kwargs):
    return PartsField(
        parts=_texts(item, question),
        choices=[(str(place), str(place)) for place in range(1, len(item["options"]) + 1)],
        initial=[(key, str(place)) for place, key in enumerate(chosen, 1) if key],
        help_text=_("Give each of them its place: 1 comes first."),
        required=False,
        **kwargs,
    )


def _pairs(item, question, chosen, **kwargs):
    matches = question.matches if question else {}
    return PartsField(
        parts=_texts(item, question),
        choices=[(token, matches.get(key) or key) for token, key in item["rights"]],
        initial=chosen,
        help_text=_("Choose for each what belongs to it."),
        required=False,
        **kwargs,
    )


def _written(attrs, help_text="", widget=forms.TextInput):
    def field(item, question, chosen, **kwargs):
        return forms.CharField(
            required=False,
            initial=next(iter(chosen), ""),
            help_text=help_text and str(help_text),
            widget=widget(
                attrs={"autocomplete": "off", "dir": "auto", "maxlength": kinds.of(item).longest, **attrs}
            ),
            **kwargs,
        )

    return field


def _number(item, question, chosen, **kwargs):
    return _written({"inputmode": "decimal"}, _("As a number, such as 12 or 12.5."))(
        item, question, chosen, **kwargs
    )


def _open(item, question, chosen, **kwargs):
    help_text = _("In your own words, in any language. A trainer reads it.")
    return _written({"rows": 6}, help_text, forms.Textarea)(item, question, chosen, **kwargs)


_FIELDS = {
    "ordering": _places,
    "matching": _pairs,
    "short_text": _written({"autocapitalize": "none", "spellcheck": "false"}),
    "numeric": _number,
    "likert": _scale,
    "open": _open,
}


def field_for(item, question, chosen=()):
    """The field of a drawn question, worded as `question` (`courses.questions.Worded`) says, None if it is gone."""
    label = question.text if question else _("This question is no longer available.")
    return _FIELDS.get(item["kind"], _choices)(item, question, list(chosen), label=label)
