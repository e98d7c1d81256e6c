"""Before and after: what people who took both said first, in means and never one by one."""

from dataclasses import dataclass

from django.utils.formats import localize
from django.utils.translation import gettext as _

from courses import analysis, kinds
from courses.answered import first_attempts
from courses.judging import percent
from courses.models import Assessment
from courses.questions import worded


@dataclass(frozen=True)
class Compared:
    """One question, or (without `key`) the whole, before and after."""

    key: str
    text: str
    language: str
    change: analysis.Change

    @property
    def pairs(self):
        return self.change.pairs

    @property
    def before(self):
        return percent(self.change.before)

    @property
    def after(self):
        return percent(self.change.after)

    @property
    def gain(self):
        return None if self.change.gain is None else round(self.change.gain, 2)


@dataclass(frozen=True)
class Agreed:
    """One statement that people agree with or not, before and after; `steps` are the words of its scale."""

    key: str
    text: str
    language: str
    steps: tuple
    shift: analysis.Shift

    @property
    def pairs(self):
        return self.shift.pairs


@dataclass(frozen=True)
class Comparison:
    title: str
    pairs: int
    whole: Compared | None
    questions: list
    statements: list

    @property
    def is_shown(self):
        return self.pairs >= analysis.SMALL


def compare(assessment, language, *, enrolments=None):
    """The comparison of an assessment with the one from before it. Four statements at most."""
    held = first_attempts([assessment.pk, assessment.compared_with_id], enrolments=enrolments)
    return _put_together(assessment, held, _words(held, language))


def _words(held, language):
    keys = {key for one in held for key in one.items}
    return worded(keys, language) if keys else {}


def _put_together(assessment, held, words):
    before = {one.person: one for one in held if one.assessment == assessment.compared_with_id}
    after = {one.person: one for one in held if one.assessment == assessment.pk}
    pairs = [
        (before[person], one) for person, one in after.items() if person in before and before[person].at <= one.at
    ]
    shown = len(pairs) >= analysis.SMALL
    keys = dict.fromkeys(key for _before, one in pairs for key in one.items) if shown else {}
    totals = [(one.total(), other.total()) for one, other in pairs]
    totals = [pair for pair in totals if None not in pair]
    questions, statements = [], []
    for key in keys:
        both = [(one, other) for one, other in pairs if key in one.items and key in other.items]
        if not both or key not in words:
            continue
        item = both[0][1].items[key]
        if item["kind"] == "likert":
            statements.append(_agreed(key, words[key], item, both))
        else:
            shares = [(one.share(key), other.share(key)) for one, other in both]
            questions.append(Compared(key, words[key].text, words[key].language, analysis.change(shares)))
    return Comparison(
        title=str(assessment),
        pairs=len(pairs),
        whole=Compared("", _("All questions"), "", analysis.change(totals)) if shown and totals else None,
        questions=sorted(questions, key=lambda one: (one.pairs < analysis.SMALL, one.text)),
        statements=sorted(statements, key=lambda one: (one.pairs < analysis.SMALL, one.text)),
    )


def _agreed(key, wording, item, both):
    steps = item["options"]
    texts = wording.texts or {step: str(label) for step, label in kinds.AGREEMENT}
    places = {step: place for place, step in enumerate(steps, 1)}
    answered = [(_place(one, key, places), _place(other, key, places)) for one, other in both]
    return Agreed(
        key,
        wording.text,
        wording.language,
        tuple(str(texts.get(step, step)) for step in steps),
        analysis.shift([pair for pair in answered if None not in pair], len(steps)),
    )


def _place(taken, key, places):
    chosen = taken.chosen(key)
    return places.get(chosen[0]) if chosen else None


def bars(values, labels):
    """Rows for `oberih/ui/_bars.html`; None is a cell that may not be shown."""
    few = _("fewer than %(small)s") % {"small": localize(analysis.SMALL)}
    return [
        {"label": label, "value": value, **({"text": few} if value is None else {})}
        for label, value in zip(labels, values, strict=True)
    ]


@dataclass(frozen=True)
class Row:
    """One line of the report: a question, a statement or the whole."""

    title: str
    text: str
    pairs: int | None
    unit: str
    before: float | None = None
    after: float | None = None
    gain: float | None = None

    @property
    def before_label(self):
        return self._said(self.before)

    @property
    def after_label(self):
        return self._said(self.after)

    @property
    def gain_label(self):
        return "–" if self.gain is None else localize(self.gain)

    def _said(self, value):
        if value is None:
            return "–"
        return _("%(percent)s %%") % {"percent": localize(value)} if self.unit == "%" else localize(value)


def rows(language):
    """All comparisons of the site. Of fewer than five pairs nothing but that is said."""
    found = []
    assessments = list(Assessment.objects.exclude(compared_with=None).order_by("course__code", "pk"))
    held = first_attempts([key for one in assessments for key in (one.pk, one.compared_with_id)])
    words = _words(held, language)
    for assessment in assessments:
        compared = _put_together(assessment, held, words)
        if not compared.is_shown:
            few = _("Fewer than %(small)s people answered both.") % {"small": localize(analysis.SMALL)}
            found.append(Row(compared.title, few, None, ""))
            continue
        found += [
            Row(compared.title, one.text, one.pairs, "%", one.before, one.after, one.gain)
            for one in [*([compared.whole] if compared.whole else []), *compared.questions]
            if one.before is not None
        ]
        found += [
            Row(
                compared.title,
                one.text,
                one.pairs,
                _("mean step"),
                round(one.shift.mean_before, 2),
                round(one.shift.mean_after, 2),
                round(one.shift.by, 2),
            )
            for one in compared.statements
            if one.shift.by is not None
        ]
    return found
