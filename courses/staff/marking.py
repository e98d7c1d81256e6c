"""The marking queue. Markers see what was written and a number, never who wrote it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from courses import actions
from courses.exceptions import CoursesError
from courses.languages import direction
from courses.models import Answer, Enrolment
from courses.questions import worded
from courses.staff.access import marking_right
from courses.staff.forms import MarkForm
from courses.staff.waiting import after, heaps, waiting_for
from participants.places import language_name
from safeguarding import audit

_HEAPS_PER_PAGE = 20


@never_cache
@marking_right
@require_GET
def queue(request):
    page = Paginator(heaps(waiting_for(request.user), get_language()), _HEAPS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "oberih/courses/staff/queue.html", {"page": page})


@never_cache
@marking_right
@require_http_methods(["GET", "POST"])
def mark(request, uuid):
    """One answer; saved, the next of the same question follows, so that all are measured alike."""
    mine = Answer.objects.filter(enrolment__in=Enrolment.objects.for_trainer(request.user).values("pk"))
    answer = mine.filter(uuid=uuid, attempt__isnull=False).select_related("attempt__assessment").first()
    if answer is None:
        raise Http404
    waiting = waiting_for(request.user)
    place = next((one for one in waiting if one.answer == answer.uuid), None)
    if place is None:
        messages.info(request, _("This answer has been marked already."))
        return redirect("oberih_courses:marking")
    form = MarkForm(request.POST if request.method == "POST" else None, most=place.points)
    if form.is_bound and form.is_valid():
        try:
            actions.mark_answer(
                answer=answer,
                points=form.cleaned_data["points"],
                comment=form.cleaned_data["comment"],
                by=request.user,
            )
        except CoursesError as error:
            messages.error(request, str(error))
        following = after([one for one in waiting if one.answer != answer.uuid], place.heap)
        if following is None:
            messages.success(request, _("Saved. Nothing else waits for you."))
            return redirect("oberih_courses:marking")
        messages.success(request, _("Saved. Here is the next answer."))
        return redirect("oberih_courses:mark", uuid=following.answer)
    if not form.is_bound:
        # What somebody wrote may tell who they are, whatever stands above it.
        audit.saw(request, "answer", [answer.uuid])
    question = worded([place.item], get_language()).get(place.item)
    return render(
        request,
        "oberih/courses/staff/mark.html",
        {
            "place": place,
            "question": question,
            "question_direction": direction(question.language) if question else "",
            "written": answer.chosen[0],
            "language": answer.language,
            "language_name": language_name(answer.language),
            "direction": direction(answer.language),
            "number": answer.enrolment_id,
            "left": sum(one.heap == place.heap for one in waiting),
            "form": form,
        },
        status=400 if form.is_bound else 200,
    )
