"""What a lesson is written with. Block ids survive translation, so answers are keyed by them."""

import uuid

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

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


class CheckOptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Answer"))
    correct = blocks.BooleanBlock(label=_("Right"), required=False)
    feedback = blocks.TextBlock(label=_("What the learner is told"), required=False)


class KnowledgeCheckBlock(blocks.StructBlock):
    """Practice without a mark: the learner is told at once, and may try again."""

    question = blocks.TextBlock(label=_("Question"))
    multiple = blocks.BooleanBlock(label=_("Several answers are right"), required=False)
    options = blocks.ListBlock(CheckOptionBlock(), label=_("Answers"), min_num=2)

    class Meta:
        icon = "help"
        label = _("Knowledge check")
        template = "oberih/courses/blocks/knowledge_check.html"


class HelplineBlock(blocks.StaticBlock):
    class Meta:
        icon = "mobile-alt"
        label = _("Helplines")
        admin_text = _("The helplines of the reader's country and language.")
        template = "oberih/courses/blocks/helpline.html"


class AssessmentChooserBlock(SnippetChooserBlock):
    def bulk_to_python(self, values):
        """The stored keys are strings; Wagtail looks them up among the UUIDs that the database returns."""
        return super().bulk_to_python([uuid.UUID(str(value)) if value else None for value in values])

    def get_form_state(self, value):
        """What the editor's form is given must be JSON, which knows no UUID."""
        state = super().get_form_state(value)
        return {**state, "id": str(state["id"])} if state else state


class AssessmentBlock(blocks.StructBlock):
    assessment = AssessmentChooserBlock("oberih_courses.Assessment", label=_("Assessment"))

    class Meta:
        icon = "form"
        label = _("Assessment")
        template = "oberih/courses/blocks/assessment.html"


class PackageBlock(blocks.StructBlock):
    package = SnippetChooserBlock("oberih_courses.Package", label=_("Package"))

    class Meta:
        icon = "upload"
        label = _("SCORM or H5P package")
        template = "oberih/courses/blocks/package.html"


class LessonBody(blocks.StreamBlock):
    text = TextBlock()
    image = PictureBlock()
    key_facts = KeyFactsBlock()
    callout = CalloutBlock()
    indicators = IndicatorsBlock()
    knowledge_check = KnowledgeCheckBlock()
    helpline = HelplineBlock()
    assessment = AssessmentBlock()
    package = PackageBlock()
