"""What the forms for registering have in common: contacts, agreement, age, what people are counted by, questions."""

from django import forms
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from events import question_fields, seats
from events.people import is_surely_young, may_be_young
from participants.codes import Displacement, Sex
from participants.conf import adult_age
from participants.fields import BirthYearField, PhoneField


class ContactForm(forms.Form):
    """How somebody is reached: by one of the two at least."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Or a phone number; one is enough."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneField(label=_("Phone"))

    def call_from(self, country):
        self.fields["phone"].country = country or "UA"
        # Between isolating signs, since a line that runs to the left would turn its groups of digits round; in one piece.
        example = "\u2066+380\u00a067\u00a0123\u00a045\u00a067\u2069"
        self.fields["phone"].help_text = _("With the country’s code, such as %(number)s.") % {"number": example}

    def clean(self):
        cleaned = super().clean()
        if "email" in self.fields and not any(
            self.cleaned_data.get(name) or self.has_error(name) for name in ("email", "phone")
        ):
            self.add_error(
                "email",
                forms.ValidationError(
                    _("Give an e-mail address or a phone number, so that we can reach you."), code="contact"
                ),
            )
        return cleaned


class AgreementForm(forms.Form):
    """What somebody agrees to. An agreement is to the words that stood on the page, and to no others."""

    # The fields with which it is agreed to, and for what.
    ASKED = {}

    # The versions of the texts that were shown.
    texts = forms.CharField(widget=forms.HiddenInput, required=False)

    def ask_consents(self, event, texts):
        if event.attendance_threshold is None:
            del self.fields["certificate"]
        self.asked = {name: texts[purpose] for name, purpose in self.ASKED.items() if name in self.fields}
        self.shown = " ".join(f"{text.purpose}:{text.version}" for text in self.asked.values())
        self.fields["texts"].initial = self.shown

    def clean(self):
        cleaned = super().clean()
        if self.cleaned_data.get("texts") != self.shown:
            self._ask_again()
        return cleaned

    def _ask_again(self):
        """The words have changed since the page was drawn: all stays as it was typed but the ticks below them."""
        self.data = self.data.copy()
        self.data[self.add_prefix("texts")] = self.shown
        for name in self.asked:
            self.data.pop(self.add_prefix(name), None)
        self.add_error(
            None,
            forms.ValidationError(
                _("The words of what you agree to have changed meanwhile. Read them and tick them again."),
                code="texts",
            ),
        )

    def consents(self):
        """The answers and the texts they are to, as a Person takes them."""
        return {
            "consents": {text.purpose: self.cleaned_data[name] for name, text in self.asked.items()},
            "texts": {text.purpose: text for text in self.asked.values()},
        }


class AgeForm(forms.Form):
    """Asks whether somebody is of age where the event is held: by a tick, or by the year of birth of whoever is not.

    It is asked of everybody and whether or not their answers may be counted, since a child has to be protected.
    """

    # Where years of birth may stand: all of them are believed that make somebody young.
    YEARS = ("birth_year",)

    of_age = forms.BooleanField(required=False)
    birth_year = BirthYearField()

    is_young = False

    def __init__(self, *args, event, known_year=None, **kwargs):
        self.event, self.known_year = event, known_year
        self.age = adult_age(event.country)
        super().__init__(*args, **kwargs)
        self.fields["of_age"].label = self.of_age_words() % {"age": localize(self.age)}
        if known_year is not None and event.starts_on.year - known_year != self.age:
            # What is known decides; only in the year of the birthday it does not.
            del self.fields["of_age"]

    def of_age_words(self):
        return _("I am %(age)s or older on the first day of the event")

    def clean(self):
        cleaned = super().clean()
        if any(self.has_error(name) for name in self.YEARS):
            return cleaned
        of_age = self.cleaned_data.get("of_age", False)
        said = {name: year for name in self.YEARS if (year := self.cleaned_data.get(name)) is not None}
        years = [*said.values(), *([] if self.known_year is None else [self.known_year])]
        if of_age and any(is_surely_young(year, self.event) for year in years):
            wrong = [name for name, year in said.items() if is_surely_young(year, self.event)]
            self.add_error(
                next(iter(wrong), "birth_year"),
                forms.ValidationError(
                    _(
                        "By this year it is less than %(age)s years. Correct the year, or take away the tick above."
                    ),
                    code="contradiction",
                    params={"age": localize(self.age)},
                ),
            )
        elif not (of_age or years):
            self.add_error("of_age", forms.ValidationError(self.age_is_missing(), code="age"))
        else:
            self.is_young = not of_age and any(may_be_young(year, self.event) for year in years)
        return cleaned

    def age_is_missing(self):
        return _("Tick this, or give the year of birth below if it is not so.")


class RowField(forms.TypedChoiceField):
    """One of some rows that were read before: forms that many people send look nothing up for it."""

    def __init__(self, *, empty_label, **kwargs):
        self.empty_label = empty_label
        super().__init__(**{"required": False, "empty_value": None, **kwargs})

    def offer(self, rows):
        by_key = {str(row.pk): row for row in rows}
        # The rows themselves, which are written as text only where somebody reads them.
        self.choices = [("", self.empty_label), *by_key.items()]
        self.coerce = by_key.__getitem__

    def prepare_value(self, value):
        return getattr(value, "pk", value)


class AboutForm(forms.Form):
    """The answers by which people are counted, all of which may stay empty."""

    ABOUT = ("sex", "category", "origin_area", "displacement")

    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=[(Sex.UNKNOWN, _("Prefer not to say")), *Sex.choices[:-1]],
        required=False,
        initial=Sex.UNKNOWN,
    )
    category = RowField(label=_("What you do"), empty_label=_("Not stated"))
    origin_area = RowField(label=_("Area you come from"), empty_label=_("Not stated"))
    displacement = forms.ChoiceField(
        label=_("Which describes you best"),
        choices=[(Displacement.UNKNOWN, _("Prefer not to say")), *Displacement.choices[:-1]],
        required=False,
        initial=Displacement.UNKNOWN,
    )

    def offer(self, asked):
        self.fields["category"].offer(asked.categories)
        self.fields["origin_area"].offer(asked.areas)

    def about(self):
        return [self[name] for name in self.ABOUT if name in self.fields]

    def answers(self):
        """What was said, as a Person takes it."""
        said = {name: self.cleaned_data[name] for name in self.ABOUT if name in self.fields}
        return {
            **said,
            "sex": said["sex"] or Sex.UNKNOWN,
            "displacement": said["displacement"] or Displacement.UNKNOWN,
        }


class QuestionsForm(forms.Form):
    """The event's own questions, and for an event with parallel groups which of them somebody takes part in."""

    def ask(self, questions, answers=()):
        self.asked_questions = questions
        self.fields |= question_fields.fields_for(questions, answers)

    def questions(self):
        return [self[question_fields.name_of(question)] for question in self.asked_questions]

    def replies(self):
        return question_fields.replies(self.asked_questions, self.cleaned_data)

    def lose_files(self):
        """Say beside each file that it was sent in vain: a form that comes back cannot hold it."""
        for name, field in self.fields.items():
            if (
                isinstance(field, forms.FileField)
                and self.files.get(self.add_prefix(name))
                and not self.has_error(name)
            ):
                self.add_error(
                    name,
                    forms.ValidationError(
                        _("Choose this file once more: it could not be kept while the form has errors."),
                        code="again",
                    ),
                )


class AccessNeedsField(forms.CharField):
    def __init__(self, **kwargs):
        usual = {
            "max_length": 1000,
            "required": False,
            "help_text": _(
                "Such as a place without steps, a sign-language interpreter, food. Only the trainers of this event "
                "read it, and it is deleted the day after."
            ),
            "widget": forms.Textarea(attrs={"rows": 2}),
        }
        super().__init__(**usual | kwargs)


class GroupField(RowField):
    """Which of the event's parallel groups; how many seats are left in it only in words."""

    def __init__(self, **kwargs):
        super().__init__(
            **{"label": _("Group"), "required": True, "empty_label": "", "widget": forms.RadioSelect, **kwargs}
        )

    def offer_groups(self, event, groups, *, with_words=True):
        self.offer(groups)
        self.choices = [
            (str(group.pk), _with_words(group, seats.group_words(event, group) if with_words else ""))
            for group in groups
        ]


def _with_words(group, words):
    # One element, since what lies beside a radio is laid out piece by piece.
    return format_html("<span><bdi>{}</bdi>{}</span>", group, f" · {words}" if words else "")
