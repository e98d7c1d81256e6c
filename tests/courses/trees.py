"""A small site: one course, one module, lessons in two languages."""

import uuid

import pytest
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Locale, Page, Site

from cms.models import CourseIndexPage, CoursePage, HomePage, LessonPage, ModulePage

# Wagtail leaves the file open in which it drew a smaller version of an image.
drawing = pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")


def plant():
    """The front page and the catalogue in English and Ukrainian. Returns the English catalogue."""
    english, ukrainian = (Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "uk"))
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=english)
    home = root.add_child(instance=HomePage(title="Home", slug="start", locale=english))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": ""}
    )
    index = home.add_child(instance=CourseIndexPage(title="Courses", slug="courses", locale=english))
    translate(home, ukrainian, "Початок")
    translate(index, ukrainian, "Курси")
    return index


def translate(page, locale, title):
    copy = page.copy_for_translation(locale)
    copy.title = title
    publish(copy)
    return copy


def publish(page):
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def add(parent, page):
    page.locale = parent.locale
    page.live = False
    parent.add_child(instance=page)
    return publish(page)


def check_block(right="a"):
    return {
        "type": "knowledge_check",
        "id": str(uuid.uuid4()),
        "value": {
            "question": "What is right?",
            "multiple": len(right) > 1,
            "options": [
                {
                    "type": "item",
                    "id": str(uuid.uuid4()),
                    "value": {"text": f"answer {letter}", "correct": letter in right, "feedback": f"why {letter}"},
                }
                for letter in "abc"
            ],
        },
    }


def lesson(title, *blocks, **fields):
    body = LessonPage._meta.get_field("body").stream_block.to_python(
        list(blocks) or [{"type": "text", "id": str(uuid.uuid4()), "value": "<p>Words.</p>"}]
    )
    return LessonPage(title=title, body=body, **fields)


def course(index, lessons=2, **fields):
    """A published course with one module. Returns (course page, module page, lesson pages)."""
    page = add(index, CoursePage(title="Safe journeys", summary="About journeys.", **fields))
    module = add(page, ModulePage(title="Module"))
    return page, module, [add(module, lesson(f"Lesson {number}")) for number in range(1, lessons + 1)]


def in_ukrainian(*pages):
    locale = Locale.objects.get(language_code="uk")
    return [translate(page, locale, f"{page.title} укр") for page in pages]


def image(**fields):
    """A picture; Wagtail's own migrations make the collection it lies in, where a run has them."""
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    file = get_test_image_file(filename=f"{uuid.uuid4()}.png", size=(60, 40))
    return get_image_model().objects.create(**{"title": "picture.png", "file": file, **fields})
