"""A course with everything in it that one can be made of, in two languages."""

import re
import uuid

from django.core.files.base import ContentFile
from i18nfield.strings import LazyI18nString
from wagtail.documents import get_document_model
from wagtail.models import Locale

from cms.models import CoursePage, ModulePage
from courses.models import Assessment, Package, Question
from participants.models import Category, Topic
from tests.courses import trees
from tests.courses.factories import AssessmentFactory, QuestionFactory


def block(kind, value):
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}


def text(html):
    return block("text", html)


def school(index):
    """Returns (course page, its lesson pages, its assessment)."""
    topic, _made = Topic.objects.get_or_create(code="referral_nrm", defaults={"label": "Referral"})
    category, _made = Category.objects.get_or_create(code="border_guard", defaults={"label": "Border guard"})
    image = trees.image(title="A road", description="A road at dusk", focal_point_x=10, focal_point_y=12)
    course = CoursePage(title="Safe journeys", slug="safe-journeys", summary="About journeys.", minutes=30)
    course.image, course.topics, course.audiences = image, [topic], [category]
    page = trees.add(index, course)
    module = trees.add(page, ModulePage(title="Module"))
    questions = [QuestionFactory(topic=topic, points=2), QuestionFactory()]
    for question in questions:
        QuestionFactory(
            translation_key=question.translation_key,
            locale=Locale.objects.get(language_code="uk"),
            text=f"{question.text} укр",
            topic=question.topic,
            points=question.points,
        )
    before = AssessmentFactory(course=None, kind="survey", title=LazyI18nString({"en": "Before"}))
    assessment = AssessmentFactory(course=None, questions=questions, draw=1, pass_percent=70, compared_with=before)
    package = Package.objects.create(title="A package", file=ContentFile(b"zip", "a.zip"), language="en")
    first = trees.lesson(
        "First",
        text('<p data-block-key="aaaaa">Words.</p>'),
        block(
            "image", {"image": {"image": image.pk, "alt_text": "A road", "decorative": False}, "caption": "Here"}
        ),
        trees.check_block(),
        block("package", {"package": package.pk}),
        summary="What it is.",
        minutes=5,
    )
    first = trees.add(module, first)
    second = trees.add(
        module,
        trees.lesson(
            "Second",
            text(
                f'<p data-block-key="bbbbb">See <a linktype="page" id="{first.pk}">the first</a> and '
                f'<a linktype="page" id="{index.pk}">all courses</a>.</p>'
            ),
            block("key_facts", {"title": "Facts", "facts": [block("item", "One"), block("item", "Two")]}),
            block("assessment", {"assessment": str(before.pk)}),
            block("assessment", {"assessment": str(assessment.pk)}),
            is_required=False,
        ),
    )
    trees.in_ukrainian(page, module, first, second)
    return page, [first, second], assessment


def document(title="A leaflet"):
    return get_document_model().objects.create(title=title, file=ContentFile(b"words", "leaflet.txt"))


def sketch(page):
    """The course of a page as plain values, without the keys and numbers that differ from copy to copy."""
    from courses.exchange.assets import Packed
    from courses.exchange.describing import describe

    packed = Packed()
    described = describe(page, packed)
    entries, _files = packed.described()
    described["assets"] = [{**entry, "files": sorted(entry["files"])} for entry in entries]
    return described


def anonymous(described):
    """A description whose keys are replaced by the order in which they first come."""
    names = {}

    def of(value):
        if isinstance(value, dict):
            return {key: of(one) for key, one in value.items()}
        if isinstance(value, list):
            return [of(one) for one in value]
        return (
            KEYS.sub(lambda found: names.setdefault(found[0], f"key-{len(names)}"), value)
            if isinstance(value, str)
            else value
        )

    # Rows are sorted by their keys, which are other keys in another place.
    described = {
        **described,
        "assessments": sorted(described["assessments"], key=lambda one: str(one["fields"]["title"])),
    }
    return of(described)


KEYS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def assessments_of(page):
    return Assessment.objects.filter(course_id=page.translation_key)


def wordings():
    return sorted((row.locale.language_code, row.text) for row in Question.objects.select_related("locale"))
