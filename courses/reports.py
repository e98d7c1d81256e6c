"""What editors ask of all courses at once: which languages are there and up to date, and what assessments lack.

Everything is read by a fixed number of statements and put together here, since pages, translations and questions know each
other only by keys.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from courses import trees
from courses.models import Assessment, AssessmentQuestion, Question
from courses.pages import CoursePageMixin, LessonPageMixin

PUBLISHED, DRAFT, ABSENT = "published", "draft", "absent"


@dataclass(frozen=True)
class CourseLanguage:
    """One course in one language, beside the language that it was written in."""

    title: str
    url: str
    language: str
    state: str
    is_source: bool
    lessons: int
    translated: int
    outdated: int
    questions: int
    worded: int
    published_at: object

    @property
    def state_label(self):
        return {PUBLISHED: _("Published"), DRAFT: _("Draft"), ABSENT: _("Not there")}[self.state]

    @property
    def is_complete(self):
        return (
            self.state == PUBLISHED
            and self.translated == self.lessons
            and self.worded == self.questions
            and not self.outdated
        )

    @property
    def lessons_label(self):
        return _("%(done)d of %(all)d") % {"done": self.translated, "all": self.lessons}

    @property
    def questions_label(self):
        return _("%(done)d of %(all)d") % {"done": self.worded, "all": self.questions} if self.questions else "–"


def course_languages():
    """A row for each course and each language of the site, the language it was written in first."""
    locales = list(Locale.objects.all())
    courses = _by_key(CoursePageMixin)
    lessons = _by_key(LessonPageMixin, defer=("body",))
    first = Locale.get_default().pk
    sources = {key: _source(versions, first) for key, versions in courses.items()}
    of_course = _lessons_by_course(lessons, sources.values())
    stale = stale_translations()
    bank = _bank_by_course()
    worded = set(Question.objects.values_list("translation_key", "locale_id"))
    rows = []
    for key, source in sorted(sources.items(), key=lambda pair: pair[1].path):
        taught = [lessons[lesson] for lesson in of_course[source.path]]
        for locale in sorted(locales, key=lambda locale: (locale.pk != source.locale_id, locale.language_code)):
            page = courses[key].get(locale.pk)
            there = [versions for versions in taught if _is_live(versions.get(locale.pk))]
            checked = [courses[key], *there] if _is_live(page) else there
            rows.append(
                CourseLanguage(
                    title=source.title,
                    url=reverse("wagtailadmin_pages:edit", args=[(page or source).pk]),
                    language=locale.get_display_name(),
                    state=PUBLISHED if _is_live(page) else DRAFT if page else ABSENT,
                    is_source=locale.pk == source.locale_id,
                    lessons=len(taught),
                    translated=len(there),
                    outdated=sum(
                        _is_outdated(versions, source.locale_id, locale.pk, stale) for versions in checked
                    ),
                    questions=len(bank[key]),
                    worded=sum((question, locale.pk) in worded for question in bank[key]),
                    published_at=page.last_published_at if page else None,
                )
            )
    return rows


def _source(versions, first):
    """As `trees.source` says it, which asks for the first language each time."""
    return min(versions.values(), key=lambda page: (page.locale_id != first, page.pk))


def _by_key(mixin, *, defer=()):
    """{translation key: {locale: page}}, live or not."""
    found = defaultdict(dict)
    for model in trees.concrete(mixin):
        # An alias holds the original's text, in whichever language it stands.
        for page in model.objects.filter(alias_of=None).defer(*defer).select_related("locale"):
            found[page.translation_key][page.locale_id] = page
    return found


def _lessons_by_course(lessons, course_pages):
    """{path of a course's page: keys of the live lessons below it}."""
    paths = {page.path: page for page in course_pages}
    found = defaultdict(list)
    for key, versions in lessons.items():
        for page in versions.values():
            above = next((page.path[:end] for end in range(len(page.path)) if page.path[:end] in paths), None)
            if above and page.live:
                found[above].append(key)
    return found


def _is_live(page):
    return page is not None and page.live


def stale_translations():
    """{(translation key, locale): (since when the translators know the text, whether some of it is not translated)}."""
    untranslated = (
        StringSegment.objects.filter(source_id=OuterRef("source_id"))
        .annotate(_target=OuterRef("target_locale_id"))
        .annotate(
            done=Exists(
                StringTranslation.objects.filter(
                    translation_of_id=OuterRef("string_id"),
                    context_id=OuterRef("context_id"),
                    locale_id=OuterRef("_target"),
                    has_error=False,
                )
            )
        )
        .filter(done=False)
    )
    rows = Translation.objects.filter(enabled=True).annotate(waits=Exists(untranslated))
    values = rows.values_list("source__object_id", "target_locale_id", "source__last_updated_at", "waits")
    return {(key, locale): (known_at, waits) for key, locale, known_at, waits in values}


def _is_outdated(versions, source_locale, locale, stale):
    """Whether the original says something that this live version does not."""
    source, page = versions.get(source_locale), versions.get(locale)
    if locale == source_locale or source is None or page is None:
        return False
    known_at, waits = stale.get((page.translation_key, locale), (page.last_published_at, False))
    published_at = source.last_published_at
    return waits or bool(published_at and known_at and known_at < published_at)


def _bank_by_course():
    found = defaultdict(set)
    rows = AssessmentQuestion.objects.exclude(assessment__course=None)
    for course, question in rows.values_list("assessment__course", "question_key"):
        found[course].add(question)
    return found


@dataclass(frozen=True)
class Finding:
    """Something that an assessment lacks."""

    kind: str
    title: str
    what: str
    language: str
    url: str


def finding_kinds():
    return [
        ("place", _("Not in any lesson")),
        ("few", _("Too few questions")),
        ("answer", _("No right answer")),
        ("language", _("Not translated")),
    ]


def findings():
    """What is missing in assessments, one row for each thing to do."""
    locales = list(Locale.objects.all())
    first = Locale.get_default()
    versions = defaultdict(dict)
    for question in Question.objects.select_related("locale"):
        versions[question.translation_key][question.locale_id] = question
    rows = []
    for assessment in Assessment.objects.prefetch_related("bank").order_by("course__code", "pk"):
        keys = [row.question_key for row in assessment.bank.all()]
        rows += _of_questions(assessment, [versions.get(key, {}) for key in keys], first)
        rows += _of_languages(assessment, [versions[key] for key in keys if key in versions], locales)
    return rows


def _finding(assessment, kind, what, *, url=None, language=""):
    url = url or reverse("wagtailsnippets_oberih_courses_assessment:edit", args=[assessment.pk])
    return Finding(kind, str(assessment), what, language, url)


def _of_questions(assessment, bank, first):
    if assessment.lesson_id is None:
        yield _finding(assessment, "place", _("No published lesson holds this assessment, so nobody can take it."))
    usable = 0
    for question_versions in bank:
        original = question_versions.get(first.pk) or next(iter(question_versions.values()), None)
        if original is None:
            yield _finding(assessment, "few", _("A question that was chosen is gone from the bank."))
        elif original.problem is not None:
            url = reverse("wagtailsnippets_oberih_courses_question:edit", args=[original.pk])
            yield _finding(
                assessment,
                "answer",
                _("“%(question)s” is not finished and is left out: %(why)s")
                % {"question": original, "why": original.problem.message},
                url=url,
            )
        else:
            usable += 1
    if not usable:
        yield _finding(assessment, "few", _("It has no question that can be asked."))
    elif assessment.draw and assessment.draw > usable:
        yield _finding(
            assessment,
            "few",
            _("It draws %(draw)d questions, and only %(usable)d can be asked.")
            % {"draw": assessment.draw, "usable": usable},
        )


def _of_languages(assessment, bank, locales):
    for locale in locales:
        name = locale.get_display_name()
        texts = assessment.title.data if isinstance(assessment.title.data, dict) else {}
        if not texts.get(locale.language_code):
            yield _finding(assessment, "language", _("Its title is not translated."), language=name)
        for question_versions in bank:
            if locale.pk not in question_versions:
                original = next(iter(question_versions.values()))
                yield _finding(
                    assessment,
                    "language",
                    _("“%(question)s” is not translated.") % {"question": original},
                    url=reverse("wagtailsnippets_oberih_courses_question:edit", args=[original.pk]),
                    language=name,
                )
