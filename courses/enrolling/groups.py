"""Groups of people who learn together."""

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

from courses import actions, due
from courses.enrolling import reach
from courses.enrolling.forms import ArchiveForm, GroupCourseForm, GroupForm, PersonForm
from courses.enrolling.people import find_or_create
from courses.exceptions import CoursesError
from courses.models import Enrolment, Group
from participants.models import Participant, person_of
from safeguarding import audit
from safeguarding.rights import may

_GROUPS_PER_PAGE = 30
_PEOPLE_PER_PAGE = 50


@never_cache
@reach.groups_seen
@require_GET
def groups(request):
    archived = "archived" in request.GET
    rows = (
        reach.groups_seen_by(request.user)
        .filter(archived_at__isnull=not archived)
        .select_related("organisation", "project")
        .annotate(member_count=Count("members", distinct=True), course_count=Count("courses", distinct=True))
        # Counting takes the model's own order away.
        .order_by("name", "pk")
    )
    page = Paginator(rows, _GROUPS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oberih/courses/enrolling/groups.html",
        {
            "page": page,
            "groups": [_row(group) for group in page],
            "archived": archived,
            "may_make": may(request.user, "oberih_courses.lead_groups"),
            "may_enrol": may(request.user, "oberih_courses.enrol_people"),
        },
    )


def _row(group):
    people = ngettext("%(count)s person", "%(count)s people", group.member_count) % {
        "count": localize(group.member_count)
    }
    courses = ngettext("%(count)s course", "%(count)s courses", group.course_count) % {
        "count": localize(group.course_count)
    }
    about = [people, courses, *(str(one) for one in (group.organisation, group.project) if one)]
    return {
        "name": group.name,
        "url": reverse("oberih_courses:group", args=[group.uuid]),
        "secondary": " · ".join(about),
    }


@never_cache
@reach.groups_led
@require_http_methods(["GET", "POST"])
def new(request):
    form = GroupForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            form.instance.made_by = request.user
            group = form.save()
            audit.record(request.user, "make", "group", [group.uuid])
        return redirect("oberih_courses:group", uuid=group.uuid)
    return render(
        request, "oberih/courses/enrolling/group_form.html", {"form": form}, status=400 if form.errors else 200
    )


@never_cache
@reach.groups_led
@require_http_methods(["GET", "POST"])
def edit(request, uuid):
    group = _led(request, uuid)
    form = GroupForm(request.POST if request.method == "POST" else None, instance=group)
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            form.save()
            audit.record(request.user, "change", "group", [group.uuid])
        return redirect("oberih_courses:group", uuid=uuid)
    return render(
        request,
        "oberih/courses/enrolling/group_form.html",
        {"form": form, "group": Group.objects.get(pk=group.pk)},
        status=400 if form.errors else 200,
    )


def _led(request, uuid):
    return get_object_or_404(reach.groups_of(request.user), uuid=uuid)


@never_cache
@reach.groups_seen
@require_GET
def group(request, uuid):
    found = get_object_or_404(
        reach.groups_seen_by(request.user).select_related("organisation", "project"), uuid=uuid
    )
    reach.need_names_of_group(request, found)
    return _group_page(request, found)


def _group_page(request, found, *, person=None, course=None):
    members = found.members.select_related("participant").order_by("participant__full_name", "pk")
    page = Paginator(members, _PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    taken = list(found.courses.select_related("course").order_by("course__code"))
    completed = _completed(found, [one.participant for one in page], [one.course_id for one in taken])
    may_change = reach.groups_of(request.user).filter(pk=found.pk).exists()
    open_for_more = may_change and found.archived_at is None
    failed = any(form is not None and form.errors for form in (person, course))
    return render(
        request,
        "oberih/courses/enrolling/group.html",
        {
            "group": found,
            "about": " · ".join(str(one) for one in (found.organisation, found.project) if one),
            "may_change": may_change,
            "open": open_for_more,
            "page": page,
            "total": page.paginator.count,
            "members": [_member(found, one, completed, len(taken), may_change) for one in page],
            "courses": taken,
            "person_form": (person or PersonForm(initial={"language": get_language()})) if open_for_more else None,
            "course_form": (course or GroupCourseForm()) if open_for_more else None,
        },
        status=400 if failed else 200,
    )


def _completed(found, people, courses):
    """{person's key: how many of the courses they completed, under whichever of their rows}"""
    rows = (
        Enrolment.objects.filter(course__in=courses, completed_at__isnull=False)
        .annotate(person=person_of("participant"))
        .filter(person__in=[one.root_id for one in people])
    )
    return dict(
        rows.order_by()
        .values("person")
        .annotate(number=Count("course", distinct=True))
        .values_list("person", "number")
    )


def _member(found, member, completed, total, may_change):
    done = completed.get(member.participant.root_id, 0)
    said = ngettext("%(done)s of %(total)s course completed", "%(done)s of %(total)s courses completed", total) % {
        "done": localize(done),
        "total": localize(total),
    }
    return {
        "name": str(member.participant),
        "secondary": said if total else "",
        "url": reverse("oberih_courses:group_member", args=[found.uuid, member.participant.uuid])
        if may_change
        else "",
    }


@never_cache
@reach.groups_led
@require_POST
def add_member(request, uuid):
    found = _led(request, uuid)
    reach.need_names_of_group(request, found)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _group_page(request, found, person=form)
    try:
        with transaction.atomic():
            participant = find_or_create(form.attributes(), among=found.members.values("participant"))
            new_ones = actions.add_members(group=found, participants=[participant], by=request.user)
    except CoursesError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _added(new_ones))
    return redirect("oberih_courses:group", uuid=uuid)


