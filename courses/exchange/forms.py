from pathlib import Path

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.exchange.archive import MOST_IN_ALL


class _PlaceForm(forms.Form):
    """A form that asks below which of `places` the course goes."""

    parent = forms.ChoiceField(label=_("Where it goes"))

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self._places = {str(page.pk): page for page in places}
        self.fields["parent"].choices = [
            (key, _("%(page)s, %(language)s") % {"page": page.title, "language": page.locale.get_display_name()})
            for key, page in self._places.items()
        ]

    def clean_parent(self):
        return self._places[self.cleaned_data["parent"]]


class CopyForm(_PlaceForm):
    title = forms.CharField(
        label=_("Title of the copy"),
        max_length=255,
        help_text=_("In the language of this page. Other languages keep theirs until somebody changes it."),
    )
    field_order = ["title", "parent"]


class ImportForm(_PlaceForm):
    file = forms.FileField(
        label=_("File"),
        max_length=150,
        help_text=_("A course that was exported from a site like this one. What it would make is shown first."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )
    field_order = ["file", "parent"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if Path(file.name).suffix.lower() != ".zip" or file.size > MOST_IN_ALL:
            raise forms.ValidationError(_("This is no file of a course."), code="kind")
        return file
