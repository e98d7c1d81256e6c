"""What a trainer writes to those who are registered, and to which of them."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from events import announcing
from events.models import Audience
from participants.places import language_name
from ui.fields import LinesField

_LONGEST = 1000


class AnnouncementForm(forms.Form):
    """A text for each language in which the event is held; one of them suffices."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    audience = forms.ChoiceField(label=_("To whom"), widget=forms.RadioSelect)

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.groups = {f"{Audience.GROUP}-{group.pk}": group for group in event.groups.all()}
        self.fields["audience"].choices = [
            *((one.value, one.label) for one in announcing.audiences(event)),
            *((key, _("Group: %(name)s") % {"name": group}) for key, group in self.groups.items()),
        ]
        self.languages = {f"text_{code}": code for code in event.languages or [get_language()]}
        for name, code in self.languages.items():
            self.fields[name] = LinesField(
                label=_("Text in this language: %(language)s") % {"language": language_name(code)},
                max_length=_LONGEST,
                required=len(self.languages) == 1,
                rows=6,
                attrs={"lang": code, "dir": "auto"},
                help_text=_("Do not name people or their circumstances; anybody registered reads this."),
            )

    def clean(self):
        super().clean()
        first = next(iter(self.languages))
        if not any(self.cleaned_data.get(name) or self.has_error(name) for name in self.languages):
            self.add_error(
                first, forms.ValidationError(_("Write the text in at least one language."), code="text")
            )

    def whom(self):
        """The audience and, where it is one, the group."""
        chosen = self.cleaned_data["audience"]
        group = self.groups.get(chosen)
        return {"audience": Audience.GROUP if group else Audience(chosen), "group": group}

    def text(self):
        said = {code: self.cleaned_data[name] for name, code in self.languages.items()}
        return LazyI18nString({code: text for code, text in said.items() if text})
