"""What a lesson is written with. Block ids survive translation, so answers are keyed by them."""

from wagtail import blocks

from courses.blocks.media import AudioBlock, VideoBlock
from courses.blocks.practice import (
    AssessmentBlock,
    AssessmentChooserBlock,
    CheckOptionBlock,
    HelplineBlock,
    KnowledgeCheckBlock,
    PackageBlock,
)
from courses.blocks.story import CaseStoryBlock
from courses.blocks.texts import (
    RICH_TEXT,
    CalloutBlock,
    FileBlock,
    IndicatorsBlock,
    KeyFactsBlock,
    PictureBlock,
    TextBlock,
)

__all__ = [
    "RICH_TEXT",
    "AssessmentBlock",
    "AssessmentChooserBlock",
    "AudioBlock",
    "CalloutBlock",
    "CaseStoryBlock",
    "CheckOptionBlock",
    "FileBlock",
    "HelplineBlock",
    "IndicatorsBlock",
    "KeyFactsBlock",
    "KnowledgeCheckBlock",
    "LessonBody",
    "PackageBlock",
    "PictureBlock",
    "TextBlock",
    "VideoBlock",
]


class LessonBody(blocks.StreamBlock):
    text = TextBlock()
    image = PictureBlock()
    video = VideoBlock()
    audio = AudioBlock()
    file = FileBlock()
    key_facts = KeyFactsBlock()
    callout = CalloutBlock()
    indicators = IndicatorsBlock()
    case_story = CaseStoryBlock()
    knowledge_check = KnowledgeCheckBlock()
    helpline = HelplineBlock()
    assessment = AssessmentBlock()
    package = PackageBlock()
