"""Each check alone: what it finds, and that it finds nothing where nothing is missing."""

import datetime as dt
import uuid

import pytest
from i18nfield.strings import LazyI18nString

from courses.checking import assessments, courses, lessons
from courses.checking.facts import Asked
from courses.models import Assessment, Package, Question
from tests.courses.checking.facts import block, course, part, said, version

TEXT = {"type": "text", "id": "x", "value": "<p>Words.</p>"}
NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def asked(questions=(), *, course_id=None, **fields):
    row = Assessment(key=uuid.uuid4(), title=LazyI18nString({"en": "Final", "uk": "Тест"}), **fields)
    row.course_id = course_id
    return Asked(row, list(questions))


def question(kind="single", right=True, language="en", **fields):
    options = [
        {"type": "option", "id": str(number), "value": {"text": "x", "correct": right and number == 0}}
        for number in range(2)
    ]
    options = Question._meta.get_field("options").stream_block.to_python(options)
    return {language: Question(pk=7, kind=kind, text="What?", options=options, **fields)}


def test_a_course_without_lessons_is_empty():
    assert said(courses.completion(course())) == [("stops", "The course has no lessons.")]
    assert said(courses.completion(course(part(version())))) == []


def test_a_course_that_asks_nothing_is_never_completed():
    optional = course(part(version(is_required=False)))
    assert said(courses.completion(optional)) == [
        ("stops", "Nothing is needed to complete the course, so nobody ever completes it.")
    ]
    optional.assessments = {"x": asked(is_required=True)}
    assert said(courses.completion(optional)) == []


def test_a_requirement_that_is_gone_stops_learners():
    assert said(courses.requirements(course(archived_requirements=["Basics"]))) == [
        ("stops", "“Basics” must be completed first, and is not offered any more.")
    ]


def test_packages_alone_give_no_certificate():
    taught = course(part(version(completed_by="package")))
    assert said(courses.evidence(taught)) == [
        ("better", "Only packages say who completed the course: no certificate rests on that alone.")
    ]
    taught.assessments = {"x": asked(kind="survey")}
    assert len(said(courses.evidence(taught))) == 1
    taught.assessments = {"x": asked()}
    assert said(courses.evidence(taught)) == []
    confirmed = course(part(version(completed_by="package")), part(version(completed_by="trainer")))
    assert said(courses.evidence(confirmed)) == []


def test_minutes_are_asked_of_the_course_and_of_lessons():
    assert said(courses.length(course(page=part(version(minutes=None))))) == [
        ("better", "How many minutes the course takes is not said.")
    ]
    assert said(courses.length(course())) == said(lessons.minutes(version())) == []
    assert said(lessons.minutes(version(minutes=None))) == [
        ("better", "How many minutes the lesson takes is not said.")
    ]


def test_parts_that_a_begun_language_lacks_are_named():
    page = part(version("en"), version("uk", pk=2))
    found = course(part(version("en")), part(version("en"), version("uk", pk=3)), page=page)
    assert [(one.grade, one.what, one.language, one.page) for one in courses.untranslated(found)] == [
        ("better", "“Title en” is not translated.", "uk", 2)
    ]


def test_a_version_that_is_older_than_its_original_is_out_of_date():
    later = NOON + dt.timedelta(hours=1)
    stale = part(version("en", published_at=later), version("uk", pk=2, published_at=NOON))
    fresh = part(version("en", published_at=NOON), version("uk", pk=3, published_at=later))
    waiting = part(version("en", published_at=NOON), version("uk", pk=4, known_at=later, has_waiting_texts=True))
    draft = part(version("en", published_at=later), version("uk", pk=5, published_at=NOON, live=False))
    found = courses.outdated(course(stale, fresh, waiting, draft))
    assert [(one.grade, one.page) for one in found] == [("better", 2), ("better", 4)]


def test_an_empty_lesson_stops_learners():
    assert said(lessons.empty(version())) == [("stops", "The lesson is empty.")]
    assert said(lessons.empty(version("en", TEXT))) == []


@pytest.mark.parametrize(
    ("rule", "blocks", "expected"),
    [
        ("watched", [TEXT], "Watching completes the lesson, and it has neither a video nor an audio."),
        ("watched", [block("audio")], None),
        ("package", [TEXT], "A package completes the lesson, and it has none."),
        ("package", [block("package", package="1")], None),
        ("trainer", [TEXT], "A trainer’s confirmation completes the lesson, and nobody here is a trainer."),
        ("read", [TEXT], None),
    ],
)
def test_a_rule_that_cannot_be_fulfilled_stops_learners(rule, blocks, expected):
    taught = version("en", *blocks, completed_by=rule)
    found = said(lessons.rule(taught, course(has_trainers=False)))
    assert found == ([("stops", expected)] if expected else [])


def test_a_trainer_can_confirm():
    assert said(lessons.rule(version("en", TEXT, completed_by="trainer"), course())) == []


@pytest.mark.parametrize(
    ("image", "is_missing"),
    [
        ({"image": 1, "alt_text": "A road", "decorative": False}, False),
        ({"image": 1, "alt_text": "", "decorative": True}, False),
        ({"image": 1, "alt_text": " ", "decorative": False}, True),
        ({"image": 1}, True),
        (1, True),
    ],
)
def test_an_image_needs_a_text_or_is_decorative(image, is_missing):
    found = [one.grade for one in lessons.pictures(version("en", block("image", image=image)))]
    assert found == (["stops"] if is_missing else [])


