"""What a course is: its pages in all languages, its assessments with their questions, and what these rest on."""

import uuid

from django.utils.translation import gettext as _
from treebeard.mp_tree import MP_Node
from wagtail.models import Locale
from wagtail_localize.models import Translation

from courses import trees
from courses.exchange import fields
from courses.exchange.blocks import with_links
from courses.exchange.exceptions import ExchangeError
from courses.models import Assessment, AssessmentQuestion, Course, Question
from courses.pages import CoursePageMixin, LessonPageMixin, ModulePageMixin

FORMAT = "oberih-course/1"
KINDS = {"course": CoursePageMixin, "module": ModulePageMixin, "lesson": LessonPageMixin}
PAGE_FIELDS = ("title", "slug", "seo_title", "search_description", "show_in_menus")


class References:
    """The names that a description gives to what pages rest on, and which assessments it met."""

    def __init__(self, assets):
        self.assets = assets
        self.pages = {}
        self.assessments = []

    def chosen(self, model, key):
        if issubclass(model, Assessment):
            key = uuid.UUID(str(key))
            if key not in self.assessments:
                self.assessments.append(key)
            return f"assessment:{key}"
        if issubclass(model, MP_Node) and int(key) in self.pages:
            return f"page:{self.pages[int(key)]}"
        return self.assets.name(model, key)

    def text(self, html, _features):
        return with_links(html, self._linked)

    def _linked(self, kind, key):
        if not key.isdigit():
            return None
        if kind == "page" and int(key) in self.pages:
            return f"page:{self.pages[int(key)]}"
        return self.assets.linked(kind, key)


def versions(course_page):
    """The pages of a course in all languages, live or not, from the top down, the source language first."""
    same = type(course_page).objects.filter(translation_key=course_page.translation_key, alias_of=None)
    courses = list(same.select_related("locale"))
    source = trees.source(courses)
    found = []
    for page in sorted(courses, key=lambda page: (page.pk != source.pk, page.pk)):
        below = []
        for model in trees.concrete((ModulePageMixin, LessonPageMixin)):
            below += model.objects.descendant_of(page).select_related("locale")
        found += _without_aliases([page, *sorted(below, key=lambda page: page.path)])
    return found


def _without_aliases(pages):
    """An alias holds another page's text; one is kept only where something written stands below it."""
    written = [page for page in pages if page.alias_of_id is None]
    return [page for page in pages if any(one.path.startswith(page.path) for one in written)]


def describe(course_page, assets):
    """The course as a file says it, with its drafts as their authors left them."""
    pages = versions(course_page)
    if not pages:
        raise ExchangeError(_("This page only repeats another one. Take the original."))
    languages = {locale.pk: locale.language_code for locale in Locale.objects.all()}
    references = References(assets)
    references.pages = {page.pk: page.translation_key for page in pages}
    drafts = [page.get_latest_revision_as_object() for page in pages]
    described = [_page(draft, pages, languages, references) for draft in drafts]
    course = Course.objects.filter(key=course_page.translation_key).first()
    asked = assessments(course, references)
    questions = _questions(asked, languages, references)
    _mark_translated([*described, *questions], languages)
    return {
        "format": FORMAT,
        "source_language": languages[pages[0].locale_id],
        "languages": list(dict.fromkeys(page["language"] for page in described)),
        "course": _course(course),
        "pages": described,
        "assessments": asked,
        "questions": questions,
    }


def _mark_translated(entries, languages):
    """Say which versions translators keep, text by text, and which are pages that somebody writes."""
    rows = Translation.objects.filter(enabled=True, source__object_id__in={entry["key"] for entry in entries})
    kept = {
        (str(key), languages[locale]) for key, locale in rows.values_list("source__object_id", "target_locale_id")
    }
    for entry in entries:
        entry["is_translated"] = (entry["key"], entry["language"]) in kept


def kind_of(page):
    return next(kind for kind, mixin in KINDS.items() if isinstance(page, mixin))


def _page(draft, pages, languages, references):
    above = [page for page in pages if draft.path.startswith(page.path) and page.depth == draft.depth - 1]
    kind = kind_of(draft)
    return {
        "kind": kind,
        "key": str(draft.translation_key),
        "parent": str(above[0].translation_key) if above else None,
        "language": languages[draft.locale_id],
        **{name: getattr(draft, name) for name in PAGE_FIELDS},
        "fields": {
            field.name: fields.said(field, draft, references)
            for field in fields.named(type(draft), of=KINDS[kind])
        },
    }


def _course(course):
    """What of a course no page says. Its project is money of this site's and stays here."""
    if course is None:
        return {"access": None, "days_to_complete": None, "requires": []}
    requires = [
        {"key": str(row.required_id), "code": row.required.code}
        for row in course.prerequisites.select_related("required").order_by("required__code")
    ]
    return {"access": course.access, "days_to_complete": course.days_to_complete, "requires": requires}


NOT_OF_AN_ASSESSMENT = ("course", "lesson", "compared_with")
NOT_OF_A_QUESTION = ("translation_key", "locale", "version")


def assessments(course, references):
    rows = {row.key: row for row in Assessment.objects.filter(course=course)} if course else {}
    rows.update(Assessment.objects.in_bulk([key for key in references.assessments if key not in rows]))
    keys = {}
    for row in AssessmentQuestion.objects.filter(assessment__in=rows).order_by("position", "pk"):
        keys.setdefault(row.assessment_id, []).append(str(row.question_key))
    return [
        {
            "key": str(key),
            "compared_with": str(row.compared_with_id) if row.compared_with_id in rows else None,
            "questions": keys.get(key, []),
            "fields": {
                field.name: fields.said(field, row, references)
                for field in fields.named(Assessment, without=NOT_OF_AN_ASSESSMENT)
            },
        }
        for key, row in sorted(rows.items())
    ]


def _questions(asked, languages, references):
    keys = list(dict.fromkeys(key for one in asked for key in one["questions"]))
    rows = Question.objects.filter(translation_key__in=keys)
    return [
        {
            "key": str(row.translation_key),
            "language": languages[row.locale_id],
            "fields": question_fields(row, references),
        }
        for row in sorted(rows, key=lambda row: (keys.index(str(row.translation_key)), row.pk))
    ]


def question_fields(row, references):
    return {
        field.name: fields.said(field, row, references)
        for field in fields.named(Question, without=NOT_OF_A_QUESTION)
    }
