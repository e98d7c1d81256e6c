"""What a learner sends of an attempt: the whole page, or answers one by one from a script."""

from dataclasses import dataclass

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses import kinds
from courses.actions import Given
from courses.exceptions import UnknownOptionError
from courses.fields import as_list, field_for
from courses.languages import direction


@dataclass(frozen=True)
class AttemptQuestion:
    field: forms.BoundField
    key: str
    language: str

    @property
    def direction(self):
        return direction(self.language)


class AttemptForm(forms.Form):
    """All questions of an attempt. None is required: what is missing may be answered later."""

    # When the page was made: what was answered elsewhere since must not be overwritten by what an old page still shows.
    shown_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, drawn, questions, *args, answers, **kwargs):
        super().__init__(*args, **kwargs)
        self.answers = answers
        self.items = {f"q-{item['key']}": item for item in drawn}
        self.worded = questions
        for name, item in self.items.items():
            self.fields[name] = field_for(item, questions.get(item["key"]), self._stored(item))

    def _stored(self, item):
        answer = self.answers.get(item["key"])
        return answer.chosen if answer else []

    def clean_shown_at(self):
        try:
            shown_at = parse_datetime(self.cleaned_data["shown_at"])
        except ValueError:
            return None
        return shown_at if shown_at and shown_at.tzinfo else None

    def clean(self):
        cleaned = super().clean()
        for name, item in self.items.items():
            if name in cleaned:
                try:
                    cleaned[name] = kinds.of(item).read(item, as_list(cleaned[name]))
                except UnknownOptionError as error:
                    self.add_error(name, forms.ValidationError(str(error), code="unreadable"))
        return cleaned

    @property
    def questions(self):
        """The questions as they are drawn, with the language of the words where it is not that of the page."""
        here = get_language()
        for name, item in self.items.items():
            question = self.worded.get(item["key"])
            language = question.language if question else ""
            yield AttemptQuestion(self[name], item["key"], language if language != here else "")

    def given(self):
        """What can be kept and changes something. What was answered elsewhere after this page was made is older than that."""
        shown_at = self.cleaned_data.get("shown_at")
        for name, item in self.items.items():
            if name in self.cleaned_data and self.cleaned_data[name] != self._stored(item):
                answer = self.answers.get(item["key"])
                overtaken = answer is not None and shown_at is not None and answer.given_at > shown_at
                yield Given(item["key"], self.cleaned_data[name], given_at=shown_at if overtaken else None)

    def unanswered(self):
        """The fields that nobody answered wholly, now or before."""
        return [self[name] for name, item in self.items.items() if not self._is_complete(name, item)]

    def _is_complete(self, name, item):
        chosen = self.cleaned_data.get(name, []) if self.is_bound else self._stored(item)
        return kinds.of(item).is_complete(item, chosen)


class GivenForm(forms.Form):
    """One answer as a device sends it."""

    uuid = forms.UUIDField()
    item = forms.UUIDField()
    chosen = forms.JSONField(required=False)
    given_at = forms.CharField(required=False)

    def clean_chosen(self):
        chosen = self.cleaned_data["chosen"] or []
        if not isinstance(chosen, list) or len(chosen) > 100:
            raise forms.ValidationError(_("This is not an answer."), code="shape")
        return chosen

    def clean_given_at(self):
        if not self.cleaned_data["given_at"]:
            return None
        try:
            given_at = parse_datetime(self.cleaned_data["given_at"])
        except ValueError:
            given_at = None
        if given_at is None or given_at.tzinfo is None:
            raise forms.ValidationError(_("This is not a time."), code="time")
        return given_at

    def given(self):
        return Given(
            str(self.cleaned_data["item"]),
            self.cleaned_data["chosen"],
            self.cleaned_data["uuid"],
            self.cleaned_data["given_at"],
        )


class AnswersForm(forms.Form):
    """A queue of answers: `{"answers": [{"uuid", "item", "chosen", "given_at"}, …]}`, at most `most` at once."""

    most = 50
    body = forms.JSONField()

    def clean_body(self):
        body = self.cleaned_data["body"]
        answers = body.get("answers") if isinstance(body, dict) else None
        if not isinstance(answers, list) or not answers or not all(isinstance(one, dict) for one in answers):
            raise forms.ValidationError(_("Send a list of answers."), code="shape")
        if len(answers) > self.most:
            raise forms.ValidationError(
                _("Send at most %(most)d answers at once."), code="many", params={"most": self.most}
            )
        self.forms = [GivenForm(one) for one in answers]
        if any("uuid" in one.errors for one in self.forms):
            raise forms.ValidationError(_("Each answer needs a key of its own."), code="uuid")
        return body

    def given(self):
        """The answers that can be read."""
        return [one.given() for one in self.forms if one.is_valid()]

    def unreadable(self):
        """{key of an answer: why it cannot be read}"""
        return {
            one.cleaned_data["uuid"]: " ".join(error for errors in one.errors.values() for error in errors)
            for one in self.forms
            if not one.is_valid()
        }
