"""What a course file says of a case story becomes the block that readers walk through."""

import tomllib

from cms.demo.pages import _block
from cms.models import LessonPage
from courses.blocks import CaseStoryBlock
from courses.story import story_from

STORY = """
kind = "case_story"
title = "At the bus station"
start = "arrival"
[[scenes]]
key = "arrival"
text = "<p>A woman waits.</p>"
[[scenes.choices]]
text = "Ask aloud"
feedback = "He hears it."
leads_to = "alone"
[[scenes]]
key = "alone"
text = "<p>She is alone.</p>"
[[scenes.choices]]
text = "Listen"
feedback = "She tells you."
leads_to = ""
"""


def loaded():
    block = _block(tomllib.loads(STORY), "lesson", "x", "0")
    return LessonPage._meta.get_field("body").stream_block.to_python([block])[0]


def test_a_story_of_a_course_file_can_be_told():
    block = loaded()
    CaseStoryBlock().clean(block.value)
    walk = story_from(block).walk("0.0")
    assert [(step.scene.key, step.choice.text, step.choice.feedback) for step in walk.steps] == [
        ("arrival", "Ask aloud", "He hears it."),
        ("alone", "Listen", "She tells you."),
    ]
    assert walk.scene is None


def test_a_site_that_is_filled_anew_has_the_ids_it_had():
    def ids(block):
        scenes = block.value["scenes"].bound_blocks
        return [
            block.id,
            *(scene.id for scene in scenes),
            *(c.id for s in scenes for c in s.value["choices"].bound_blocks),
        ]

    assert ids(loaded()) == ids(loaded())
    assert len(set(ids(loaded()))) == 5
