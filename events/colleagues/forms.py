"""What a focal point fills in: rows of people, a file, and what they say of all of them."""

from django import forms
from django.conf import settings
from django.utils.formats import localize
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from events import question_fields
from events.colleagues.columns import MOST_ROWS, NAMES, YES, twice
from events.colleagues.registering import Told
from events.models import QuestionKind
from participants import lists
from participants.codes import Sex
from participants.models import ConsentText, Purpose

# What is asked in a form at once; longer lists come as a file.
MOST_TYPED = 50
ROWS_AT_ONCE = 5
_OFF = {"autocomplete": "off"}
# Between the keys of several options that are chosen.
_BETWEEN = "|"


class PersonForm(forms.Form):
    """One colleague, typed. It is read as a row of a file is, so that both are refused for the same reasons."""

    full_name = forms.CharField(label=NAMES["full_name"], required=False, widget=forms.TextInput(attrs=_OFF))
    latin_name = forms.CharField(
        label=NAMES["latin_name"],
        required=False,
        help_text=_("For the certificate. Empty: written by the national rules."),
        widget=forms.TextInput(attrs=_OFF),
    )
    email = forms.CharField(
        label=NAMES["email"], required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=NAMES["phone"], required=False, widget=forms.TextInput(attrs={**_OFF, "type": "tel"})
    )
    group = forms.ChoiceField(label=NAMES["group"], required=False)
    of_age = forms.BooleanField(required=False)
    birth_year = forms.CharField(
        label=NAMES["birth_year"], required=False, widget=forms.TextInput(attrs={**_OFF, "inputmode": "numeric"})
    )
    sex = forms.ChoiceField(label=NAMES["sex"], choices=[("", _("Not stated")), *Sex.choices[:-1]], required=False)
    category = forms.ChoiceField(label=NAMES["category"], required=False)

    MAIN = ("full_name", "email", "phone", "group")
    MORE = ("latin_name", "birth_year", "sex", "category")

    def __init__(self, *args, reader, **kwargs):
        self.reader, self.person = reader, None
        super().__init__(*args, **kwargs)
        self.fields["of_age"].label = _("%(age)s or older on the first day") % {"age": localize(reader.age)}
        self.fields["category"].choices = [("", _("Not stated")), *reader.category_choices]
        if reader.group_titles:
            self.fields["group"].choices = [("", _("Choose one")), *((one, one) for one in reader.group_titles)]
        else:
            del self.fields["group"]
        self._ask(reader.questions)

    def _ask(self, questions):
        self.fields |= question_fields.fields_for(questions.values())
        for name, question in questions.items():
            # Rows that stay empty are nobody; what is missing in the others the reader says.
            self.fields[name].required = False
            if question.kind == QuestionKind.SEVERAL and isinstance(kept := self.initial.get(name), str):
                self.initial[name] = kept.split(_BETWEEN)

    def questions(self):
        """What has to be answered, and what may stay empty."""
        asked = self.reader.questions.items()
        return [
            [self[name] for name, question in asked if question.is_required == needed] for needed in (True, False)
        ]

    def main(self):
        return [self[name] for name in self.MAIN if name in self.fields]

    def more(self):
        return [self[name] for name in self.MORE]

    def is_open(self):
        """Whether what may stay empty is shown: something was typed there, or is wrong."""
        return any(field.value() or field.errors for field in [*self.more(), *self.questions()[1]])

    def cells(self):
        """As `columns.Reader` takes them, and as they are kept until they are registered."""
        said = {name: _as_text(self.cleaned_data.get(name)) for name in self.fields}
        if self.cleaned_data.get("of_age"):
            said["of_age"] = YES
        return {name: value for name, value in said.items() if value}

    def clean(self):
        cells = self.cells()
        if not cells:
            return
        self.person, errors = self.reader.read(None, cells)
        for column, message in errors:
            if not self.has_error(column):
                self.add_error(column, message)


def _as_text(value):
    if isinstance(value, list):
        return _BETWEEN.join(value)
    return value.strip() if isinstance(value, str) else ""


class PeopleFormSet(
    forms.formset_factory(PersonForm, extra=0, max_num=MOST_TYPED, validate_max=True, absolute_max=MOST_TYPED * 2)
):
    """Rows of people; those that stay empty are nobody."""

    def clean(self):
        for number, message in twice(
            [(n, form.person) for n, form in enumerate(self.forms, start=1) if form.person]
        ):
            self.forms[number - 1].add_error("full_name", message)
        if not any(self.errors) and not self.rows():
            raise forms.ValidationError(
                _("Write at least one name with an e-mail or a phone number."), code="nobody"
            )

    def rows(self):
        """[(number, cells)] of those that are filled in."""
        numbered = [(number, form.cells()) for number, form in enumerate(self.forms, start=1) if form.is_valid()]
        return [(number, cells) for number, cells in numbered if cells]


def typed(formset):
    """What was typed, as initial values: shown again and not judged yet."""
    return [{name: form[name].data for name in form.fields} for form in formset.forms]


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("The list"),
        help_text=_("CSV or XLSX, up to %(rows)d people and 2 MB. The first line names the columns.")
        % {"rows": MOST_ROWS},
        validators=[lists.validate_size],
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )


class ToldForm(forms.Form):
    """What the focal point confirms of all whom they register."""

    agree = forms.BooleanField(
        label=_("I told this to each of them, and each agreed"),
        error_messages={"required": _("Without their agreement nobody may be registered. Ask them first.")},
    )
    counted = forms.BooleanField(
        label=_("I told this to each of them, too, and each agreed to be counted"),
        required=False,
        help_text=_("Without this tick, sex, category and year of birth are not kept."),
    )
    language = forms.ChoiceField(label=_("Language in which we write to them"))
    # The versions of the texts that stood on the page: an agreement is to what was read, and to nothing else.
    texts = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, of_one=False, **kwargs):
        super().__init__(*args, **kwargs)
        if of_one:
            self.fields["agree"].label = _("I told them this, and they agreed")
            self.fields["counted"].label = _("I told them this, too, and they agreed to be counted")
        found = ConsentText.objects.asked_now()
        self.asked = {purpose: found[purpose] for purpose in (Purpose.REGISTER, Purpose.STATISTICS)}
        self.shown = " ".join(f"{text.purpose}:{text.version}" for text in self.asked.values())
        self.fields["texts"].initial = self.shown
        self.fields["language"].choices = [
            (code, get_language_info(code)["name_local"].capitalize()) for code, _label in settings.LANGUAGES
        ]

    def clean(self):
        if self.cleaned_data.get("texts") != self.shown:
            self.data = {**self.data.dict(), "texts": self.shown}
            for name in ("agree", "counted"):
                self.data.pop(name, None)
            raise forms.ValidationError(
                _("The words of what they agree to have changed meanwhile. Read them and ask again."), code="texts"
            )

    def told(self):
        said = self.cleaned_data
        return Told(texts=self.asked, counted=said["counted"], language=said["language"])
