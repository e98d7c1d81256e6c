"""One course: who asks to take it, who is invited, and enrolling one more."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses import access, actions
from courses.enrolling import reach
from courses.enrolling.forms import AnswerForm, DueForm, EnrolPersonForm, InvitationForm
from courses.enrolling.people import find_or_create
from courses.exceptions import CoursesError
from courses.models import Decision, Enrolment, EnrolmentInvitation, EnrolmentRequest
from notifications.actions import owe
from participants.models import Participant

_PER_PAGE = 50


@never_cache
@reach.people_enrolled
@require_GET
def courses(request):
    rows = (
        reach.courses_of(request.user)
        .annotate(waiting=Count("requests", filter=Q(requests__decision=Decision.WAITING)))
        .order_by("-waiting", "code")
    )
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oberih/courses/enrolling/courses.html",
        {"page": page, "courses": [_row(one) for one in page]},
    )


def _row(course):
    waiting = ngettext("%(count)s person asks", "%(count)s people ask", course.waiting) % {
        "count": localize(course.waiting)
    }
    return {
        "name": course.title,
        "url": reverse("oberih_courses:enrolling", args=[course.pk]),
        "secondary": course.get_access_display(),
        "tag": waiting if course.waiting else "",
    }


def _course(request, key):
    return get_object_or_404(reach.courses_of(request.user), pk=key)


@never_cache
@reach.people_enrolled
@require_GET
def course(request, key):
    found = _course(request, key)
    reach.need_names_of_course(request, found)
    return _course_page(request, found)


def _course_page(request, found, *, form=None):
    waiting = found.requests.filter(decision=Decision.WAITING).select_related("participant").order_by("asked_at")
    page = Paginator(waiting, _PER_PAGE).get_page(request.GET.get("page"))
    invited = found.invitations.filter(accepted_at=None, participant__erased_at=None).select_related("participant")
    return render(
        request,
        "oberih/courses/enrolling/course.html",
        {
            "course": found,
            "required": list(access.required(found.pk)),
            "keys": list(found.keys.select_related("group").order_by("code")),
            "page": page,
            "requests": [_request_row(one) for one in page],
            "invitations": [_invitation_row(one) for one in invited.order_by("-invited_at")[:_PER_PAGE]],
            "form": form or EnrolPersonForm(initial={"language": get_language()}),
        },
        status=400 if form is not None else 200,
    )


def _request_row(one):
    asked = _("Asked on %(date)s") % {"date": date_format(timezone.localdate(one.asked_at))}
    return {
        "name": str(one.participant),
        "url": reverse("oberih_courses:request", args=[one.uuid]),
        "secondary": asked,
    }


def _invitation_row(one):
    over = one.expires_at <= timezone.now()
    until = date_format(timezone.localdate(one.expires_at))
    said = _("The link worked until %(date)s") if over else _("Open until %(date)s")
    return {
        "pk": one.pk,
        "name": str(one.participant),
        "secondary": said % {"date": until},
        "tag": _("Over") if over else "",
    }


@never_cache
@reach.people_enrolled
@require_POST
def enrol_person(request, key):
    """Invite somebody, or enrol them at once."""
    found = _course(request, key)
    reach.need_names_of_course(request, found)
    form = EnrolPersonForm(request.POST)
    if not form.is_valid():
        return _course_page(request, found, form=form)
    try:
        with transaction.atomic():
            near = Participant.objects.filter(
                Q(enrolments__course=found) | Q(course_invitations__course=found)
            ).values("pk")
            who = find_or_create(form.attributes(), among=near)
            told = _enrol_or_invite(request.user, found, who, form.cleaned_data)
    except CoursesError as error:
        form.add_error(None, str(error))
        return _course_page(request, found, form=form)
    messages.success(request, told)
    return redirect("oberih_courses:enrolling", key=key)


def _enrol_or_invite(user, found, who, wish):
    if wish["how"] == EnrolPersonForm.INVITE:
        actions.invite(course=found, participant=who, by=user, reason=wish["reason"])
        return _("The invitation is on its way.")
    enrolment = actions.enrol_by_staff(course=found, participant=who, by=user, reason=wish["reason"])
    owe("courses.enrolled", participant=who, subject_key=str(enrolment.uuid))
    return _("Enrolled. The person is told.")


@never_cache
@reach.people_enrolled
@require_http_methods(["GET", "POST"])
def answer(request, uuid):
    """One request: what the person writes, and what is decided."""
    rows = EnrolmentRequest.objects.select_related("participant", "course")
    found = get_object_or_404(rows, uuid=uuid, course__in=reach.courses_of(request.user))
    reach.need_names_of_course(request, found.course)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    missing = list(access.missing(found.participant, found.course_id))
    if not missing:
        del form.fields["reason"]
    if form.is_bound and form.is_valid():
        wish = form.cleaned_data
        try:
            if wish["do"] == "approve":
                actions.approve_request(
                    request=found, by=request.user, answer=wish["answer"], reason=wish.get("reason", "")
                )
            else:
                actions.decline_request(request=found, by=request.user, answer=wish["answer"])
        except CoursesError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. The person is told."))
            return redirect("oberih_courses:enrolling", key=found.course_id)
    return render(
        request,
        "oberih/courses/enrolling/request.html",
        {
            "asked": found,
            "course": found.course,
            "name": str(found.participant),
            "date": date_format(timezone.localdate(found.asked_at)),
            "waits": found.decision == Decision.WAITING,
            "decision": found.get_decision_display(),
            "missing": missing,
            "form": form,
            "fields": [form[name] for name in form.fields if name != "do"],
        },
        status=400 if form.errors else 200,
    )


@never_cache
@reach.people_enrolled
@require_POST
def change_invitation(request, pk):
    found = get_object_or_404(
        EnrolmentInvitation, pk=pk, accepted_at=None, course__in=reach.courses_of(request.user)
    )
    reach.need_names_of_course(request, found.course)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    try:
        if form.cleaned_data["do"] == "again":
            actions.invite_again(invitation=found, by=request.user)
            messages.success(request, _("A new link is on its way. Earlier ones no longer work."))
        else:
            actions.withdraw_invitation(invitation=found, by=request.user)
            messages.success(request, _("The invitation was withdrawn."))
    except CoursesError as error:
        messages.error(request, str(error))
    return redirect("oberih_courses:enrolling", key=found.course_id)


@never_cache
@reach.groups_led
@require_http_methods(["GET", "POST"])
def due_date(request, uuid):
    """Until when one person should complete a course."""
    rows = Enrolment.objects.filter(pk__in=reach.enrolments_of(request.user).values("pk"))
    found = get_object_or_404(
        rows.select_related("participant", "course", "group"), uuid=uuid, participant__erased_at=None
    )
    if found.group and reach.groups_of(request.user).filter(pk=found.group_id).exists():
        reach.need_names_of_group(request, found.group, keys=[found.uuid])
        back = reverse("oberih_courses:group", args=[found.group.uuid])
    else:
        reach.need_names_of_course(request, found.course)
        back = reverse("oberih_courses:enrolling", args=[found.course_id])
    form = DueForm(request.POST if request.method == "POST" else None, initial={"due_on": found.due_on})
    if form.is_bound and form.is_valid():
        actions.set_due(enrolment=found, due_on=form.cleaned_data["due_on"], by=request.user)
        messages.success(request, _("The date is changed."))
        return redirect(back)
    return render(
        request,
        "oberih/courses/enrolling/due.html",
        {"enrolment": found, "name": str(found.participant), "form": form, "back": back},
        status=400 if form.errors else 200,
    )
