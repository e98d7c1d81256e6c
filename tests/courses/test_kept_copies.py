"""What a phone is told to fetch when somebody keeps a module: everything the pages show, and nothing of anybody."""

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

from courses import actions
from courses.models import Course
from courses.offline.copies import Holdings
from tests.courses import trees

pytestmark = pytest.mark.django_db


def listing(client, page):
    return client.get(reverse("oberih_courses:copy", args=[page.translation_key]))


def picture_block(image):
    return {
        "type": "image",
        "value": {"image": {"image": image.pk, "alt_text": "A road", "decorative": False}, "caption": ""},
    }


@trees.drawing
def test_a_module_is_listed_with_its_lessons_pictures_and_sizes(client, index, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    _course, module, (first, second) = trees.course(index)
    illustrated = trees.lesson("x", picture_block(trees.image()))
    first.body = illustrated.body
    trees.publish(first)
    told = listing(client, module).json()

    assert (told["title"], told["language"], told["url"]) == ("Module", "en", module.get_url())
    assert [one["url"] for one in told["pages"]] == [page.get_url() for page in (module, first, second)]
    assert [one["bytes"] for one in told["pages"]] == [
        len(client.get(page.get_url()).content) for page in (module, first, second)
    ]
    (picture,) = told["pictures"]
    renditions = first.body[0].value["image"].renditions.all()
    assert {one["url"]: one["bytes"] for one in picture} == {one.url: one.file.size for one in renditions}
    assert (told["captions"], told["media"]) == ([], [])
    assert "/static/oberih/courses/js/kept-answers.js" in told["parts"]


def test_what_is_kept_is_what_a_stranger_sees(client, index, learner):
    course, module, lessons = trees.course(index)
    sizes = [one["bytes"] for one in listing(client, module).json()["pages"]]
    actions.enrol(participant=learner, course=Course.objects.get(key=course.translation_key))
    assert [one["bytes"] for one in listing(client, module).json()["pages"]] == sizes
    assert len(client.get(lessons[0].get_url()).content) != sizes[1]


def test_the_version_moves_with_the_lesson_that_was_changed(client, index):
    _course, module, (first, _second) = trees.course(index)
    before, again = listing(client, module).json(), listing(client, module).json()
    assert before == again
    first.summary = "Something new."
    trees.publish(first)
    after = listing(client, module).json()
    assert after["version"] != before["version"]
    changed = [
        one["url"]
        for one, other in zip(after["pages"], before["pages"], strict=True)
        if one["version"] != other["version"]
    ]
    assert changed == [first.get_url()]


def test_a_whole_course_can_be_kept_and_is_its_reader_s_language(client, index):
    course, module, lessons = trees.course(index)
    ukrainian = trees.in_ukrainian(course, module, *lessons)
    told = listing(client, course).json()
    assert [one["url"] for one in told["pages"]] == [page.get_url() for page in (course, *lessons)]
    address = reverse("oberih_courses:copy", args=[course.translation_key]).replace("/en/", "/uk/")
    assert client.get(address).json()["url"] == ukrainian[0].get_url()


def test_what_not_everybody_may_read_is_not_listed(client, index):
    _course, module, (first, second) = trees.course(index)
    PageViewRestriction.objects.create(page=first, restriction_type="login")
    assert [one["url"] for one in listing(client, module).json()["pages"]] == [module.get_url(), second.get_url()]
    PageViewRestriction.objects.create(page=module, restriction_type="login")
    assert listing(client, module).status_code == 404


def test_a_page_tells_its_files_and_none_of_other_sites():
    holdings = Holdings("oberih.example")
    holdings.read(
        '<link rel="stylesheet" href="/s.css"><link rel="alternate" href="/feed"><script src="/s.js"></script>'
        '<svg><use href="/icons.svg#a"></use></svg><svg><use href="/icons.svg#b"></use></svg>'
        '<img srcset="/a-400.webp 400w, https://oberih.example/a-800.webp 800w" src="/a-400.webp">'
        '<img src="https://elsewhere.example/b.png"><img src="data:image/png;base64,AAAA">'
        '<template><video src="/film.mp4?v=1"><track src="/film.vtt"></video></template>'
        '<iframe src="https://films.example/1"></iframe>'
    )
    assert holdings.parts == ["/s.css", "/s.js", "/icons.svg"]
    assert holdings.pictures == [[("/a-400.webp", 400), ("https://oberih.example/a-800.webp", 800)]]
    assert (holdings.media, holdings.captions) == (["/film.mp4?v=1"], ["/film.vtt"])
