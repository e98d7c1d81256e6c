"""Whether two rows are one person: staff who may see names decide, and can take it back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from participants import sameness
from participants.exceptions import SamenessError
from participants.forms import DecisionForm
from participants.models import Merge, Participant
from participants.pairs import pairs
from participants.participations import people_within
from participants.suggestions import suggestions
from safeguarding import audit, reasons
from safeguarding.rights import right_required

_PAIRS_PER_PAGE = 5
_MERGES_PER_PAGE = 20
_PUT_OFF = "oberih_participants.later"
_REMEMBERED = 200


@right_required("oberih_participants.decide_sameness")
@require_GET
def same(request):
    """The open suggestions; those that were put off in this session come last."""
    reason = _reason(request)
    later = {tuple(pair) for pair in request.session.get(_PUT_OFF, [])}
    found = sorted(suggestions(people_within(request.user)), key=lambda one: (one.first, one.second) in later)
    page = Paginator(found, _PAIRS_PER_PAGE).get_page(request.GET.get("page"))
    shown = pairs(list(page), request.user)
    _seen(request, [side.person for pair in shown for side in pair.sides], reason)
    return render(request, "oberih/participants/same.html", {"page": page, "pairs": shown, "count": len(found)})


@right_required("oberih_participants.decide_sameness")
@require_POST
def decide(request):
    _reason(request)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    people = people_within(request.user).filter(merged_into=None)
    first = get_object_or_404(people, uuid=form.cleaned_data["first"])
    second = get_object_or_404(people, uuid=form.cleaned_data["second"])
    two = Participant.objects.same_as(first) | Participant.objects.same_as(second)
    found = suggestions(two)
    if not found:
        messages.info(request, _("Somebody has decided about these two meanwhile."))
        return redirect("oberih_participants:same")
    do = form.cleaned_data["do"]
    try:
        if do == "later":
            _put_off(request, found[0])
        elif do == "not_same":
            sameness.tell_apart(first=first, second=second, by=request.user)
            messages.success(request, _("Kept as two people. They are not suggested again."))
        else:
            kept, other = (first, second) if do == "keep_first" else (second, first)
            sameness.merge(kept=kept, other=other, by=request.user, reasons=found[0].reasons)
            messages.success(request, _("Counted as one person from now on. It can be undone under “Merged”."))
    except SamenessError as error:
        messages.error(request, str(error))
    return redirect("oberih_participants:same")


@right_required("oberih_participants.decide_sameness")
@require_GET
def merged(request):
    """The merges that stand, the newest first."""
    reason = _reason(request)
    page = Paginator(_standing(request.user), _MERGES_PER_PAGE).get_page(request.GET.get("page"))
    _seen(request, [person for one in page for person in (one.kept, one.other)], reason)
    return render(request, "oberih/participants/same_merged.html", {"page": page})


@right_required("oberih_participants.decide_sameness")
@require_POST
def undo(request, pk):
    _reason(request)
    decided = get_object_or_404(_standing(request.user), pk=pk)
    try:
        sameness.unmerge(merge=decided, by=request.user)
    except SamenessError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Two people again, each with what was theirs."))
    return redirect("oberih_participants:same_merged")


def _standing(user):
    within = people_within(user).values("pk")
    return Merge.objects.filter(undone_at=None, kept__in=within, other__in=within).select_related(
        "kept", "other", "decided_by"
    )


def _reason(request):
    """Names of people of many trainings: nobody holds those, so everybody says why."""
    return reasons.need(request, "people:same", _("Who may be one person"))


def _seen(request, people, reason):
    if people:
        audit.saw(request, "participant", [person.uuid for person in people], reason=reason)


def _put_off(request, found):
    pair = [found.first, found.second]
    later = [held for held in request.session.get(_PUT_OFF, []) if held != pair]
    request.session[_PUT_OFF] = [*later, pair][-_REMEMBERED:]
