"""The rows of groups, organisations and questions in the form of an event."""

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events.models import OrganisationRole, QuestionKind
from events.plans import AllocationPlan, GroupPlan, QuestionPlan
from events.staff import texts
from events.wall_time import end_of, last_day
from participants.models import Organisation
from ui.fields import DayField


class RowForm(forms.Form):
    """A row that may be left empty: then it is as if it was not there."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_permitted = True
        self.use_required_attribute = False

    @property
    def is_filled(self):
        return bool(self.cleaned_data)

    def shown(self):
        return self.visible_fields()

    def kept(self):
        """Fields that go along unseen."""
        return self.hidden_fields()


class GroupForm(RowForm):
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Name"), max_length=300)
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000, required=False)

    def plan(self, held, language, *, is_same):
        said = self.cleaned_data
        title = _merged(held and held.title, language, {language: said["title"]})
        return GroupPlan(title, said["capacity"], said["key"] if is_same else None)


class OrganisationForm(RowForm):
    organisation = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    co_organises = forms.BooleanField(label=_("Holds the training with us"), required=False)
    seats = forms.IntegerField(
        label=_("Seats set aside for its people"), min_value=1, max_value=100_000, required=False
    )
    held_until = DayField(
        label=_("Last day they are set aside"),
        required=False,
        help_text=_("Afterwards those that nobody took are everybody’s. Empty: to the end."),
    )

    def __init__(self, *args, organisations=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", _("Choose")), *organisations]

    def clean(self):
        said = self.cleaned_data
        says_what = said.get("co_organises") or said.get("seats") or self.has_error("seats")
        if said.get("organisation") and not says_what:
            self.add_error(
                "seats",
                forms.ValidationError(
                    _("Say how many seats, or tick that it holds the training with us."), code="what"
                ),
            )


class OnceFormSet(forms.BaseFormSet):
    def clean(self):
        seen = set()
        for row in self.forms:
            organisation = row.cleaned_data.get("organisation") if row.is_valid() else None
            if organisation in seen:
                row.add_error(
                    "organisation", forms.ValidationError(_("This organisation stands here twice."), code="twice")
                )
            elif organisation is not None:
                seen.add(organisation)


class QuestionForm(RowForm):
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=QuestionKind.choices, initial=QuestionKind.TEXT)
    text = forms.CharField(label=_("Question"), max_length=300)
    purpose = forms.CharField(
        label=_("Why it is asked"),
        max_length=300,
        help_text=_("Shown under the question, such as “To order lunch.”"),
    )
    options = forms.CharField(
        label=_("Answers to choose from"),
        required=False,
        max_length=2000,
        help_text=_("One a line. Only where people choose from several."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_required = forms.BooleanField(label=_("Has to be answered"), required=False)
    second_text = forms.CharField(label=_("Question in the second language"), max_length=300, required=False)
    second_purpose = forms.CharField(
        label=_("Why it is asked, in the second language"), max_length=300, required=False
    )
    second_options = forms.CharField(
        label=_("Answers in the second language"),
        required=False,
        max_length=2000,
        help_text=_("As many lines, in the same order."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    FIRST = ("kind", "text", "purpose", "options", "is_required")
    SECOND = ("second_text", "second_purpose", "second_options")

    def __init__(self, *args, second="", **kwargs):
        self.second_language = second
        super().__init__(*args, **kwargs)

    def shown(self):
        return [self[name] for name in (self.FIRST + self.SECOND if self.second_language else self.FIRST)]

    def kept(self):
        """The key, and while no second language is chosen what was typed in one, so that nothing is lost."""
        return [self["key"], *(() if self.second_language else (self[name] for name in self.SECOND))]

    def clean(self):
        said = self.cleaned_data
        count = len(_lines(said.get("options")))
        if said.get("kind") in QuestionKind.with_options() and count < 2 and not self.has_error("options"):
            self.add_error("options", forms.ValidationError(_("Give at least two answers."), code="few"))
        second = _lines(said.get("second_options"))
        if self.second_language and second and len(second) != count:
            self.add_error(
                "second_options",
                forms.ValidationError(_("Give as many answers as in the first language."), code="lines"),
            )

    def plan(self, held, language, *, is_same):
        said = self.cleaned_data
        options = []
        if said["kind"] in QuestionKind.with_options():
            options = self._options(held.options if held else [], language)
        return QuestionPlan(
            said["kind"],
            self._both(held and held.text, language, "text"),
            self._both(held and held.purpose, language, "purpose"),
            tuple(options),
            said["is_required"],
            said["key"] if is_same else None,
        )

    def _both(self, held, language, name):
        said = {language: self.cleaned_data[name]}
        if self.second_language:
            said[self.second_language] = self.cleaned_data[f"second_{name}"]
        return _merged(held, language, said)

    def _options(self, held, language):
        """The answers with the languages that those of the same words, or else of the same place, have besides.

        What reads the same in the second language is not kept twice: readers get the words of the first.
        """
        first, second = (_lines(self.cleaned_data[name]) for name in ("options", "second_options"))
        by_words = {option["text"].get(language): option["text"] for option in held}
        for place, words in enumerate(first):
            beside = by_words.get(words) or (
                held[place]["text"]
                if len(held) == len(first) and held[place]["text"].get(language) not in first
                else {}
            )
            said = {language: words}
            if self.second_language:
                said[self.second_language] = second[place] if second and second[place] != words else ""
            yield _merged(LazyI18nString(beside), language, said)


GroupFormSet = forms.formset_factory(GroupForm, extra=0, max_num=20, absolute_max=40)
OrganisationFormSet = forms.formset_factory(
    OrganisationForm, formset=OnceFormSet, extra=0, max_num=50, absolute_max=100
)
QuestionFormSet = forms.formset_factory(QuestionForm, extra=0, max_num=20, absolute_max=40)


def groups_of(event):
    language = texts.main_language(event)
    return [
        {
            "key": group.pk,
            "title": texts.by_language(group.title, language).get(language, "") or str(group.title),
            "capacity": group.capacity,
        }
        for group in event.groups.all()
    ]


def organisations_of(event):
    """One row for each organisation that holds the event too or has seats of it."""
    rows = {}
    for one in event.organisations.filter(role=OrganisationRole.CO_ORGANISER).order_by("organisation"):
        rows[one.organisation_id] = {"organisation": one.organisation_id, "co_organises": True}
    for one in event.allocations.all():
        row = rows.setdefault(one.organisation_id, {"organisation": one.organisation_id})
        row |= {"seats": one.seats, "held_until": last_day(one.held_until, event.tz)}
    return list(rows.values())


def questions_of(event, second):
    language = texts.main_language(event)
    return [_question_row(question, language, second) for question in event.questions.all()]


def _question_row(question, language, second):
    row = {"key": question.key, "kind": question.kind, "is_required": question.is_required}
    for prefix, code in (("", language), ("second_", second)):
        row |= {
            f"{prefix}text": texts.by_language(question.text, language).get(code, ""),
            f"{prefix}purpose": texts.by_language(question.purpose, language).get(code, ""),
            f"{prefix}options": _in_lines(question.options, code, language),
        }
    return row


def _in_lines(options, code, language):
    """The answers in this language one a line. Of those that only some have, the others stand there in the first."""
    if not any(option["text"].get(code) for option in options):
        return ""
    return "\n".join(option["text"].get(code) or option["text"].get(language, "–") for option in options)


def allocations(formset, zone, held=()):
    """The seats that are set aside. An end that somebody set to the minute stays where its day is left as it was."""
    organisations = Organisation.objects.in_bulk(
        [row.cleaned_data["organisation"] for row in formset if row.is_filled]
    )
    before = {one.organisation_id: one for one in held}
    for row in formset:
        if row.is_filled and row.cleaned_data["seats"]:
            said = row.cleaned_data
            until = end_of(said["held_until"], zone)
            one = before.get(said["organisation"])
            if (
                one is not None
                and last_day(one.held_until, one.event.tz) == said["held_until"]
                and one.event.zone == zone
            ):
                until = one.held_until
            yield AllocationPlan(organisations[said["organisation"]], said["seats"], until)


def co_organisers(formset):
    keys = [
        row.cleaned_data["organisation"] for row in formset if row.is_filled and row.cleaned_data["co_organises"]
    ]
    return list(Organisation.objects.filter(pk__in=keys))


# What is asked most often, each in one tap.
PRESETS = {
    "lunch": {
        "label": _("Lunch"),
        "kind": QuestionKind.CHOICE,
        "text": _("What should we prepare for your lunch?"),
        "purpose": _("To order lunch."),
        "options": [_("Anything"), _("Without pork"), _("Without meat"), _("Without meat, eggs and milk")],
    },
    "travel": {
        "label": _("Way there"),
        "kind": QuestionKind.CHOICE,
        "text": _("How do you come?"),
        "purpose": _("To arrange transport and parking."),
        "options": [_("By public transport or on foot"), _("By car"), _("I need to be picked up")],
    },
    "shirt": {
        "label": _("Shirt size"),
        "kind": QuestionKind.CHOICE,
        "text": _("Which shirt size do you wear?"),
        "purpose": _("To order shirts."),
        "options": ["S", "M", "L", "XL", "XXL"],
    },
}


def preset(name, language, second):
    """A filled row of questions, in both languages of the form."""
    asked = PRESETS[name]
    row = {"key": None, "kind": asked["kind"], "is_required": False}
    for prefix, code in (("", language), ("second_", second)):
        if code:
            with translation.override(code):
                row |= {
                    f"{prefix}text": str(asked["text"]),
                    f"{prefix}purpose": str(asked["purpose"]),
                    f"{prefix}options": "\n".join(str(option) for option in asked["options"]),
                }
    return row


def _lines(text):
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _merged(held, language, said):
    """A text in the languages that were typed, beside those it has besides."""
    words = dict(texts.by_language(held, language)) if held else {}
    return LazyI18nString({code: text for code, text in {**words, **said}.items() if text})
