import datetime as dt
import json

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST = 100
_MOST_CHOSEN = 50


def content_languages():
    return [(code, name) for code, name in settings.WAGTAIL_CONTENT_LANGUAGES]


class SentForm(forms.Form):
    """One answer to a knowledge check; without an item, that the lesson was read."""

    uuid = forms.UUIDField()
    lesson = forms.UUIDField()
    item = forms.UUIDField(required=False)
    chosen = forms.JSONField(required=False)
    language = forms.ChoiceField(choices=content_languages)
    given_at = forms.DateTimeField()

    def clean_chosen(self):
        chosen = self.cleaned_data["chosen"] or []
        if not isinstance(chosen, list) or len(chosen) > _MOST_CHOSEN:
            raise ValidationError(_("This is no list of answers."), code="invalid")
        return [str(one) for one in chosen]

    def clean(self):
        data = super().clean()
        if data.get("item") and not data.get("chosen"):
            self.add_error("chosen", ValidationError(_("Choose an answer first."), code="required"))
        return data


class SendingForm(forms.Form):
    """What a phone sends when the line is back: whose it is by its own account, what its clock says, and the answers."""

    learner = forms.CharField(max_length=64)
    sent_at = forms.DateTimeField()
    answers = forms.JSONField()

    @classmethod
    def of(cls, request):
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            body = {}
        return cls(body if isinstance(body, dict) else {})

    def clean_answers(self):
        answers = self.cleaned_data["answers"]
        if not isinstance(answers, list) or not all(isinstance(one, dict) for one in answers):
            raise ValidationError(_("This is no list of answers."), code="invalid")
        if len(answers) > MOST:
            raise ValidationError(_("Send at most %(most)d answers at once."), code="many", params={"most": MOST})
        return [SentForm(one) for one in answers]

    def given(self, now):
        """What can be read, each with the time at which it was given by our clock: the phone's may be wrong."""
        for form in self.cleaned_data["answers"]:
            if form.is_valid():
                ago = max(dt.timedelta(0), self.cleaned_data["sent_at"] - form.cleaned_data["given_at"])
                yield form.cleaned_data | {"given_at": now - ago}

    def unreadable(self):
        """{uuid as it was sent: why} of the rest."""
        return {
            str(form.data.get("uuid")): " ".join(words for errors in form.errors.values() for words in errors)
            for form in self.cleaned_data["answers"]
            if not form.is_valid()
        }
