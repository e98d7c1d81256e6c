"""How learners come to take a course: by themselves, by approval, with a key, by an invitation. And their reminders."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from courses import actions, entry, progress, trees
from courses.actions import inviting
from courses.enrolment_forms import AskForm, KeyForm, RemindersForm
from courses.exceptions import ApprovalNeededError, CoursesError, KeyNeededError, WrongKeyError
from courses.languages import reader_url
from courses.messages import from_stop_token
from courses.models import Access, Course, Decision, EnrolmentRequest
from courses.views.learning import course_url, learner_of
from participants import identity
from participants.actions import claim
from participants.contacts import masked
from participants.models import Participant
from safeguarding import client, limits
from safeguarding.limits import Limit

# Wrong keys of one person for one course, and of one address for all: a class may sit behind it.
WRONG_KEYS = Limit("courses.key.person", "10/h")
WRONG_KEYS_ADDRESS = Limit("courses.key.address", "200/h")


def _course(key):
    """The course and its page in the reader's language."""
    course = get_object_or_404(Course, key=key, archived_at=None)
    page = trees.preferred(trees.course_pages(key), get_language())
    if page is None:
        raise Http404
    return course, page


def _begun(request, page, participant):
    """Where somebody goes who has just been let in: the first lesson."""
    step = progress.CourseProgress(page, request=request, participant=participant).next_step
    return redirect(step.url if step else reader_url(page, request))


@require_POST
def enrol(request, key):
    course, page = _course(key)
    participant = learner_of(request)
    if participant is None:
        return redirect(reader_url(page, request))
    try:
        actions.enrol(participant=participant, course=course)
    except ApprovalNeededError:
        return redirect("oberih_courses:ask", key=key)
    except KeyNeededError:
        return redirect("oberih_courses:key", key=key)
    except CoursesError as error:
        messages.error(request, str(error))
        return redirect(reader_url(page, request))
    return _begun(request, page, participant)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, key):
    """Ask to take a course that is open by approval."""
    course, page = _course(key)
    url = reader_url(page, request)
    participant = identity.current(request)
    known = participant is not None or request.user.is_authenticated
    if course.access != Access.APPROVAL or (participant and progress.enrolment_of(participant, key)):
        return redirect(url)
    asked = entry.last_request(participant, key) if participant else None
    if asked is not None and asked.decision == Decision.WAITING:
        return redirect(url)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and known and form.is_valid():
        try:
            actions.ask(
                participant=learner_of(request),
                course=course,
                motivation=form.cleaned_data["motivation"],
                language=get_language(),
            )
        except CoursesError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("You have asked. The answer comes by e-mail or text message."))
            return redirect(url)
    return render(
        request,
        "oberih/courses/ask.html",
        {"course": course, "page": page, "url": url, "form": form, "known": known},
        status=400 if form.errors else 200,
    )


@require_POST
def withdraw_request(request, uuid):
    participant = identity.current(request)
    if participant is None:
        raise Http404
    rows = EnrolmentRequest.objects.filter(participant__in=Participant.objects.seen_by(participant))
    own = get_object_or_404(rows, uuid=uuid)
    try:
        actions.withdraw_request(request=own)
    except CoursesError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("You no longer ask to take this course."))
    return redirect(course_url(request, own.course_id))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key(request, key):
    """Open a course with a key. A page of its own, so that the one that caches keep holds no form."""
    course, page = _course(key)
    url = reader_url(page, request)
    participant = identity.current(request)
    known = participant is not None or request.user.is_authenticated
    if course.access != Access.KEY or (participant and progress.enrolment_of(participant, key)):
        return redirect(url)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and known and form.is_valid():
        participant = learner_of(request)
        counted = [
            (WRONG_KEYS, f"{participant.pk} {course.pk}"),
            (WRONG_KEYS_ADDRESS, client.address(request)),
        ]
        if refusal := limits.refuse(request, *counted, count=False):
            return refusal
        try:
            actions.enrol_with_key(participant=participant, course=course, code=form.cleaned_data["code"])
        except WrongKeyError as error:
            limits.note(*counted)
            form.add_error("code", str(error))
        except CoursesError as error:
            form.add_error(None, str(error))
        else:
            return _begun(request, page, participant)
    return render(
        request,
        "oberih/courses/key.html",
        {"course": course, "page": page, "url": url, "form": form, "known": known},
        status=400 if form.errors else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Where the link of an invitation leads. Opening it changes nothing, since mail scanners do; a click takes the course."""
    found = inviting.by_token(token)
    if found is None:
        return render(request, "oberih/courses/invitation_old.html", status=410)
    stranger = _is_somebody_else(request, found.participant)
    page = trees.preferred(trees.course_pages(found.course_id), get_language())
    if request.method == "POST" and not stranger:
        try:
            actions.accept_invitation(invitation=found)
        except CoursesError as error:
            messages.error(request, str(error))
            return redirect(request.path)
        if not request.user.is_authenticated:
            identity.remember(request, found.participant)
        if page is None:
            return redirect("oberih_courses:learning")
        return _begun(request, page, found.participant.seen_as)
    return render(
        request,
        "oberih/courses/invitation.html",
        {
            "invitation": found,
            "course": found.course,
            "page": page,
            "address": masked(found.participant.email),
            "somebody_else": stranger,
        },
    )


def _is_somebody_else(request, invited):
    """Whether somebody is logged in who is not the invited person, as on a computer of many."""
    if not request.user.is_authenticated:
        return False
    if identity.current(request) is None and request.method == "POST":
        # Their account's address may be the one that was written to.
        claim(request.user)
        del request.oberih_participant
    current = identity.current(request)
    if current is None:
        return request.user.email.lower() != invited.email
    return current.root_id != invited.root_id


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request, token):
    """The link in a reminder. GET shows, since scanners open links; POST stops them, also from the button of a mail program
    (RFC 8058), which has neither a cookie nor a token for forms: the address alone says what may be done."""
    enrolment = from_stop_token(token)
    if enrolment is None:
        return render(request, "oberih/courses/reminders_old.html", status=404)
    if request.method == "POST":
        actions.stop_reminders(enrolment=enrolment)
        enrolment.refresh_from_db(fields=["reminders_off_at"])
    return render(request, "oberih/courses/reminders.html", {"enrolment": enrolment, "course": enrolment.course})


@require_POST
def reminders(request):
    """The switch on My learning, for all courses that somebody takes."""
    participant = identity.current(request)
    form = RemindersForm(request.POST)
    if participant is None or not form.is_valid():
        return HttpResponse(status=403 if participant is None else 400)
    wanted = form.cleaned_data["wanted"]
    actions.set_reminders(participant=participant, wanted=wanted)
    messages.success(
        request,
        _("You get reminders by e-mail again.") if wanted else _("You get no more reminders about these courses."),
    )
    return redirect(reverse("oberih_courses:learning"))
