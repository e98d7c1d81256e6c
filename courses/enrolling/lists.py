"""Lists of people: the file, the preview, and the word to enrol them."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from courses import access, actions
from courses.enrolling import reach
from courses.enrolling.forms import ListForm
from courses.exceptions import CoursesError
from courses.importing.columns import COLUMNS, MOST_ROWS, NAMES
from courses.importing.planning import ENROLLED, KNOWN, NEW, WRONG, Plan
from courses.models import EnrolmentImport
from participants import lists
from participants.codes import Sex
from participants.models import Organisation

_PER_PAGE = 200


@never_cache
@reach.groups_led
@require_http_methods(["GET", "POST"])
def into_group(request, uuid):
    group = get_object_or_404(reach.groups_of(request.user).filter(archived_at=None), uuid=uuid)
    reach.need_names_of_group(request, group)
    return _upload(
        request,
        {"group": group},
        title=group.name,
        back=reverse("oberih_courses:group", args=[uuid]),
        with_reason=False,
    )


@never_cache
@reach.people_enrolled
@require_http_methods(["GET", "POST"])
def into_course(request, key):
    course = get_object_or_404(reach.courses_of(request.user), pk=key)
    reach.need_names_of_course(request, course)
    return _upload(
        request,
        {"course": course},
        title=course.title,
        back=reverse("oberih_courses:enrolling", args=[key]),
        with_reason=access.required(key).exists(),
    )


def _upload(request, into, *, title, back, with_reason):
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ListForm(*posted, with_reason=with_reason)
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = lists.read(file.name, file.read(), COLUMNS, most=MOST_ROWS)
        except lists.FileError as error:
            form.add_error("file", str(error))
        else:
            batch = EnrolmentImport.objects.create(
                **into,
                file_name=file.name[:200],
                rows=rows,
                tells=form.cleaned_data["tells"],
                reason=form.cleaned_data.get("reason", ""),
                made_by=request.user,
            )
            return redirect("oberih_courses:list", uuid=batch.uuid)
    return render(
        request,
        "oberih/courses/enrolling/list_upload.html",
        {"form": form, "title": title, "back": back, "names": ", ".join(str(name) for name in NAMES.values())},
        status=400 if form.errors else 200,
    )


_STATES = {
    NEW: (gettext_lazy("New person"), "info"),
    KNOWN: (gettext_lazy("Known person"), "success"),
    ENROLLED: (gettext_lazy("Enrolled already"), "neutral"),
    WRONG: (gettext_lazy("Left out"), "error"),
}


@never_cache
@reach.groups_led
@require_http_methods(["GET", "POST"])
def preview(request, uuid):
    """Every row with what will happen to it. Only whoever sent the list sees it, and only while it is theirs to enrol."""
    rows = EnrolmentImport.objects.select_related("course", "group").filter(made_by=request.user)
    batch = get_object_or_404(rows, uuid=uuid)
    if batch.group_id:
        get_object_or_404(reach.groups_of(request.user), pk=batch.group_id)
        back = reverse("oberih_courses:group", args=[batch.group.uuid])
    else:
        get_object_or_404(reach.courses_of(request.user), pk=batch.course_id)
        back = reverse("oberih_courses:enrolling", args=[batch.course_id])
    if request.method == "POST":
        try:
            counts = actions.import_people(batch=batch, by=request.user)
        except CoursesError as error:
            messages.info(request, str(error))
        else:
            messages.success(request, _enrolled(counts[NEW] + counts[KNOWN]))
        return redirect(back)
    if batch.done_at:
        return redirect(back)
    plan = Plan(batch)
    # What is wrong comes first: it is what somebody has to see to.
    ordered = sorted(plan.rows, key=lambda row: (row.state != WRONG, row.line))
    page = Paginator(ordered, _PER_PAGE).get_page(request.GET.get("page"))
    good = len(plan.good)
    return render(
        request,
        "oberih/courses/enrolling/list_preview.html",
        {
            "batch": batch,
            "title": batch.group.name if batch.group_id else batch.course.title,
            "back": back,
            "again": reverse("oberih_courses:list_into_group", args=[batch.group.uuid])
            if batch.group_id
            else reverse("oberih_courses:list_into_course", args=[batch.course_id]),
            "figures": [
                {"label": _STATES[state][0], "value": plan.counts[state]}
                for state in (NEW, KNOWN, ENROLLED, WRONG)
            ],
            "good": good,
            "submit": ngettext("Enrol %(count)d person", "Enrol %(count)d people", good) % {"count": good},
            "page": page,
            "rows": [_shown(row) for row in page],
        },
    )


def _enrolled(count):
    if not count:
        return _("Nobody had to be enrolled.")
    return ngettext("%(count)d person is enrolled.", "%(count)d people are enrolled.", count) % {"count": count}


def _shown(row):
    state, kind = _STATES[row.state]
    return {
        "line": row.line,
        "name": row.name,
        "said": " · ".join(row.said),
        "state": state,
        "kind": kind,
        "errors": [
            _("%(column)s: %(message)s") % {"column": column, "message": message} for column, message in row.errors
        ],
    }


@never_cache
@reach.groups_led
@require_GET
def template(request, kind):
    """An empty list with the headings in the reader's language; the XLSX also says which codes there are."""
    if kind == "csv":
        content, mime = lists.empty_csv(COLUMNS), "text/csv; charset=utf-8"
    elif kind == "xlsx":
        codes = {
            "language": [(code, get_language_info(code)["name_local"]) for code, _label in settings.LANGUAGES],
            "sex": Sex.choices,
            "organisation": [(one.code, one.label) for one in Organisation.objects.filter(is_active=True)],
        }
        content, mime = lists.empty_workbook(COLUMNS, codes=codes), lists.XLSX
    else:
        raise Http404
    return HttpResponse(
        content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="people.{kind}"'}
    )
