"""What a course's assessments lack."""

from django.utils.translation import gettext as _

from courses.checking.facts import blocks
from courses.checking.findings import BETTER, STOPS, Finding, at
from courses.models import AssessmentKind, QuestionKind

# What has a right answer among its options, and what is right by the order or the pairs of them.
MARKED = {QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE, QuestionKind.SHORT_TEXT}
ARRANGED = {QuestionKind.ORDERING, QuestionKind.MATCHING}


def check(course):
    yield from gone(course)
    for asked in course.assessments.values():
        if asked is not None:
            yield from place(asked, course)
            yield from questions(asked)
            yield from languages(asked, course)


def _at(asked, grade, kind, what, *, language="", question=None):
    thing = ("question", question.pk) if question is not None else ("assessment", asked.row.pk)
    return Finding(grade, kind, what, str(asked.row), language, thing=thing)


def gone(course):
    for part in course.lessons:
        for version in part.versions.values():
            for block in blocks(version.body, "assessment"):
                if course.assessments.get(str(block["value"].get("assessment"))) is None:
                    yield at(version, STOPS, "assessment", _("The assessment of this lesson is gone."))


def place(asked, course):
    named = {
        str(block["value"].get("assessment"))
        for part in course.lessons
        for version in part.versions.values()
        for block in blocks(version.body, "assessment")
    }
    if asked.row.course_id not in {None, course.key}:
        yield _at(
            asked,
            STOPS,
            "assessment",
            _("This assessment belongs to another course. Give the lesson one of its own."),
        )
    if str(asked.row.key) not in named:
        grade = STOPS if asked.row.is_required else BETTER
        yield _at(asked, grade, "assessment", _("No lesson holds this assessment, so nobody can take it."))


def can_be_asked(question):
    """Whether somebody can answer it rightly; what asks for an opinion has no right answer."""
    if question.kind in MARKED:
        return bool(question.correct_ids)
    if question.kind in ARRANGED:
        return len(question.option_ids) > 1
    return question.kind != QuestionKind.NUMERIC or question.number is not None


def questions(asked):
    usable = 0
    for versions in asked.questions:
        question = next(iter(versions.values()), None)
        if question is None:
            yield _at(asked, BETTER, "question", _("A question that was chosen is gone from the bank."))
        elif asked.row.kind == AssessmentKind.TEST and not can_be_asked(question):
            yield _at(
                asked,
                STOPS,
                "question",
                _("“%(question)s” has no right answer.") % {"question": question},
                question=question,
            )
        else:
            usable += 1
    if not usable:
        yield _at(asked, STOPS, "question", _("It has no question that can be asked."))
    elif asked.row.draw and asked.row.draw > usable:
        yield _at(
            asked,
            STOPS,
            "question",
            _("It draws %(draw)d questions, and only %(usable)d can be asked.")
            % {"draw": asked.row.draw, "usable": usable},
        )


def languages(asked, course):
    texts = asked.row.title.data if isinstance(asked.row.title.data, dict) else {course.source_language: "x"}
    for language in course.languages:
        if not texts.get(language):
            yield _at(asked, BETTER, "language", _("Its title is not translated."), language=language)
        for versions in asked.questions:
            if versions and language not in versions:
                question = next(iter(versions.values()))
                yield _at(
                    asked,
                    BETTER,
                    "language",
                    _("“%(question)s” is not translated.") % {"question": question},
                    language=language,
                    question=question,
                )