def test_videos_need_captions_and_both_need_a_transcript():
    bare = version("en", block("video", title="Film"), block("audio", title="Sound"))
    assert said(lessons.media(bare)) == [
        ("stops", "“Film” has no transcript."),
        ("stops", "“Film” has no captions."),
        ("stops", "“Sound” has no transcript."),
    ]
    captions = [{"type": "item", "value": {"language": "en", "document": 1}}]
    whole = version(
        "en",
        block("video", title="Film", captions=captions, transcript="<p>x</p>"),
        block("video", title="Elsewhere", has_captions=True, transcript="<p>x</p>"),
        block("audio", title="Sound", transcript="<p>x</p>"),
    )
    assert said(lessons.media(whole)) == []


def story(start, **scenes):
    return block(
        "case_story",
        title="At the border",
        start=start,
        scenes=[
            {
                "type": "item",
                "value": {
                    "key": key,
                    "choices": [{"type": "item", "value": {"text": "x", "leads_to": to}} for to in leads],
                },
            }
            for key, leads in scenes.items()
        ],
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (story("a", a=["b", ""], b=[]), []),
        (story("x", a=[""]), [("stops", "The story “At the border” begins with a scene that is not there.")]),
        (
            story("a", a=["b"]),
            [
                (
                    "stops",
                    "In the story “At the border” a choice leads to the scene “b”, which is not there.",
                )
            ],
        ),
        (
            story("a", a=["b"], b=["a"]),
            [
                ("stops", "In the story “At the border” there is no end after the scene “a”."),
                ("stops", "In the story “At the border” there is no end after the scene “b”."),
            ],
        ),
        (
            story("a", a=[""], b=["a"]),
            [("better", "In the story “At the border” nothing leads to the scene “b”.")],
        ),
    ],
)
def test_every_way_through_a_story_ends(told, expected):
    assert said(lessons.stories(version("en", told))) == expected


def test_a_package_must_be_ready():
    taught = version("en", *(block("package", package=str(number)) for number in range(5)))
    known = course(
        packages={
            "1": Package(title="One", state="ready"),
            "2": Package(title="Two", state="refused"),
            "3": Package(title="Three", state="uploaded"),
            "4": Package(title="Four", state="ready", warnings=["It never reports completion."]),
        }
    )
    assert said(lessons.packages(taught, known)) == [
        ("stops", "The package of this lesson is gone."),
        ("stops", "The package “Two” was refused."),
        ("stops", "The package “Three” is not ready yet."),
        ("better", "The package “Four”: It never reports completion."),
    ]


def test_links_lead_to_published_pages():
    linked = version(
        "en",
        {"type": "text", "value": '<p><a linktype="page" id="3">a</a> <a id="4" linktype="page">b</a></p>'},
        block("callout", text='<a linktype="page" id="5">c</a>'),
    )
    assert said(lessons.dead_links(linked, course(live_pages=frozenset({3, 4})))) == [
        ("better", "A link leads to a page that is not published.")
    ]


def holding(one):
    return part(version("en", block("assessment", assessment=str(one.row.key))))


def test_an_assessment_stands_in_a_lesson_of_its_course():
    one = asked([question()])
    here = course(holding(one), assessments={str(one.row.key): one})
    assert said(assessments.check(here)) == []
    nowhere = course(assessments={str(one.row.key): one})
    assert said(assessments.place(one, nowhere)) == [
        ("stops", "No lesson holds this assessment, so nobody can take it.")
    ]
    one.row.course_id = uuid.uuid4()
    assert said(assessments.place(one, here)) == [
        ("stops", "This assessment belongs to another course. Give the lesson one of its own.")
    ]
    gone = course(holding(one), assessments={str(one.row.key): None})
    assert said(assessments.gone(gone)) == [("stops", "The assessment of this lesson is gone.")]


def test_as_many_questions_can_be_asked_as_are_drawn():
    assert said(assessments.questions(asked())) == [("stops", "It has no question that can be asked.")]
    assert said(assessments.questions(asked([question(), question(right=False), {}], draw=2))) == [
        ("stops", "“What?” has no right answer."),
        ("better", "A question that was chosen is gone from the bank."),
        ("stops", "It draws 2 questions, and only 1 can be asked."),
    ]
    assert said(assessments.questions(asked([question(right=False)], kind="survey"))) == []


@pytest.mark.parametrize(
    ("kind", "right", "fields", "expected"),
    [
        ("ordering", False, {}, True),
        ("matching", False, {}, True),
        ("short_text", False, {}, False),
        ("numeric", False, {}, False),
        ("numeric", False, {"number": 3}, True),
        ("open", False, {}, True),
        ("likert", False, {}, True),
    ],
)
def test_what_makes_a_question_answerable_depends_on_its_kind(kind, right, fields, expected):
    assert assessments.can_be_asked(question(kind, right, **fields)["en"]) is expected


def test_assessments_are_asked_in_the_languages_of_the_course():
    one = asked([question(), {**question(), **question(language="uk")}])
    one.row.title = LazyI18nString({"en": "Final"})
    both = course(page=part(version("en"), version("uk", pk=2)))
    assert [(one.what, one.language) for one in assessments.languages(one, both)] == [
        ("Its title is not translated.", "uk"),
        ("“What?” is not translated.", "uk"),
    ]
