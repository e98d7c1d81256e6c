from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses import actions, progress, trees
from courses.exceptions import AttemptClosedError, CoursesError
from courses.forms import AttemptForm, CheckForm
from courses.knowledge import find_check
from courses.languages import reader_url
from courses.learning import Learning
from courses.models import Assessment, Attempt, Course
from courses.questions import worded
from courses.results import answered
from participants import identity
from participants.models import Participant
from ui.templatetags.oberih_ui import focus_id


@never_cache
def learning(request):
    participant = identity.current(request)
    taken = Learning(participant, request=request) if participant else None
    return render(
        request,
        "oberih/courses/learning.html",
        {
            "participant": participant,
            "open": taken.open if taken else [],
            "completed": taken.completed if taken else [],
        },
    )


def _learner(request):
    """The participant who looks; somebody with an account becomes one when they begin to learn."""
    participant = identity.current(request)
    if participant is None and request.user.is_authenticated:
        participant = request.oberih_participant = actions.learner_for(request.user)
    return participant


def _course_url(request, key):
    page = trees.preferred(trees.course_pages(key), get_language())
    return reader_url(page, request) if page else reverse("oberih_courses:learning")


@require_POST
def enrol(request, key):
    course = get_object_or_404(Course, key=key, archived_at=None)
    page = trees.preferred(trees.course_pages(key), get_language())
    if page is None:
        raise Http404
    participant = _learner(request)
    if participant is None:
        return redirect(reader_url(page, request))
    actions.enrol(participant=participant, course=course)
    step = progress.CourseProgress(page, request=request, participant=participant).next_step
    return redirect(step.url if step else reader_url(page, request))


def _lesson_page(request, key):
    """The lesson in the reader's language, if they may read it: the page's own restrictions hold here, too."""
    page = trees.preferred(trees.lesson_versions(key), get_language())
    if page is None or not all(one.accept_request(request) for one in page.get_view_restrictions()):
        raise Http404
    return page


def _enrolment_for(request, page):
    course_page = trees.course_page_above(page)
    if course_page is None:
        return None, None
    way = progress.CourseProgress(course_page, request=request, participant=identity.current(request))
    return way.enrolment, way


@require_POST
def lesson_done(request, key):
    page = _lesson_page(request, key)
    enrolment, way = _enrolment_for(request, page)
    lesson = enrolment and enrolment.course.lessons.filter(key=key).first()
    if not lesson:
        messages.info(request, _("Your progress is kept once you have started the course."))
        return redirect(reader_url(page, request))
    try:
        actions.complete_lesson(enrolment=enrolment, lesson=lesson, language=page.locale.language_code)
    except CoursesError as error:
        messages.info(request, str(error))
        return redirect(reader_url(page, request))
    _step, _before, after = way.place_of(page)
    enrolment.refresh_from_db()
    if enrolment.completed_at:
        messages.success(request, _("You have completed this course."))
        return redirect(way.url)
    return redirect(after.url if after else way.url)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request, key, block):
    """Practice without a mark. A learner's answer is posted and kept.

    A stranger's comes by GET and is answered at once, since nothing is kept of it: so the lesson, which caches keep
    whole for all strangers, holds no token.
    """
    page = _lesson_page(request, key)
    asked = find_check(page.body, block)
    if asked is None:
        raise Http404
    form = CheckForm(asked, request.POST if request.method == "POST" else request.GET)
    enrolment, _way = _enrolment_for(request, page)
    if request.method == "POST" and form.is_valid() and enrolment is not None:
        actions.answer_check(
            enrolment=enrolment,
            check=asked,
            chosen=form.cleaned_data["choice"],
            language=page.locale.language_code,
        )
        return redirect(f"{reader_url(page, request)}#check-{asked.id}")
    context = page.get_context(request)
    part = next(part for part in context["parts"] if part.check and part.check.id == asked.id)
    part.form = form
    part.verdict = asked.verdict(form.cleaned_data["choice"]) if form.is_valid() else None
    return TemplateResponse(request, page.get_template(request), context, headers={"X-Robots-Tag": "noindex"})


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
            "course_url": _course_url(request, asked.course_id) if asked.course_id else "",
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
            "course_url": _course_url(request, own.assessment.course_id),
        },
    )
