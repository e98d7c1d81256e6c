"""The form of Wagtail's media library: a file has to be what its ending says, and its length has to be known."""

import math
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from wagtailmedia.forms import BaseMediaForm

from courses.conf import conf
from courses.media import formats


class MediaForm(BaseMediaForm):
    """Name it in `WAGTAILMEDIA["MEDIA_FORM_BASE"]`."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Players take the size from the file, and before a video loads a page shows words and no picture of somebody.
        for name in ("thumbnail", "width", "height"):
            self.fields.pop(name, None)
        self.found = None
        if "duration" in self.fields:
            self.fields["duration"].required = False
            self.fields["duration"].help_text = _("In seconds. Empty: read from the file, where that is possible.")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            self.found = self._look(file)
            file.seek(0)
        return file

    def _look(self, file):
        if file.size > conf.MEDIA_MAX_MB * 1_000_000:
            raise ValidationError(
                _("This file is larger than %(most)d MB. Most people read lessons on a phone: make it smaller."),
                code="size",
                params={"most": conf.MEDIA_MAX_MB},
            )
        ending = Path(file.name).suffix.lower()
        if formats.TYPES.get(ending, ("",))[0] != self.instance.type:
            raise ValidationError(_("Files of this kind cannot be uploaded."), code="kind")
        found = formats.look(file)
        if found is None or ending not in found.endings:
            raise ValidationError(_("What is in this file is not what its name says."), code="mismatch")
        return found

    def clean(self):
        cleaned = super().clean()
        # A new file has a length of its own: the old one's is not carried over unless somebody typed another.
        typed = cleaned.get("duration") if "duration" in self.changed_data or self.found is None else None
        seconds = typed or (self.found and self.found.seconds)
        if "duration" in self.fields and "duration" not in self.errors and not self.errors.get("file"):
            if not seconds or not 0 < seconds < math.inf:
                self.add_error(
                    "duration",
                    ValidationError(
                        _("How long it is cannot be read from the file. Enter it here."), code="required"
                    ),
                )
            else:
                cleaned["duration"] = round(seconds, 1)
        return cleaned
