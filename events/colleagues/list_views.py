"""A list of people for one event: typed or sent as a file, shown with what will come of it, and what came of it."""

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from events import question_fields
from events.colleagues import reach, registering
from events.colleagues.columns import MOST_ROWS, Reader
from events.colleagues.facts import about, address
from events.colleagues.forms import MOST_TYPED, ROWS_AT_ONCE, FileForm, PeopleFormSet, ToldForm, typed
from events.colleagues.planning import LOOKS, Fate, Plan
from events.exceptions import EventsError
from events.models import QuestionKind, RegistrationList
from participants import lists
from participants.codes import Sex
from participants.models import Purpose
from safeguarding import limits
from safeguarding.limits import Limit

# A list looks through who is registered.
LISTS = Limit("events.colleagues.lists", "60/h")


def _open_place(request, organisation, uuid):
    """The place, and a way out where nobody can be registered now."""
    place = reach.place(request.user, organisation, uuid)
    if reason := place.closed():
        messages.info(request, reason)
        return place, redirect(address(place.organisation, place.event))
    return place, None


def _reader(place):
    return Reader(place.event, list(place.event.groups.all()) if place.event.has_groups else [])


@never_cache
@reach.registered
@require_http_methods(["GET", "POST"])
def register(request, organisation, uuid):
    """Rows to type people into. Nobody is registered before the next page has shown what will come of each."""
    place, away = _open_place(request, organisation, uuid)
    if away:
        return away
    earlier = _earlier(request, place)
    how = {"prefix": "people", "form_kwargs": {"reader": _reader(place)}}
    if request.method == "POST":
        formset = PeopleFormSet(request.POST, **how)
        if request.POST.get("do") == "add" and formset.management_form.is_valid():
            formset = PeopleFormSet(initial=_longer(typed(formset)), **how)
        elif formset.is_valid():
            if refusal := limits.refuse(request, (LISTS, request.user.pk)):
                return refusal
            batch = _keep(place, formset.rows(), request.user)
            if earlier is not None:
                earlier.delete()
            return redirect("oberih_events:colleagues_list", uuid=batch.uuid)
    else:
        rows = [cells for _line, cells in earlier.rows] if earlier else []
        formset = PeopleFormSet(initial=rows or [{}] * ROWS_AT_ONCE, **how)
    return render(
        request,
        "oberih/events/colleagues_register.html",
        {
            **about(place),
            "formset": formset,
            "age": formset.form_kwargs["reader"].age,
            "files": formset.form_kwargs["reader"].file_names,
            "may_add": len(formset.forms) < MOST_TYPED,
            "public_url": reverse("oberih_events:detail", kwargs={"code": place.event.code}),
            "has_errors": formset.is_bound and not formset.is_valid(),
        },
        status=400 if formset.is_bound else 200,
    )


def _longer(rows):
    return [*rows, *[{}] * min(ROWS_AT_ONCE, MOST_TYPED - len(rows))]


def _earlier(request, place):
    """The list that the address names, whose rows are to be typed anew; only one's own, typed and not yet done."""
    wanted = request.GET.get("list", "")
    try:
        uuid = uuids.UUID(wanted)
    except ValueError:
        return None
    return RegistrationList.objects.filter(
        uuid=uuid,
        made_by=request.user,
        event=place.event,
        organisation=place.organisation,
        file_name="",
        done_at=None,
    ).first()


def _keep(place, rows, user, *, file_name=""):
    return RegistrationList.objects.create(
        event=place.event, organisation=place.organisation, rows=rows, made_by=user, file_name=file_name[:200]
    )


@never_cache
@reach.registered
@require_http_methods(["GET", "POST"])
def from_file(request, organisation, uuid):
    place, away = _open_place(request, organisation, uuid)
    if away:
        return away
    reader = _reader(place)
    known = reader.columns
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        if refusal := limits.refuse(request, (LISTS, request.user.pk)):
            return refusal
        file = form.cleaned_data["file"]
        try:
            rows = lists.read(file.name, file.read(), known, most=MOST_ROWS)
        except lists.FileError as error:
            form.add_error("file", str(error))
        else:
            batch = _keep(place, rows, request.user, file_name=file.name)
            return redirect("oberih_events:colleagues_list", uuid=batch.uuid)
    return render(
        request,
        "oberih/events/colleagues_file.html",
        {
            **about(place),
            "form": form,
            "names": _headings(known, reader.questions),
            "needed": _headings(known, reader.questions, only=set(reader.questions).intersection(known.needed)),
            "files": reader.file_names,
        },
        status=400 if form.errors else 200,
    )


def _headings(known, questions, *, only=None):
    """How the columns are headed, in a sentence. A question ends with a mark of its own, so it stands in marks."""
    return _(", ").join(
        _("“%(title)s”") % {"title": f"\u2068{name}\u2069"} if column in questions else str(name)
        for column, name in known.names.items()
        if only is None or column in only
    )


@never_cache
@reach.registered
@require_GET
def template(request, organisation, uuid, kind):
    """An empty list with the headings in the reader's language; the XLSX also says what may stand in them."""
    place = reach.place(request.user, organisation, uuid)
    reader = _reader(place)
    if kind == "csv":
        content, mime = lists.empty_csv(reader.columns), "text/csv; charset=utf-8"
    elif kind == "xlsx":
        content, mime = (
            lists.empty_workbook(reader.columns, hints=_hints(reader), codes=_codes(reader)),
            lists.XLSX,
        )
    else:
        raise Http404
    return HttpResponse(
        content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="colleagues.{kind}"'}
    )


