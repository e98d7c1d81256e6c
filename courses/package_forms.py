"""What the player's page sends, as forms: JSON from a package's mouth."""

import json

from django import forms

from courses.packages import runtime, statements

_LARGEST = 256 * 1024


def sent(request):
    """The JSON of a request as a form takes it; None if it is none, or too much."""
    if int(request.headers.get("Content-Length") or 0) > _LARGEST:
        return None
    try:
        data = json.loads(request.body)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


class CommitForm(forms.Form):
    session = forms.UUIDField()
    number = forms.IntegerField(min_value=1, max_value=1_000_000)
    seconds = forms.IntegerField(min_value=0, max_value=1_000_000, required=False)
    final = forms.BooleanField(required=False)
    cmi = forms.Field(required=False)

    def __init__(self, data, *, kind):
        super().__init__(data)
        self.kind = kind

    def clean_cmi(self):
        try:
            return runtime.read(self.kind, self.cleaned_data["cmi"])
        except runtime.RuntimeValueError as error:
            raise forms.ValidationError(str(error), code="cmi") from error
        except RecursionError as error:
            raise forms.ValidationError("cmi", code="cmi") from error


class StatementsForm(forms.Form):
    session = forms.UUIDField()
    statements = forms.Field()

    def clean_statements(self):
        try:
            return statements.read(self.cleaned_data["statements"])
        except statements.StatementError as error:
            raise forms.ValidationError(str(error), code="statement") from error


class SessionForm(forms.Form):
    session = forms.UUIDField()
