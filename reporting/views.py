from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from participants.codes import AgeBand, Sex
from reporting import periods, rendering, sentences
from reporting.forms import ReportForm, scopes
from reporting.labels import labels
from reporting.measures import People
from reporting.scope import Filters
from safeguarding import audit
from safeguarding.models import Role
from safeguarding.roles import role_required

# What the page and its files break people down by.
BREAKDOWNS = (("sex", "age_band"), ("category",), ("area",))


def _query(window, filters):
    return urlencode({"from": window.start, "to": window.end, **filters.given()})


def _address(window, filters):
    return f"{reverse('oberih_reporting:people_trained')}?{_query(window, filters)}"


def _own_filters(user):
    """The filters that a manager begins with: those of their first scope, if they have any."""
    limits = scopes(user)
    if limits == []:
        raise PermissionDenied
    country, project = limits[0] if limits else ("", "")
    return Filters(country=country, project=project)


@role_required(Role.MANAGER)
@require_GET
def people_trained(request):
    """The manager's page: how many people, who, where, as figures, sentences and charts."""
    if not ({"from", "to"} & set(request.GET)):
        return redirect(_address(periods.quarter_of(timezone.localdate()), _own_filters(request.user)))
    form = ReportForm(request.GET, user=request.user)
    if not form.is_valid():
        context = {"form": form, "quarters": _quarters(None, _own_filters(request.user))}
        return render(request, "oberih/reporting/people_trained.html", context, status=400)
    window, filters = form.window(), form.filters()
    context = {"form": form, "quarters": _quarters(window, filters)}
    people = People(window, filters)
    audit.record(request.user, "report.viewed", "people_trained", [_query(window, filters)])
    report = people.report()
    told, untold = sentences.tell(people)
    context |= {
        "window": window,
        "window_label": periods.label(window),
        "report": report,
        "figures": _figures(report),
        "more": _more(report),
        "told": [sentence for sentence in told if not sentence.is_longer],
        "told_longer": [sentence for sentence in told if sentence.is_longer],
        "untold": untold,
        "distributions": sentences.tell_distributions(people),
        "query": _query(window, filters),
        **_charts(people),
    }
    return render(request, "oberih/reporting/people_trained.html", context)


@role_required(Role.MANAGER)
@require_GET
def people_trained_csv(request):
    """One breakdown (`by`) as CSV."""
    form = ReportForm(request.GET, user=request.user)
    by = tuple(filter(None, request.GET.get("by", "").split(",")))
    if not form.is_valid() or (by and by not in BREAKDOWNS):
        return _refused(form)
    window, filters = form.window(), form.filters()
    report = People(window, filters).report(by)
    audit.record(request.user, "report.exported", "people_trained", [_query(window, filters), "csv"])
    name = f"people-trained-{window.start}-{window.end}{'-by-' + '-'.join(by) if by else ''}.csv"
    # The mark lets spreadsheets see that it is UTF-8.
    return _file("\ufeff" + rendering.as_csv(report), "text/csv; charset=utf-8", name)


@role_required(Role.MANAGER)
@require_GET
def people_trained_xlsx(request):
    """Everything on the page as one workbook."""
    form = ReportForm(request.GET, user=request.user)
    if not form.is_valid():
        return _refused(form)
    window, filters = form.window(), form.filters()
    people = People(window, filters)
    reports = [people.report(by) for by in BREAKDOWNS]
    audit.record(request.user, "report.exported", "people_trained", [_query(window, filters), "xlsx"])
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(rendering.as_xlsx(*reports), kind, f"people-trained-{window.start}-{window.end}.xlsx")


def _file(content, kind, name):
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _refused(form):
    errors = [f"{field}: {error}" for field, messages in form.errors.items() for error in messages]
    return HttpResponse("\n".join(errors) or _("There is no such table."), status=400, content_type="text/plain")


def _quarters(chosen, filters):
    """Links to other quarters, under the same filters."""
    return [
        {"label": periods.label(window), "url": _address(window, filters), "current": window == chosen}
        for window in periods.quarters_with_activities(timezone.localdate())
    ]


def _figures(report):
    totals = report.totals
    headcount = totals["headcount"]
    return [
        {
            "label": _("Different persons"),
            "value": totals["unique_persons"],
            "note": _("registered, each counted once"),
        },
        {"label": _("Participations"), "value": totals["participations"], "note": _("persons in activities")},
        {
            "label": _("Counted without names"),
            "value": sentences.qualified(headcount["qualifier"], sentences.number(headcount["value"])),
            "note": _("headcounts of persons"),
        },
        {
            "label": _("Activities"),
            "value": totals["activities"],
            "note": ngettext("%(count)s session", "%(count)s sessions", totals["sessions"])
            % {"count": totals["sessions"]},
        },
    ]


def _more(report):
    totals = report.totals
    return [
        {"label": _("New persons"), "value": totals["new_persons"]},
        {"label": _("Persons who came back"), "value": totals["returning_persons"]},
        {"label": _("Attendances"), "value": totals["attendances"]},
        {"label": _("Hours attended, all persons together"), "value": totals["person_minutes"] // 60},
        {"label": _("Completions"), "value": totals["completions"]},
        {"label": _("Certificates issued"), "value": totals["certificates"]},
        {"label": _("Venues"), "value": totals["sites"]},
        {"label": _("Areas"), "value": totals["areas"]},
        {"label": _("Organisations"), "value": totals["organisations"]},
    ]


def _charts(people):
    """The rows of the pyramid and of the bars; nothing that the tables do not show."""
    cells = {}
    beside = 0
    for cell in people.report(("sex", "age_band")).cells:
        if cell["sex"] in {Sex.FEMALE, Sex.MALE}:
            cells[cell["age_band"], cell["sex"]] = cell["unique_persons"]
        else:
            beside += cell["unique_persons"]
    bands = [band for band in AgeBand if any((band, sex) in cells for sex in (Sex.FEMALE, Sex.MALE))]
    areas = people.report(("area",))
    pyramid = [
        {
            "label": band.label,
            "start": cells.get((band, Sex.FEMALE), 0),
            "end": cells.get((band, Sex.MALE), 0),
        }
        for band in bands
    ]
    return {
        "pyramid": pyramid,
        "pyramid_total": {side: sum(row[side] for row in pyramid) for side in ("start", "end")},
        "pyramid_note": ngettext(
            "%(count)d person of another or no stated sex is not drawn.",
            "%(count)d persons of another or no stated sex are not drawn.",
            beside,
        )
        % {"count": beside}
        if beside
        else "",
        "categories": _bars(people.report(("category",))),
        "areas": _bars(areas),
        "areas_note": _several(areas.in_several_rows),
    }


def _bars(report):
    (dimension,), cells = report.by, report.cells
    words = labels(dimension, [cell[dimension] for cell in cells])
    rows = [{"label": words[cell[dimension]], "value": cell["unique_persons"]} for cell in cells]
    return sorted(rows, key=lambda row: -row["value"])


def _several(count):
    if not count:
        return ""
    return ngettext(
        "%(count)d person stands in more than one row.", "%(count)d persons stand in more than one row.", count
    ) % {"count": count}
