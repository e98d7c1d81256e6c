from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses import actions, progress
from courses.attempt_forms import AnswersForm, AttemptForm
from courses.exceptions import AttemptClosedError, CoursesError
from courses.models import Assessment, Attempt
from courses.questions import worded
from courses.results import Reader
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
    standing = progress.standing(enrolment, asked)
    if standing.unfinished and _close_if_overdue(request, standing.unfinished).submitted_at:
        return redirect("oberih_courses:result", uuid=standing.unfinished.uuid)
    return render(
        request,
        "oberih/courses/assessment.html",
        {
            "assessment": asked,
            "enrolment": enrolment,
            "standing": standing,
            "questions": min(asked.draw or bank, bank),
            "minutes": asked.minutes_for(enrolment.extra_time_percent if enrolment else 0),
            "cooling": progress.wait_in_words(asked.cooling_minutes),
            "zone": timezone.get_current_timezone_name(),
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


def _close_if_overdue(request, own):
    """The attempt, handed in if its time is up; then its learner is told so."""
    closed = actions.submit_overdue(attempt=own)
    if closed.submitted_at and not own.submitted_at:
        messages.warning(
            request, _("The time for this attempt was up. What you had saved until then is handed in.")
        )
    return closed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request, uuid):
    """All questions on one page. Every button saves first, so that nothing chosen is ever lost."""
    own = _own_attempt(request, uuid)
    if own.submitted_at or _close_if_overdue(request, own).submitted_at:
        return redirect("oberih_courses:result", uuid=uuid)
    now = timezone.now()
    form = AttemptForm(
        own.drawn,
        worded([item["key"] for item in own.drawn], get_language()),
        request.POST if request.method == "POST" else None,
        answers=actions.current_answers(own),
        initial={"shown_at": now.isoformat()},
    )
    wish = request.POST.get("wish") if form.is_bound else None
    if form.is_bound:
        onward = _keep(request, own, form) or _go_on(request, own, form, wish)
        if onward:
            return onward
    unanswered = form.unanswered()
    return render(
        request,
        "oberih/courses/attempt.html",
        {
            "attempt": own,
            "form": form,
            "missing": unanswered if wish == "hand_in" and not form.errors else [],
            "total": len(own.drawn),
            "answered": len(own.drawn) - len(unanswered) if not form.is_bound else 0,
            "next_question": _next_question(request, form) if not form.is_bound else "",
            "zone": timezone.get_current_timezone_name(),
            "now": now,
        },
    )


def _keep(request, own, form):
    """Save what can be saved; where the learner is led if they have to see something before they go on."""
    form.full_clean()
    try:
        _attempt, kept = actions.keep_answers(
            uuid=own.uuid, participant=identity.current(request), given=list(form.given()), language=get_language()
        )
    except AttemptClosedError as error:
        messages.warning(request, str(error))
        actions.submit_overdue(attempt=own)
        return redirect("oberih_courses:result", uuid=own.uuid)
    older = [form[f"q-{one.given.item}"].label for one in kept if one.state == "older"]
    for label in older:
        messages.warning(
            request,
            _("You answered “%(question)s” later on another device or in another window, and that answer counts.")
            % {"question": label},
        )
    return redirect("oberih_courses:attempt", uuid=own.uuid) if older and not form.errors else None


def _go_on(request, own, form, wish):
    """Where the learner is led after saving; None if the page has to tell them of something first."""
    unanswered = form.unanswered()
    # Without those that could not be read, too: who chose this button was told of them.
    if wish == "hand_in_anyway" or (wish == "hand_in" and not unanswered and not form.errors):
        actions.submit_attempt(attempt=own, language=get_language())
        return redirect("oberih_courses:result", uuid=own.uuid)
    if wish == "keep" and not form.errors:
        return redirect(_next_question(request, form))
    if wish == "later" and not form.errors:
        count = len(form.items) - len(unanswered)
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
    return None


@never_cache
@require_POST
def answers(request, uuid):
    """Answers as they are given, from a script that repeats what was not acknowledged: see `docs/reference/assessments.md`."""
    participant = identity.current(request)
    form = AnswersForm({"body": request.body.decode(errors="replace")})
    if participant is None or not form.is_valid():
        _own_attempt(request, uuid)
        return JsonResponse({"error": " ".join(form.errors["body"])}, status=400)
    now = timezone.now()
    try:
        own, kept = actions.keep_answers(
            uuid=uuid, participant=participant, given=form.given(), language=get_language(), now=now
        )
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    except AttemptClosedError as error:
        actions.submit_overdue(attempt=_own_attempt(request, uuid))
        url = reverse("oberih_courses:result", args=[uuid])
        return JsonResponse({"state": "closed", "reason": str(error), "url": url, "answers": []})
    told = [
        {"uuid": one.given.uuid, "state": one.state, "reason": str(one.error) if one.error else ""} for one in kept
    ]
    told += [{"uuid": key, "state": "refused", "reason": reason} for key, reason in form.unreadable().items()]
    return JsonResponse({"state": "open", "now": now, "due_at": own.due_at, "answers": told})


@never_cache
def result(request, uuid):
    own = _own_attempt(request, uuid)
    if not own.submitted_at:
        return redirect("oberih_courses:attempt", uuid=uuid)
    standing = progress.standing(own.enrolment, own.assessment)
    reader = Reader(own, passed=bool(standing.passed))
    return render(
        request,
        "oberih/courses/result.html",
        {
            "attempt": own,
            "standing": standing,
            "shows": reader,
            "answers": reader.answered(actions.current_answers(own), get_language()) if reader.answers else [],
            "needed": -(-own.pass_percent * own.points_possible // 100) if own.scored_at else None,
            "zone": timezone.get_current_timezone_name(),
            "course_url": course_url(request, own.assessment.course_id),
        },
    )
