"""The surveys of a course's content: one in its first lesson, one that asks the same again in its last."""

from i18nfield.strings import LazyI18nString

from courses.models import Assessment, AssessmentKind, AssessmentQuestion


def all_questions(content):
    """The bank with what only the surveys ask; a later survey names the questions of the first by their keys."""
    asked = [one for survey in content.get("surveys", ()) for one in survey["questions"] if "text" in one]
    return [*content["questions"], *({"options": [], **one} for one in asked)]


def modules(content, key_of):
    """The modules with the surveys in the first and the last lesson. `key_of` gives the key of a survey."""
    lessons = [lesson for module in content["modules"] for lesson in module["lessons"]]
    held = {}
    for survey, lesson in zip(content.get("surveys", ()), (lessons[0], lessons[-1]), strict=False):
        block = {"kind": "assessment", "assessment": str(key_of(survey["key"]))}
        held.setdefault(lesson["key"], []).append(block)
    return [
        {
            **module,
            "lessons": [
                {**lesson, "blocks": [*lesson["blocks"], *held.get(lesson["key"], ())]}
                for lesson in module["lessons"]
            ],
        }
        for module in content["modules"]
    ]


def seed(versions, key_of, question_key_of):
    """Make the surveys of a course's content, given in each language ({language: content}), where they are missing."""
    first = None
    for place, survey in enumerate(next(iter(versions.values())).get("surveys", ())):
        words = {
            field: LazyI18nString(
                {language: content["surveys"][place][field] for language, content in versions.items()}
            )
            for field in ("title", "intro")
        }
        made, created = Assessment.objects.get_or_create(
            key=key_of(survey["key"]),
            defaults={
                **words,
                "kind": AssessmentKind.SURVEY,
                "is_required": False,
                "shuffles_questions": False,
                "compared_with": first,
            },
        )
        first = first or made
        if created:
            AssessmentQuestion.objects.bulk_create(
                AssessmentQuestion(assessment=made, question_key=question_key_of(one["key"]), position=position)
                for position, one in enumerate(survey["questions"])
            )
