"""Videos and audios. Each can be read, too: the transcript for whoever cannot hear, see, or afford the megabytes."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail_localize.segments import OverridableSegmentValue
from wagtailmedia.blocks import AudioChooserBlock, VideoChooserBlock

from courses.blocks.texts import TextBlock
from courses.media import captions, embeds


class LanguageBlock(blocks.FieldBlock):
    """A language of the site. Which ones there are is no matter of a migration, as it would be with a `ChoiceBlock`."""

    def __init__(self, required=True, help_text=None, **kwargs):
        self._required, self._help_text = required, help_text
        super().__init__(**kwargs)

    @cached_property
    def field(self):
        return forms.ChoiceField(
            required=self._required,
            help_text=self._help_text,
            choices=lambda: [("", "—"), *settings.LANGUAGES],
        )

    class Meta:
        icon = "site"
        default = ""


class AddressBlock(blocks.URLBlock):
    """Where a film lies: nothing to translate, but a translator may name another film."""

    def get_translatable_segments(self, value):
        return [OverridableSegmentValue("", value)] if value else []

    def restore_translated_segments(self, value, segments):
        return segments[0].data


class _InEveryLanguage:
    """A file of the library that translations share. One in another language stands beside it, under that language."""

    def get_translatable_segments(self, value):
        return []

    def restore_translated_segments(self, value, segments):
        return value


class VideoFileBlock(_InEveryLanguage, VideoChooserBlock):
    pass


class AudioFileBlock(_InEveryLanguage, AudioChooserBlock):
    pass


class CaptionsFileBlock(DocumentChooserBlock):
    def clean(self, value):
        value = super().clean(value)
        if value is not None:
            check_captions(value)
        return value


def check_captions(document):
    """Raise ValidationError for a document that is not plain WebVTT."""
    if not document.filename.lower().endswith(".vtt"):
        raise ValidationError(_("Captions are a WebVTT file, whose name ends with .vtt."), code="kind")
    try:
        with document.file.storage.open(document.file.name, "rb") as file:
            content = file.read(captions.MOST_BYTES + 1)
    except OSError:
        raise ValidationError(_("The file of this document is gone. Upload it anew."), code="gone") from None
    captions.parse(content)


class CaptionsBlock(blocks.StructBlock):
    language = LanguageBlock(label=_("Language"))
    document = CaptionsFileBlock(label=_("WebVTT file"))

    class Meta:
        icon = "openquote"
        label = _("Captions")


class VideoVersionBlock(blocks.StructBlock):
    language = LanguageBlock(label=_("Language"))
    file = VideoFileBlock(label=_("Video of the library"), required=False)
    address = AddressBlock(label=_("or its address at YouTube or Vimeo"), required=False)

    class Meta:
        icon = "site"
        label = _("The same in another language")

    def clean(self, value):
        value = super().clean(value)
        raise_any(source_errors(value, deferred=self.is_deferred_validation))
        return value


class AudioVersionBlock(blocks.StructBlock):
    language = LanguageBlock(label=_("Language"))
    file = AudioFileBlock(label=_("Audio of the library"))

    class Meta:
        icon = "site"
        label = _("The same in another language")


def source_errors(value, *, deferred):
    """What is wrong with where a video comes from: exactly one of a file and an address."""
    address = value["address"]
    if value["file"] and address:
        return {"address": _("Choose a file or give an address, not both.")}
    if address and embeds.read(address) is None:
        return {"address": _("This is not the address of a film that this site may show.")}
    if not value["file"] and not address and not deferred:
        return {"file": _("Choose a video of the library, or give an address below.")}
    return {}


def raise_any(errors):
    if errors:
        raise StructBlockValidationError(
            block_errors={name: ValidationError(message, code="invalid") for name, message in errors.items()}
        )


def _twice(rows):
    languages = [row["language"] for row in rows]
    return len(set(languages)) < len(languages)


def _length_of(block, language):
    """Seconds of the file that a page in `language` plays; 0 of what lies elsewhere or has no length."""
    versions = block.value["other_languages"]
    source = next((one for one in versions if one["language"] == language), block.value)
    file = source["file"]
    return round(file.duration or 0) if file else 0


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=200)
    file = VideoFileBlock(label=_("Video of the library"), required=False)
    address = AddressBlock(
        label=_("or its address at YouTube or Vimeo"),
        required=False,
        help_text=_(
            "Readers are told that the film lies there, and nothing is asked of it before they press play."
        ),
    )
    minutes = blocks.IntegerBlock(
        label=_("Minutes it takes"),
        required=False,
        min_value=1,
        max_value=600,
        help_text=_("For a film that lies elsewhere. Of the library’s own the length is known."),
    )
    captions = blocks.ListBlock(
        CaptionsBlock(),
        label=_("Captions"),
        default=[],
        help_text=_("A WebVTT file for each language, uploaded among the documents."),
    )
    has_captions = blocks.BooleanBlock(
        label=_("The film has captions where it lies"), required=False, help_text=_("For YouTube and Vimeo.")
    )
    transcript = TextBlock(
        label=_("Transcript"),
        help_text=_("What is said and what is shown. People read it who cannot play the video."),
    )
    other_languages = blocks.ListBlock(VideoVersionBlock(), label=_("The same in other languages"), default=[])

    class Meta:
        icon = "wagtailmedia-video"
        label = _("Video")
        template = "oberih/courses/blocks/media.html"

    length_of = staticmethod(_length_of)

    def clean(self, value):
        value = super().clean(value)
        deferred = self.is_deferred_validation
        errors = source_errors(value, deferred=deferred)
        if _twice(value["captions"]):
            errors["captions"] = _("Each language has its captions once.")
        if _twice(value["other_languages"]):
            errors["other_languages"] = _("Each language stands here once.")
        if not deferred:
            if value["file"] and not value["captions"]:
                errors.setdefault("captions", _("A video needs captions. Add a WebVTT file."))
            if value["address"] and not value["has_captions"]:
                errors["has_captions"] = _("A video needs captions. Say that it has them, or choose another.")
            if value["address"] and not value["minutes"]:
                errors["minutes"] = _("Say how long the film is: readers are told before it loads.")
        raise_any(errors)
        return value


class AudioBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=200)
    file = AudioFileBlock(label=_("Audio of the library"))
    transcript = TextBlock(label=_("Transcript"), help_text=_("What is said. People read it who cannot hear it."))
    other_languages = blocks.ListBlock(AudioVersionBlock(), label=_("The same in other languages"), default=[])

    class Meta:
        icon = "wagtailmedia-audio"
        label = _("Audio")
        template = "oberih/courses/blocks/media.html"

    length_of = staticmethod(_length_of)

    def clean(self, value):
        value = super().clean(value)
        if _twice(value["other_languages"]):
            raise_any({"other_languages": _("Each language stands here once.")})
        return value
