"""The learners of a course, and one of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from courses import actions
from courses.exceptions import CoursesError
from courses.models import Enrolment
from courses.staff import sheets
from courses.staff.access import courses_of, learners_of, learners_right, need_names
from courses.staff.forms import ConfirmForm, DueForm, ExtraTimeForm, LearnersForm
from courses.staff.learner import course_facts, lesson_rows
from courses.staff.listing import groups_of, in_order, narrowed, rows, with_standing
from courses.staff.waiting import waiting_for
from safeguarding.rights import may

_COURSES_PER_PAGE = 30
_PEOPLE_PER_PAGE = 50


@never_cache
@learners_right
@require_GET
def taught(request):
    """The courses some of whose learners the user may see: numbers, and no names."""
    visible = Enrolment.objects.for_trainer(request.user).active().filter(course=OuterRef("pk")).order_by()
    counted = visible.values("course").annotate(n=Count("pk"), d=Count("pk", filter=Q(completed_at__isnull=False)))
    courses = (
        courses_of(request.user)
        .filter(archived_at=None)
        .annotate(
            learner_count=Coalesce(Subquery(counted.values("n")), 0),
            done_count=Coalesce(Subquery(counted.values("d")), 0),
        )
    )
    page = Paginator(courses.order_by("code"), _COURSES_PER_PAGE).get_page(request.GET.get("page"))
    waits = len(waiting_for(request.user)) if may(request.user, "oberih_courses.mark_answers") else 0
    return render(request, "oberih/courses/staff/taught.html", {"page": page, "waits": waits})


@never_cache
@learners_right
@require_GET
def learners(request, key):
    course = get_object_or_404(courses_of(request.user), key=key)
    visible = learners_of(request.user, course)
    groups = groups_of(visible)
    form = LearnersForm(request.GET, groups=groups)
    chosen = form.chosen()
    listed = in_order(narrowed(with_standing(visible), chosen))
    page = Paginator(listed, _PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    shown = rows(page, course)
    need_names(request, course, visible, keys=[row.enrolment.uuid for row in shown])
    count = page.paginator.count
    return render(
        request,
        "oberih/courses/staff/learners.html",
        {
            "course": course,
            "form": LearnersForm(initial=chosen, groups=groups),
            "active": [
                {"label": form.label_of(name, value), "url": _without(request, name)}
                for name, value in chosen.items()
            ],
            "page": page,
            "people": [_person(row) for row in shown],
            "count": ngettext("%(count)s learner", "%(count)s learners", count) % {"count": localize(count)},
            "has_comparison": course.assessments.exclude(compared_with=None).exists(),
            "query": request.GET.urlencode(),
        },
    )


def _without(request, name):
    left = request.GET.copy()
    left.pop(name, None)
    left.pop("page", None)
    return f"{request.path}?{left.urlencode()}"


def _person(row):
    one = row.enrolment
    said = [_("%(done)s of %(all)s lessons") % {"done": localize(row.done), "all": localize(row.lessons)}]
    if one.attempts_made:
        said.append(
            ngettext("%(count)s try at an assessment", "%(count)s tries at assessments", one.attempts_made)
            % {"count": localize(one.attempts_made)}
        )
    if row.last_at:
        said.append(_("last active on %(day)s") % {"day": sheets.day_in_words(row.last_at)})
    if one.completed_at:
        said.append(
            _("completed on %(day)s, in %(language)s")
            % {"day": sheets.day_in_words(one.completed_at), "language": row.language}
        )
    elif one.due_on:
        words = _("was due on %(day)s") if row.is_overdue else _("due on %(day)s")
        said.append(words % {"day": sheets.day_in_words(one.due_on)})
    return {
        "name": row.name,
        "uuid": one.uuid,
        "more": " · ".join([*([row.group] if row.group else []), *said]),
        "tag": _("Overdue") if row.is_overdue else row.state_label,
        "tag_kind": "attention" if row.is_overdue else row.state_kind,
    }


@never_cache
@learners_right
@require_GET
def learners_file(request, key, kind):
    """The same list as a file. It leaves the site, so everybody says why."""
    course = get_object_or_404(courses_of(request.user), key=key)
    visible = learners_of(request.user, course)
    chosen = LearnersForm(request.GET, groups=groups_of(visible)).chosen()
    found = rows(in_order(narrowed(with_standing(visible), chosen)), course)
    need_names(request, course, visible, keys=[row.enrolment.uuid for row in found], deed="export", always=True)
    return sheets.answer(kind, f"learners-{course.code}", *sheets.learners(found))


@never_cache
@learners_right
@require_http_methods(["GET", "POST"])
def learner(request, key, uuid):
    """One learner: every lesson, and what staff may do about it."""
    course = get_object_or_404(courses_of(request.user), key=key)
    mine = learners_of(request.user, course).filter(uuid=uuid)
    enrolment = get_object_or_404(mine.select_related("participant", "group"))
    need_names(request, course, mine, keys=[enrolment.uuid])
    deed = request.POST.get("do") if request.method == "POST" else None
    forms = {
        "confirm": ConfirmForm(request.POST if deed == "confirm" else None, course=course),
        "due": DueForm(request.POST if deed == "due" else None, initial={"due_on": enrolment.due_on}),
        "extra": ExtraTimeForm(
            request.POST if deed == "extra" else None, initial={"percent": enrolment.extra_time_percent}
        ),
    }
    form = forms.get(deed)
    if form is not None and form.is_valid():
        try:
            _do(deed, enrolment, form.cleaned_data, request.user)
        except CoursesError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(request.path)
    return render(
        request,
        "oberih/courses/staff/learner.html",
        {
            "course": course,
            "enrolment": enrolment,
            "name": str(enrolment.participant),
            "facts": course_facts(enrolment),
            "lessons": lesson_rows(enrolment),
            "forms": forms,
            "faulty": form,
        },
        status=200 if request.method == "GET" else 400,
    )


def _do(deed, enrolment, said, by):
    if deed == "confirm":
        actions.confirm(enrolment=enrolment, by=by, **said)
    elif deed == "due":
        actions.set_due(enrolment=enrolment, due_on=said["due_on"], by=by)
    else:
        actions.give_extra_time(enrolment=enrolment, percent=said["percent"], by=by)