def _hints(reader):
    return {
        "full_name": _("Needed: first name and surname."),
        "latin_name": _("For the certificate. Empty: written by the national rules."),
        "email": _("An e-mail or a phone number is needed, one of them."),
        "phone": _("With the country’s code, such as +380 67 123 45 67."),
        "of_age": _("“Yes”: %(age)s or older on the first day. This or the year of birth is needed.")
        % {"age": localize(reader.age)},
        "birth_year": _("Four digits, such as 1990."),
        **{column: _hint(question) for column, question in reader.questions.items()},
    }


def _hint(question):
    several = _("Several with a semicolon between them.") if question.kind == QuestionKind.SEVERAL else ""
    return " ".join(filter(None, [str(question.purpose), several]))


def _codes(reader):
    codes = {"sex": Sex.choices, "category": reader.category_choices}
    if reader.group_titles:
        codes["group"] = [(title, "") for title in reader.group_titles]
    for column, question in reader.questions.items():
        codes[column] = [(text, "") for _key, text in question_fields.options(question)]
    return codes


@never_cache
@reach.registered
@require_http_methods(["GET", "POST"])
def registration_list(request, uuid):
    """What will come of each row, then what came of it. Only whoever made the list sees it, while the place is theirs."""
    rows = RegistrationList.objects.select_related("event").filter(made_by=request.user)
    batch = get_object_or_404(rows, uuid=uuid)
    place = reach.place(request.user, batch.organisation_id, batch.event.uuid)
    if batch.done_at is not None:
        return _results(request, batch, place)
    plan = Plan(place, batch.rows, request.user)
    form = ToldForm(request.POST if request.method == "POST" else None, initial={"language": get_language()})
    if form.is_bound and form.is_valid() and plan.good and not plan.wrong:
        if refusal := limits.refuse(request, *[(registering.PEOPLE, request.user.pk)] * len(plan.good)):
            return refusal
        try:
            registering.register_list(batch=batch, place=place, by=request.user, told=form.told())
        except EventsError as error:
            form.add_error(None, str(error))
        else:
            return redirect("oberih_events:colleagues_list", uuid=uuid)
    register_url = address(place.organisation, place.event, "colleagues_register")
    return render(
        request,
        "oberih/events/colleagues_preview.html",
        {
            **about(place),
            "batch": batch,
            "form": form,
            "register_text": form.asked[Purpose.REGISTER].text,
            "statistics_text": form.asked[Purpose.STATISTICS].text,
            "wrong": len(plan.wrong),
            "good": len(plan.good),
            "told": _in_numbers(plan.counts),
            "submit": ngettext("Register %(count)s person", "Register %(count)s people", len(plan.good))
            % {"count": localize(len(plan.good))},
            "rows": [
                _row(row, batch, plan.names)
                for row in sorted(plan.rows, key=lambda row: (not row.errors, row.line))
            ],
            "again": address(place.organisation, place.event, "colleagues_file")
            if batch.file_name
            else f"{register_url}?list={batch.uuid}",
        },
        status=400 if form.errors else 200,
    )


def _in_numbers(counts):
    """How many have a seat and how many do not, as one list of sentences."""
    words = {
        Fate.SEAT: ngettext("%(count)s has a seat", "%(count)s have a seat", counts[Fate.SEAT]),
        Fate.WAITS: ngettext("%(count)s waits", "%(count)s wait", counts[Fate.WAITS]),
        Fate.PENDING: ngettext(
            "%(count)s waits for the trainer’s approval",
            "%(count)s wait for the trainer’s approval",
            counts[Fate.PENDING],
        ),
        Fate.THERE: ngettext(
            "%(count)s is registered already", "%(count)s are registered already", counts[Fate.THERE]
        ),
        Fate.REFUSED: ngettext(
            "%(count)s is not registered", "%(count)s are not registered", counts[Fate.REFUSED]
        ),
        Fate.WRONG: ngettext("%(count)s is to be corrected", "%(count)s are to be corrected", counts[Fate.WRONG]),
    }
    return [said % {"count": localize(counts[fate])} for fate, said in words.items() if counts[fate]]


def _row(row, batch, names):
    number = _("Line %(line)s") if batch.file_name else _("Person %(line)s")
    return {
        "name": row.name,
        "number": number % {"line": localize(row.line)},
        "said": " · ".join(row.said),
        "answers": row.answers,
        "fate": row.fate.label,
        "look": LOOKS.get(row.fate, "info"),
        "reason": row.reason,
        "errors": [
            {"column": names[column], "value": row.cells.get(column, ""), "message": message}
            for column, message in row.errors
        ],
    }


def _results(request, batch, place):
    results = [(name, Fate(fate), reason) for _line, name, fate, reason in batch.results]
    counts = {fate: sum(one == fate for _name, one, _reason in results) for fate in Fate}
    return render(
        request,
        "oberih/events/colleagues_results.html",
        {
            **about(place),
            "told": _in_numbers(counts),
            "waits": counts[Fate.WAITS],
            "rows": [
                {"name": name, "fate": fate.label, "look": LOOKS.get(fate, "info"), "reason": reason}
                for name, fate, reason in results
            ],
        },
    )
