from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses import actions, progress
from courses.exceptions import AttemptClosedError, CoursesError
from courses.forms import AttemptForm
from courses.models import Assessment, Attempt
from courses.questions import worded
from courses.results import answered
from courses.views.learning import course_url
from participants import identity
from participants.models import Participant
from ui.templatetags.oberih_ui import focus_id


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request, key):
    asked = get_object_or_404(Assessment.objects.select_related("course", "lesson"), key=key)
    participant = identity.current(request)
    enrolment = progress.enrolment_of(participant, asked.course_id) if asked.course_id else None
    if request.method == "POST" and enrolment is not None:
        try:
            attempt = actions.start_attempt(enrolment=enrolment, assessment=asked, language=get_language())
        except CoursesError as error:
            messages.error(request, str(error))
            return redirect("oberih_courses:assessment", key=key)
        return redirect("oberih_courses:attempt", uuid=attempt.uuid)
    bank = asked.bank.count()
    return render(
        request,
        "oberih/courses/assessment.html",
        {
            "assessment": asked,
            "enrolment": enrolment,
            "standing": progress.standing(enrolment, asked),
            "questions": min(asked.draw or bank, bank),
            "course_url": course_url(request, asked.course_id) if asked.course_id else "",
        },
    )


def _own_attempt(request, uuid):
    """Somebody else's attempt does not exist, as far as this person may know."""
    participant = identity.current(request)
    if participant is None:
        raise Http404
    return get_object_or_404(
        Attempt.objects.select_related("assessment__course", "assessment__lesson", "enrolment"),
        uuid=uuid,
        enrolment__participant__in=Participant.objects.seen_by(participant),
    )


def _next_question(request, form):
    """The address of the first question without an answer; the page itself if there is none."""
    unanswered = form.unanswered()
    return f"{request.path}#{focus_id(unanswered[0])}" if unanswered else request.path


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request, uuid):
    """All questions on one page. Every button saves first, so that nothing chosen is ever lost."""
    own = _own_attempt(request, uuid)
    if own.submitted_at:
        return redirect("oberih_courses:result", uuid=uuid)
    language = get_language()
    questions = worded([item["key"] for item in own.drawn], language)
    form = AttemptForm(
        own.drawn,
        questions,
        request.POST if request.method == "POST" else None,
        chosen=actions.chosen_in(own),
    )
    missing = []
    if form.is_bound and form.is_valid():
        try:
            actions.save_answers(
                attempt=own, given=[actions.Given(*given) for given in form.given()], language=language
            )
        except AttemptClosedError:
            return redirect("oberih_courses:result", uuid=uuid)
        wish = request.POST.get("wish")
        missing = form.unanswered() if wish == "hand_in" else []
        if wish in {"hand_in", "hand_in_anyway"} and not missing:
            actions.submit_attempt(attempt=own, language=language)
            return redirect("oberih_courses:result", uuid=uuid)
        if wish == "keep":
            return redirect(_next_question(request, form))
        if wish == "later":
            count = len(form.keys) - len(form.unanswered())
            messages.success(
                request,
                ngettext(
                    "Your answer is saved (%(count)d so far). Go on whenever you like, also in another language.",
                    "Your answers are saved (%(count)d so far). Go on whenever you like, also in another language.",
                    count,
                )
                % {"count": count},
            )
            return redirect("oberih_courses:assessment", key=own.assessment_id)
    return render(
        request,
        "oberih/courses/attempt.html",
        {
            "attempt": own,
            "form": form,
            "missing": missing,
            "total": len(own.drawn),
            "answered": len(own.drawn) - len(form.unanswered()) if not form.is_bound else 0,
            "next_question": _next_question(request, form) if not form.is_bound else "",
        },
    )


@never_cache
def result(request, uuid):
    own = _own_attempt(request, uuid)
    if not own.submitted_at:
        return redirect("oberih_courses:attempt", uuid=uuid)
    questions = worded([item["key"] for item in own.drawn], get_language())
    return render(
        request,
        "oberih/courses/result.html",
        {
            "attempt": own,
            "standing": progress.standing(own.enrolment, own.assessment),
            "answers": answered(own.drawn, questions, actions.chosen_in(own)),
            "needed": -(-own.pass_percent * own.points_possible // 100),
            "course_url": course_url(request, own.assessment.course_id),
        },
    )
