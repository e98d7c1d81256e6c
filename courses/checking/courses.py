"""What a course lacks as a whole, and language by language."""

from django.utils.translation import gettext as _

from courses.checking.findings import BETTER, STOPS, at
from courses.models import CompletionRule


def check(course):
    for one in (completion, requirements, evidence, length, untranslated, outdated):
        yield from one(course)


def completion(course):
    source = course.source
    if not course.lessons:
        yield at(source, STOPS, "empty", _("The course has no lessons."))
    elif not _required(course) and not any(
        asked and asked.row.is_required for asked in course.assessments.values()
    ):
        yield at(
            source,
            STOPS,
            "completion",
            _("Nothing is needed to complete the course, so nobody ever completes it."),
        )


def _required(course):
    versions = [part.source(course.source_language) for part in course.lessons]
    return [version for version in versions if version.values.get("is_required", True)]


def requirements(course):
    for title in course.archived_requirements:
        yield at(
            course.source,
            STOPS,
            "requirement",
            _("“%(course)s” must be completed first, and is not offered any more.") % {"course": title},
        )


def evidence(course):
    """A package is never trusted for a certificate by itself."""
    required = _required(course)
    by_package = [one for one in required if one.values.get("completed_by") == CompletionRule.PACKAGE]
    passed = any(
        asked and asked.row.is_required and asked.row.kind == "test" for asked in course.assessments.values()
    )
    seen = any(one.values.get("completed_by") == CompletionRule.TRAINER for one in required)
    if by_package and not passed and not seen:
        yield at(
            course.source,
            BETTER,
            "evidence",
            _("Only packages say who completed the course: no certificate rests on that alone."),
        )


def length(course):
    if not course.source.values.get("minutes"):
        yield at(course.source, BETTER, "minutes", _("How many minutes the course takes is not said."))


def untranslated(course):
    """In the languages that the course has been begun in; that it could have others is no fault."""
    for language, page in course.page.versions.items():
        for part in [*course.modules, *course.lessons]:
            if language not in part.versions:
                yield at(
                    page,
                    BETTER,
                    "language",
                    _("“%(title)s” is not translated.") % {"title": part.source(course.source_language).title},
                )


def outdated(course):
    for part in [course.page, *course.modules, *course.lessons]:
        source = part.versions.get(course.source_language)
        for version in part.versions.values():
            if source is None or version is source or not version.live:
                continue
            known_at = version.known_at or version.published_at
            if version.has_waiting_texts or (source.published_at and known_at and known_at < source.published_at):
                yield at(version, BETTER, "outdated", _("The original says something that this version does not."))
