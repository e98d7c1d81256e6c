"""What is read and looked at."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

RICH_TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs):
        super().__init__(**{"features": RICH_TEXT, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "oberih/courses/blocks/text.html"


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Image"), help_text=_("Never show people who could be recognised."))
    caption = blocks.TextBlock(label=_("Caption"), required=False)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "oberih/courses/blocks/image.html"


class KeyFactsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"))
    facts = blocks.ListBlock(blocks.TextBlock(label=_("Fact")), label=_("Facts"))

    class Meta:
        icon = "list-ul"
        label = _("Key facts")
        template = "oberih/courses/blocks/key_facts.html"


class CalloutBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        label=_("Tone"), choices=[("important", _("Important")), ("care", _("Take care"))], default="important"
    )
    title = blocks.CharBlock(label=_("Title"))
    text = TextBlock(label=_("Text"))

    class Meta:
        icon = "warning"
        label = _("Callout")
        template = "oberih/courses/blocks/callout.html"


class IndicatorsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"))
    intro = blocks.TextBlock(label=_("Introduction"), required=False)
    items = blocks.ListBlock(blocks.TextBlock(label=_("Indicator")), label=_("Indicators"))

    class Meta:
        icon = "tick-inverse"
        label = _("Checklist of indicators")
        template = "oberih/courses/blocks/indicators.html"


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(
        label=_("Title"),
        required=False,
        default="",
        help_text=_("Empty: the title that the document has in the library."),
    )
    about = blocks.TextBlock(label=_("What it is for"), required=False, default="")

    class Meta:
        icon = "doc-full-inverse"
        label = _("File")
        template = "oberih/courses/blocks/file.html"
