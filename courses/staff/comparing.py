"""Before and after a course, for whoever accompanies it: means of groups, never one person."""

from django import forms
from django.shortcuts import get_object_or_404, render
from django.utils.formats import localize
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from courses import analysis
from courses.comparison import bars, compare
from courses.staff.access import courses_of, learners_of, learners_right
from courses.staff.listing import groups_of


class GroupForm(forms.Form):
    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False)

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("All")), *((str(one.uuid), str(one)) for one in groups)]

    def chosen(self):
        return self.cleaned_data["group"] if self.is_valid() else ""


@never_cache
@learners_right
@require_GET
def compared(request, key):
    course = get_object_or_404(courses_of(request.user), key=key)
    visible = learners_of(request.user, course)
    groups = groups_of(visible)
    form = GroupForm(request.GET, groups=groups)
    group = form.chosen()
    pairs = list(course.assessments.exclude(compared_with=None).order_by("key"))
    return render(
        request,
        "oberih/courses/staff/compared.html",
        {
            "course": course,
            "form": GroupForm(initial={"group": group}, groups=groups) if groups else None,
            "is_narrowed": bool(group),
            "smallest": analysis.SMALL,
            "comparisons": [_drawn(*_compare(one, visible, group)) for one in pairs],
        },
    )


def _compare(assessment, visible, group):
    """(comparison, whether it may be shown). Nobody is told by what a group lacks of the whole."""
    whole = compare(assessment, get_language(), enrolments=visible)
    if not group:
        return whole, whole.is_shown
    part = compare(assessment, get_language(), enrolments=visible.filter(group__uuid=group))
    return part, part.is_shown and not 0 < whole.pairs - part.pairs < analysis.SMALL


def _drawn(comparison, is_shown):
    sides = [_("Before"), _("After")]
    return {
        "title": comparison.title,
        "pairs": comparison.pairs,
        "is_shown": is_shown,
        "whole": _figures(comparison.whole),
        "questions": [
            {"text": one.text, "rows": _percents(one, sides), "note": _gain(one)}
            for one in comparison.questions
            if one.before is not None
        ],
        "statements": [
            {
                "text": one.text,
                "before": bars(one.shift.before, one.steps),
                "after": bars(one.shift.after, one.steps),
                "note": _("Mean step before: %(before)s, after: %(after)s, from 1 to %(steps)s.")
                % {
                    "before": localize(round(one.shift.mean_before, 1)),
                    "after": localize(round(one.shift.mean_after, 1)),
                    "steps": localize(len(one.steps)),
                },
            }
            for one in comparison.statements
            if one.shift.mean_before is not None
        ],
    }


def _percents(one, sides):
    return [
        {"label": label, "value": value, "text": _("%(percent)s %%") % {"percent": localize(value)}}
        for label, value in zip(sides, (one.before, one.after), strict=True)
    ]


def _gain(one):
    if one.gain is None:
        return ""
    return _("Gained of what could be gained: %(gain)s.") % {"gain": localize(one.gain)}


def _figures(whole):
    if whole is None or whole.before is None:
        return []
    figures = [
        {"label": _("Right before"), "value": _("%(percent)s %%") % {"percent": localize(whole.before)}},
        {"label": _("Right after"), "value": _("%(percent)s %%") % {"percent": localize(whole.after)}},
    ]
    if whole.gain is not None:
        figures.append(
            {"label": _("Normalised gain"), "value": whole.gain, "note": _("Of what could be gained, from 0 to 1")}
        )
    return figures