def _added(new_ones):
    if not new_ones:
        return _("Saved. Nothing new was begun.")
    return ngettext(
        "Saved. %(count)d enrolment is new, and the person is told.",
        "Saved. %(count)d enrolments are new, and the people are told.",
        len(new_ones),
    ) % {"count": len(new_ones)}


@never_cache
@reach.groups_led
@require_GET
def member(request, uuid, participant):
    """One person of the group: which of its courses they take, and until when."""
    found = _led(request, uuid)
    who = get_object_or_404(Participant, uuid=participant, learner_groups__group=found)
    reach.need_names_of_group(request, found, keys=[found.uuid, who.uuid])
    rows = (
        Enrolment.objects.active()
        .filter(
            Q(participant__in=Participant.objects.same_as(who)),
            course__in=found.courses.values("course"),
        )
        .select_related("course")
        .order_by("course__code", "pk")
    )
    return render(
        request,
        "oberih/courses/enrolling/member.html",
        {"group": found, "who": who, "name": str(who), "enrolments": [_taken(one) for one in rows]},
    )


def _taken(enrolment):
    said = due.said(enrolment)
    if enrolment.completed_at:
        state, kind = _("Completed"), "success"
    elif said:
        state, kind = said.text, said.kind
    else:
        state, kind = _("Without a date"), "neutral"
    dates = [_("Enrolled on %(date)s") % {"date": date_format(timezone.localdate(enrolment.enrolled_at))}]
    if said:
        dates.append(_("Due on %(date)s") % {"date": said.date})
    return {
        "title": enrolment.course.title,
        "dates": " · ".join(dates),
        "state": state,
        "kind": kind,
        "url": "" if enrolment.completed_at else reverse("oberih_courses:due", args=[enrolment.uuid]),
    }


@never_cache
@reach.groups_led
@require_POST
def remove_member(request, uuid, participant):
    found = _led(request, uuid)
    who = get_object_or_404(Participant, uuid=participant, learner_groups__group=found)
    reach.need_names_of_group(request, found)
    try:
        actions.remove_member(group=found, participant=who, by=request.user)
    except CoursesError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Removed from the group. They go on taking the courses that they began."))
    return redirect("oberih_courses:group", uuid=uuid)


@never_cache
@reach.groups_led
@require_POST
def add_course(request, uuid):
    found = _led(request, uuid)
    form = GroupCourseForm(request.POST)
    if not form.is_valid():
        reach.need_names_of_group(request, found)
        return _group_page(request, found, course=form)
    try:
        new_ones = actions.add_course(group=found, by=request.user, **form.cleaned_data)
    except CoursesError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _added(new_ones))
    return redirect("oberih_courses:group", uuid=uuid)


@never_cache
@reach.groups_led
@require_POST
def remove_course(request, uuid, key):
    found = _led(request, uuid)
    taken = get_object_or_404(found.courses.select_related("course"), course=key)
    try:
        actions.remove_course(group=found, course=taken.course, by=request.user)
    except CoursesError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The group no longer takes this course. Who began it goes on."))
    return redirect("oberih_courses:group", uuid=uuid)


@never_cache
@reach.groups_led
@require_POST
def archive(request, uuid):
    found = _led(request, uuid)
    form = ArchiveForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    if form.cleaned_data["do"] == "archive":
        actions.archive_group(group=found, by=request.user)
        messages.success(request, _("The group is archived. Everybody goes on with what they began."))
    else:
        actions.restore_group(group=found, by=request.user)
        messages.success(request, _("The group is open again."))
    return redirect("oberih_courses:group", uuid=uuid)
