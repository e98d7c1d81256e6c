import uuid
from decimal import Decimal

import factory
from i18nfield.strings import LazyI18nString
from wagtail.models import Locale

from courses.models import Assessment, AssessmentQuestion, Attempt, Course, Enrolment, Lesson, Question
from participants.models import Participant


def option_id(question_key, letter):
    return str(uuid.uuid5(question_key, letter))


class LearnerFactory(factory.django.DjangoModelFactory):
    full_name = factory.Sequence(lambda n: f"Learner {n}")
    language = "en"

    class Meta:
        model = Participant


class CourseFactory(factory.django.DjangoModelFactory):
    key = factory.LazyFunction(uuid.uuid4)
    code = factory.Sequence(lambda n: f"course-{n}")
    title = LazyI18nString({"en": "A course", "uk": "Курс"})

    class Meta:
        model = Course


class LessonFactory(factory.django.DjangoModelFactory):
    key = factory.LazyFunction(uuid.uuid4)
    course = factory.SubFactory(CourseFactory)
    title = LazyI18nString({"en": "A lesson", "uk": "Заняття"})
    position = factory.Sequence(lambda n: n)

    class Meta:
        model = Lesson


class QuestionFactory(factory.django.DjangoModelFactory):
    """Answers a, b and c; `right` names the letters that are right. The ids are the same in every language.

    `matches` are what belongs to each, for pairs.
    """

    locale = factory.LazyFunction(Locale.get_default)
    translation_key = factory.LazyFunction(uuid.uuid4)
    kind = "single"
    text = factory.Sequence(lambda n: f"Question {n}?")

    class Meta:
        model = Question

    @classmethod
    def _create(cls, model_class, *args, right="a", letters="abc", matches=(), **kwargs):
        kwargs["options"] = [
            {
                "type": "option",
                "id": option_id(kwargs["translation_key"], letter),
                "value": {
                    "text": f"{kwargs['text']} {letter}",
                    "correct": letter in right,
                    "match": dict(zip(letters, matches, strict=False)).get(letter, ""),
                    "feedback": f"about {letter}",
                },
            }
            for letter in letters
        ]
        kwargs["options"] = Question._meta.get_field("options").stream_block.to_python(kwargs["options"])
        return super()._create(model_class, *args, **kwargs)


class AssessmentFactory(factory.django.DjangoModelFactory):
    course = factory.SubFactory(CourseFactory)
    title = LazyI18nString({"en": "Final assessment", "uk": "Підсумкове оцінювання"})

    class Meta:
        model = Assessment
        skip_postgeneration_save = True

    @factory.post_generation
    def questions(self, create, extracted, **kwargs):
        for position, question in enumerate(extracted or []):
            AssessmentQuestion.objects.create(
                assessment=self, question_key=question.translation_key, position=position
            )


class EnrolmentFactory(factory.django.DjangoModelFactory):
    participant = factory.SubFactory(LearnerFactory)
    course = factory.SubFactory(CourseFactory)

    class Meta:
        model = Enrolment


def right_answers(attempt: Attempt):
    return {
        item["key"]: item["correct"][:1] if item["kind"] == "short_text" else item["correct"]
        for item in attempt.drawn
    }


def one_of_each_kind():
    """A question of every kind that has a right answer."""
    return [
        QuestionFactory(),
        QuestionFactory(kind="multiple", right="ab"),
        QuestionFactory(kind="true_false", letters="ab"),
        QuestionFactory(kind="ordering", right="", letters="abcd"),
        QuestionFactory(kind="matching", right="", matches=["one", "two", "three"]),
        QuestionFactory(kind="short_text", right=""),
        QuestionFactory(kind="numeric", letters="", number=Decimal("12.5"), tolerance=Decimal("0.5")),
    ]
