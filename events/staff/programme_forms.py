"""What trainers and managers say of a training's programme and of what its people did afterwards."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import FollowUpKind, Programme
from participants.codes import Qualifier
from ui.fields import DayField

_OWN_WORDS = "own"


class ProgrammeChoiceForm(forms.Form):
    programme = forms.ModelChoiceField(
        label=_("Part of the programme"),
        queryset=Programme.objects.order_by("code"),
        required=False,
        empty_label=_("None"),
    )


class FollowUpForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What it was"), choices=[*FollowUpKind.choices, (_OWN_WORDS, _("Something else"))]
    )
    own_kind = forms.CharField(
        label=_("What else"),
        max_length=50,
        required=False,
        help_text=_("Only for “Something else”, in a few words. Reports list it under these words."),
    )
    value = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000)
    qualifier = forms.ChoiceField(
        label=_("How exact the number is"), choices=Qualifier.choices, initial=Qualifier.EXACT
    )
    held_from = DayField(label=_("First day"))
    held_to = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: it was one day."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("Where it was and what it was about. No names of people."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self):
        said = self.cleaned_data
        own = said.get("own_kind", "")
        if said.get("kind") == _OWN_WORDS and not own and not self.has_error("own_kind"):
            self.add_error("own_kind", forms.ValidationError(_("Say in a few words what it was."), code="own"))
        elif own and said.get("kind") != _OWN_WORDS and not self.has_error("kind"):
            self.add_error(
                "own_kind",
                forms.ValidationError(
                    _("Choose “Something else” above to use these words, or leave them out."), code="both"
                ),
            )
        return said

    def fields_of_the_action(self):
        said = self.cleaned_data
        return {
            "kind": _known(said["own_kind"]) if said["kind"] == _OWN_WORDS else said["kind"],
            "value": said["value"],
            "qualifier": said["qualifier"],
            "held_from": said["held_from"],
            "held_to": said["held_to"] or said["held_from"],
            "note": said["note"],
        }


def _known(words):
    """The suggested kind whose name somebody typed, so that the two are not counted apart."""
    for kind in FollowUpKind:
        if words.casefold() == str(kind.label).casefold():
            return kind.value
    return words


def initial_of(follow_up):
    is_known = follow_up.kind in FollowUpKind
    return {
        "kind": follow_up.kind if is_known else _OWN_WORDS,
        "own_kind": "" if is_known else follow_up.kind,
        "value": follow_up.value,
        "qualifier": follow_up.qualifier,
        "held_from": follow_up.held_from,
        "held_to": follow_up.held_to if follow_up.held_to != follow_up.held_from else None,
        "note": follow_up.note,
    }


class FollowUpDeedForm(forms.Form):
    do = forms.ChoiceField(choices=[("save", ""), ("remove", "")], required=False)
