"""The blocks in Wagtail's editor: drawn with what they hold, and read back as it was sent."""

import json

import pytest
from wagtail import blocks
from wagtail.blocks.base import BlockWidget

from courses.blocks import AudioBlock, CaseStoryBlock, FileBlock, IndicatorsBlock, VideoBlock
from tests.courses import media_files as made

pytestmark = pytest.mark.django_db


class Body(blocks.StreamBlock):
    video = VideoBlock()
    audio = AudioBlock()
    file = FileBlock()
    indicators = IndicatorsBlock()
    case_story = CaseStoryBlock()


def test_the_editor_draws_every_block(locales):
    body = Body()
    value = body.to_python(
        [
            made.video_block(made.video(), [("en", made.captions())]),
            made.audio_block(made.audio()),
            made.story_block(),
            {"type": "file", "value": {"document": made.captions().pk, "title": "", "about": ""}},
        ]
    )
    drawn = BlockWidget(body).render_with_errors("body", value, attrs={"id": "body"})
    assert ("courses.blocks" in drawn, "Scene bus." in drawn, "At the bus station" in drawn) == (False, True, True)
    scripts = str(BlockWidget(body).media)
    assert "media-chooser-telepath.js" in scripts


def sent(key, language):
    return {
        "c-count": "1",
        "c-0-deleted": "",
        "c-0-order": "0",
        "c-0-id": key,
        "c-0-value-language": language,
        "c-0-value-document": str(made.captions().pk),
    }


@pytest.mark.parametrize(("language", "is_taken"), [("uk", True), ("xx", False), ("", False)])
def test_captions_are_of_a_language_of_the_site(language, is_taken):
    captions = VideoBlock().child_blocks["captions"]
    value = captions.value_from_datadict(sent("0f0e7a3c-8f4e-4c86-b4c5-7d3a3b5ce0a1", language), {}, "c")
    if is_taken:
        assert [row["language"] for row in captions.clean(value)] == [language]
        assert json.dumps(captions.get_prep_value(value))
    else:
        with pytest.raises(blocks.list_block.ListBlockValidationError):
            captions.clean(value)


def test_a_draft_may_lack_what_publishing_asks_for():
    body = Body(required=False)
    value = body.to_python([made.video_block(transcript=""), made.story_block([("bus", [("Go", "", "away")])])])
    assert len(body.clean_deferred(value)) == 2
    with pytest.raises(blocks.stream_block.StreamBlockValidationError):
        body.clean(value)
