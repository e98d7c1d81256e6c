"""The report on how the questions of an assessment work: rows for the screen and for a file."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import analysis, kinds
from courses.analysis import Advice, Response
from courses.answered import by_version, first_attempts
from courses.models import Assessment, AssessmentKind, Attempt, Question
from courses.questions import worded
from participants.places import language_name


def advices():
    """(code, words) of all that can be said about a question, the most urgent first."""
    return [
        (Advice.KEY, _("Look at the key: good learners choose another answer.")),
        (Advice.TRANSLATION, _("Harder in one language than in the others: look at the translation.")),
        (Advice.SILENT, _("Tells nothing: those who know and those who don’t answer alike.")),
        (Advice.EASY, _("Too easy: nearly everybody is right.")),
        (Advice.HARD, _("Very hard: hardly anybody is right.")),
        (Advice.FINE, _("Works well.")),
        (Advice.FEW, _("Too few answers to say anything.")),
    ]


@dataclass(frozen=True)
class JudgedQuestion:
    """A version of a question with what is known of it, in words."""

    assessment: str
    text: str
    url: str
    version: int
    judged: analysis.Judged
    options: dict

    @property
    def count(self):
        return self.judged.count

    @property
    def difficulty(self):
        return percent(self.judged.difficulty)

    @property
    def discrimination(self):
        return None if self.judged.discrimination is None else round(self.judged.discrimination, 2)

    @property
    def difficulty_label(self):
        return "–" if self.difficulty is None else _("%(percent)s %%") % {"percent": localize(self.difficulty)}

    @property
    def discrimination_label(self):
        return "–" if self.discrimination is None else localize(self.discrimination)

    @property
    def wrong_label(self):
        return "; ".join(self._picked(one) for one in self.judged.wrong if one.option in self.options)

    def _picked(self, one):
        text = self.options[one.option]
        if one.count is None:
            return _("“%(answer)s”: fewer than %(small)s") % {"answer": text, "small": localize(analysis.SMALL)}
        words = ngettext("“%(answer)s”: %(count)s person", "“%(answer)s”: %(count)s people", one.count)
        said = words % {"answer": text, "count": localize(one.count)}
        if one.rest is None:
            return said
        return _("%(picked)s, who had %(percent)s %% of the rest right") % {
            "picked": said,
            "percent": localize(percent(one.rest)),
        }

    @property
    def languages_label(self):
        return "; ".join(self._spoken(one) for one in self.judged.languages)

    def _spoken(self, one):
        name = language_name(one.language)
        if one.difficulty is None:
            return _("%(language)s: too few") % {"language": name}
        words = _("%(language)s: %(percent)s %% of %(count)s")
        if one.is_flagged:
            words = _("%(language)s: %(percent)s %% of %(count)s, harder than in the others")
        return words % {
            "language": name,
            "percent": localize(percent(one.difficulty)),
            "count": localize(one.count),
        }

    @property
    def advice_label(self):
        return " ".join(words for code, words in advices() if code in self.judged.advice)

    @property
    def urgency(self):
        return next(i for i, (code, _words) in enumerate(advices()) if code in self.judged.advice)


def percent(share):
    return None if share is None else round(100 * share)


def judged_questions(assessment, language):
    """The questions of an assessment as they were asked, those that need a look first. Five statements at most."""
    versions = by_version(first_attempts([assessment.pk]))
    keys = {key for key, _version in versions}
    questions = worded(keys, language)
    edit = dict(
        Question.objects.filter(translation_key__in=keys).order_by("-pk").values_list("translation_key", "pk")
    )
    rows = []
    for (key, version), attempts in versions.items():
        item = attempts[0].items[key]
        kind = kinds.of(item)
        if not (kind.has_key or kind.waits):
            continue
        is_choice = bool(item["options"]) and all(isinstance(one, str) for one in item["correct"])
        is_choice = is_choice and item["kind"] != "ordering"
        question = questions.get(key)
        rows.append(
            JudgedQuestion(
                assessment=str(assessment),
                text=question.text if question else _("This question is no longer available."),
                url=_question_url(edit, key),
                version=version,
                judged=analysis.judge(
                    [_response(one, key) for one in attempts], item["correct"] if is_choice else ()
                ),
                options=question.texts if question and is_choice else {},
            )
        )
    return sorted(rows, key=lambda row: (row.urgency, row.judged.difficulty or 0, row.text, row.version))


def _question_url(edit, key):
    pk = edit.get(UUID(key))
    return reverse("wagtailsnippets_oberih_courses_question:edit", args=[pk]) if pk else ""


def _response(taken, key):
    chosen = taken.chosen(key)
    return Response(
        share=taken.share(key),
        rest=taken.total(without=key),
        chosen=tuple(one for one in chosen if isinstance(one, str)),
        language=taken.language(key),
    )


def taken():
    """Assessments that somebody has a result of. In surveys nothing is right, so there is nothing to judge."""
    scored = Attempt.objects.filter(scored_at__isnull=False).values("assessment")
    return Assessment.objects.filter(pk__in=scored, kind=AssessmentKind.TEST).order_by("course__code", "pk")


def last_taken():
    """The one that was handed in last, or None."""
    return taken().annotate(last=Max("attempts__submitted_at")).order_by("-last", "pk").first()
