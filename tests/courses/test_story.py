import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cms.models import LessonPage, SiteSettings
from courses.blocks import CaseStoryBlock
from courses.story import faults, story_from
from tests.courses import trees
from tests.courses.media_files import story_block


def one(block):
    return LessonPage._meta.get_field("body").stream_block.to_python([block])[0]


@pytest.mark.parametrize(
    ("scenes", "found"),
    [
        ([("a", ["b", ""]), ("b", ["a", ""])], []),
        # A scene without a choice is an end.
        ([("a", ["b"]), ("b", [])], []),
        ([("a", ["a"])], [("endless", "a")]),
        ([("a", ["b", ""]), ("b", ["c"]), ("c", ["b"])], [("endless", "b"), ("endless", "c")]),
        ([("a", ["b"])], [("unknown", "b")]),
        ([("a", [""]), ("b", [""])], [("unreached", "b")]),
        ([("a", ["b"]), ("b", [""]), ("b", [""])], [("twice", "b")]),
        ([("b", [""])], [("start", "a")]),
        ([], [("start", "a")]),
    ],
)
def test_what_keeps_a_story_from_being_told_is_found(scenes, found):
    assert faults("a", scenes) == found


KEYS = st.sampled_from(["a", "b", "c", "d", ""])


@given(st.dictionaries(st.sampled_from("abcd"), st.lists(KEYS, max_size=3)))
def test_a_story_without_a_fault_ends_from_wherever_one_is(scenes):
    if faults("a", list(scenes.items())):
        return
    for key in scenes:
        ahead, seen = [key], set()
        while ahead:
            scene = ahead.pop()
            if scene not in seen and scene:
                seen.add(scene)
                ahead += scenes[scene] or [""]
            elif not scene:
                break
        else:
            pytest.fail(f"no end from {key}")


def test_the_author_is_told_in_whole_sentences():
    block = CaseStoryBlock()
    value = block.to_python(story_block([("bus", [("Go", "", "away")]), ("lost", [("Stay", "", "")])])["value"])
    with pytest.raises(ValidationError) as refused:
        block.clean(value)
    assert refused.value.as_json_data()["messages"] == [
        "A choice leads to the scene “away”, which does not exist.",
        "No choice leads to the scene “lost”.",
    ]


def test_a_path_is_walked_as_far_as_it_goes():
    story = story_from(one(story_block()))
    assert [(walk.scene and walk.scene.key, walk.path, walk.feedback) for walk in map(story.walk, PATHS)] == [
        ("bus", "", ""),
        ("alone", "0", "He hears it."),
        (None, "1", "Nobody asks her."),
        (None, "1", "Nobody asks her."),
        ("bus", "0.1", ""),
        ("alone", "0", "He hears it."),
        ("bus", "", ""),
        ("bus", "", ""),
    ]


PATHS = ["", "0", "1", "1.0", "0.1", "0.7", "x", "-1"]


@given(st.text(max_size=300))
def test_no_path_is_an_error(path):
    walk = story_from(one(story_block())).walk(path)
    assert len(walk.steps) <= 40


def told(client, url):
    page = client.get(url).content.decode()
    return re.search(r"<div data-now>(.*?)</div>\s*<template", page, re.DOTALL)[1]


def links(now):
    return [link.replace("&amp;", "&") for link in re.findall(r'<a [^>]*href="([^"]+)"', now)]


@pytest.mark.django_db
def test_a_story_is_gone_through_by_links_alone(client, index):
    _page, module, _lessons = trees.course(index, lessons=0)
    block = story_block()
    lesson = trees.add(module, trees.lesson("Story", block))
    name, url = f"story-{block['id'][:8]}", lesson.get_url()
    end = f"#story-{block['id']}"
    first = told(client, url)
    assert "Scene bus." in first
    assert links(first) == [f"{url}?{name}=0{end}", f"{url}?{name}=1{end}"]
    second = told(client, links(first)[0])
    assert "He hears it." in second
    assert "Scene alone." in second
    # Back to the first scene, and on.
    assert links(second) == [f"{url}{end}", f"{url}?{name}=0.0{end}", f"{url}?{name}=0.1{end}"]
    last = told(client, links(second)[1])
    assert "The story ends here." in last
    assert links(last) == [f"{url}{end}", f"{url}?{name}=0{end}", f"{url}{end}"]


@pytest.mark.django_db
def test_two_stories_on_a_page_do_not_disturb_each_other(client, index):
    _page, module, _lessons = trees.course(index, lessons=0)
    one, other = story_block(), story_block()
    lesson = trees.add(module, trees.lesson("Stories", one, other))
    name, second = f"story-{one['id'][:8]}", f"story-{other['id'][:8]}"
    page = client.get(lesson.get_url(), {name: "0", "utm": "x"}).content.decode().replace("&amp;", "&")
    assert f"{lesson.get_url()}?{name}=0&{second}=1#story-{other['id']}" in page
    assert "utm=x#" not in page


@pytest.mark.django_db
def test_each_path_is_kept_as_a_page_of_its_own(client, index, settings):
    settings.OBERIH_UI_PAGE_CACHE_SECONDS = 60
    # The first request of a site's life makes this row.
    SiteSettings.load()
    _page, module, _lessons = trees.course(index, lessons=0)
    block = story_block()
    lesson = trees.add(module, trees.lesson("Story", block))
    url, name = lesson.get_url(), f"story-{block['id'][:8]}"
    pages = [client.get(url, query) for query in ({}, {name: "0"}, {}, {name: "0"})]
    assert [page.has_header("Age") for page in pages] == [False, False, True, True]
    assert ["He hears it.</p>" in page.content.decode() for page in pages] == [False, True, False, True]
