from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from events.models import Event
from reporting import figures, overview, periods, rendering, sentences
from reporting.forms import FindForm, ReportForm, scopes
from reporting.labels import labels
from reporting.measures import People
from reporting.scope import Filters
from safeguarding import audit
from safeguarding.rights import may, right_required

# What the page and its files break people down by.
BREAKDOWNS = (("sex", "age_band"), ("category",), ("area",))
_FOUND_PER_PAGE = 20


def _query(window, filters):
    return urlencode({"from": window.start, "to": window.end, **filters.given()})


def _own_filters(user):
    """The filters that a manager begins with: those of their first scope, if they have any."""
    limits = scopes(user)
    if limits == []:
        raise PermissionDenied
    country, project = limits[0] if limits else ("", "")
    return Filters(country=country, project=project)


@right_required("oberih_reporting.see_numbers")
@require_GET
def start(request):
    """Where a manager's day begins."""
    today = timezone.localdate()
    filters, scope_links = _scope(request)
    quarter = overview.Quarter(filters, today) if filters is not None else None
    since = periods.quarter_before(periods.quarter_of(today), 1).start
    context = {
        "quarter": quarter,
        "scopes": scope_links,
        "attention": [*overview.attention(request.user, since), *(quarter.missing() if quarter else [])],
        "coming": overview.coming(request.user, today),
        "is_new": not (Event.objects.for_staff(request.user).exists() or (quarter and quarter.has_persons)),
        "find_form": FindForm(),
        "same_url": overview.address("oberih_participants:same"),
    }
    if quarter is not None:
        audit.record(request.user, "report.viewed", "overview", [_query(quarter.window, filters)])
        context |= {
            "figures": quarter.figures(),
            "trend": quarter.trend(),
            "people_trained_url": overview.people_trained(quarter.window, filters),
            "query": _query(quarter.window, filters),
        }
    return render(request, "oberih/reporting/overview.html", context)


def _scope(request):
    """(the filters of the figures, links to the manager's other scopes); no filters where no figures are kept."""
    limits = scopes(request.user)
    if limits is None:
        return Filters(), []
    if not limits:
        return None, []
    asked = (request.GET.get("country", ""), request.GET.get("project", ""))
    chosen = asked if asked in limits else limits[0]
    words = {
        name: labels(name, [scope[position] for scope in limits])
        for position, name in enumerate(("country", "project"))
    }
    links = [
        {
            "label": " · ".join(words[name][code] for name, code in zip(words, scope, strict=True) if code),
            "url": reverse("oberih_reporting:overview", query=Filters(country=scope[0], project=scope[1]).given()),
            "current": scope == chosen,
        }
        for scope in limits
    ]
    return Filters(country=chosen[0], project=chosen[1]), links


@right_required("oberih_reporting.see_numbers")
@require_GET
def find(request):
    """A training by its title or code: of any time, in the manager's scope."""
    form = FindForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(overview.matching(request.user, words), _FOUND_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "words": words, "page": page, "found": overview.entries(list(page))}
    return render(request, "oberih/reporting/find.html", context)


@right_required("oberih_reporting.see_numbers")
@require_GET
def people_trained(request):
    """The manager's page: how many people, who, where, as figures, sentences and charts."""
    if not ({"from", "to"} & set(request.GET)):
        return redirect(
            overview.people_trained(periods.quarter_of(timezone.localdate()), _own_filters(request.user))
        )
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
        "about": [word for _name, word in form.chosen()],
        "active": [
            {"label": word, "url": overview.people_trained(window, replace(filters, **{name: ""}))}
            for name, word in form.chosen()
            if form.may_drop(name)
        ],
        "report": report,
        "figures": figures.figures(report.totals),
        "doubt": figures.doubt(people),
        "doubt_url": overview.address("oberih_participants:same"),
        "more": figures.more(report.totals),
        "told": [sentence for sentence in told if not sentence.is_longer],
        "told_longer": [sentence for sentence in told if sentence.is_longer],
        "untold": untold,
        "distributions": sentences.tell_distributions(people),
        "given_out_url": overview.address("oberih_events_distribution:index")
        if may(request.user, "oberih_events.change_distribution")
        else "",
        "query": _query(window, filters),
        **figures.charts(people),
    }
    return render(request, "oberih/reporting/people_trained.html", context)


@right_required("oberih_reporting.see_numbers")
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


@right_required("oberih_reporting.see_numbers")
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
        {
            "label": periods.label(window, brief=True),
            "url": overview.people_trained(window, filters),
            "current": window == chosen,
        }
        for window in periods.quarters_with_activities(timezone.localdate())
    ]
