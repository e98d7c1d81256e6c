"""A trainer writes to those who are registered: the text, then whom it reaches, then it goes."""

import uuid as uuids

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import actions, announcing, naming, when
from events.exceptions import EventsError
from events.models import Audience, Event
from events.staff.access import need_names, trainers_only
from events.staff.announcement_form import AnnouncementForm
from participants.places import language_name
from safeguarding import audit


def address(event):
    """Where it is written; "" where nobody can be written to."""
    return "" if announcing.never(event) else reverse("oberih_events:write", kwargs={"uuid": event.uuid})


@never_cache
@trainers_only
@require_http_methods(["GET", "POST"])
def write(request, uuid):
    event = get_object_or_404(Event.objects.for_staff(request.user), uuid=uuid)
    need_names(request, event)
    if request.method != "POST":
        form = AnnouncementForm(
            event=event, initial={"submission": uuids.uuid4(), "audience": Audience.SEATED.value}
        )
        return _page(request, event, form)
    do = request.POST.get("do")
    if do == "change":
        # Of its own: whoever goes back after sending and corrects the text wants that to be sent as well.
        again = {**request.POST.dict(), "submission": uuids.uuid4()}
        return _page(request, event, AnnouncementForm(event=event, initial=again))
    form = AnnouncementForm(request.POST, event=event)
    if not form.is_valid():
        return _page(request, event, form)
    if do != "send":
        return _preview(request, event, form)
    try:
        sent = actions.announce(
            event=event,
            text=form.text(),
            submission=form.cleaned_data["submission"],
            by=request.user,
            **form.whom(),
        )
    except EventsError as error:
        form.add_error(None, str(error))
        return _page(request, event, form)
    told = ngettext("It is on its way to %(count)s person.", "It is on its way to %(count)s people.", sent.reached)
    messages.success(request, told % {"count": localize(sent.reached)})
    return redirect("oberih_events:write", uuid=uuid)


def _preview(request, event, form):
    """Whom it reaches and how it reads, before anything is sent."""
    found = announcing.reach(event, **form.whom())
    if refused := announcing.refusal(event):
        form.add_error(None, refused)
    elif not found.reached:
        form.add_error("audience", announcing.nobody())
    if form.errors:
        return _page(request, event, form)
    if found.unreached:
        audit.saw(request, "registration", [one.uuid for one in found.unreached])
    rows = [(_("To whom"), dict(form.fields["audience"].choices)[form.cleaned_data["audience"]]), *_reach(found)]
    rows.append((_("Subject"), naming.subject(event, announcing.subject())))
    return render(
        request,
        "oberih/events/write_preview.html",
        {
            "event": event,
            "form": form,
            "rows": [{"label": label, "value": value} for label, value in rows],
            "texts": _texts(form.text()),
        },
    )


def _reach(found):
    rows = [
        (label, ngettext("%(count)s person", "%(count)s people", len(people)) % {"count": localize(len(people))})
        for label, people in ((_("By e-mail"), found.by_email), (_("By text message"), found.by_phone))
        if people
    ]
    if found.unreached:
        rows.append((_("Cannot be reached"), "\n".join(str(one.participant) for one in found.unreached)))
    return rows


def _texts(text):
    return [(code, language_name(code), words) for code, words in text.data.items() if words]


def _page(request, event, form):
    return render(
        request,
        "oberih/events/write.html",
        {
            "event": event,
            "form": form,
            "refused": announcing.refusal(event),
            "written": [_row(one, event) for one in event.announcements.select_related("author", "group")],
        },
        status=400 if form.is_bound else 200,
    )


def _row(one, event):
    """An announcement as its staff find it again: when it was sent, by whom, to whom, and its text."""
    author = one.author and (one.author.get_full_name() or one.author.email)
    people = ngettext("%(count)s person", "%(count)s people", one.reached) % {"count": localize(one.reached)}
    to = str(one.group) if one.group else one.get_audience_display()
    words, language = announcing.words(one, get_language())
    return {
        "about": " · ".join(filter(None, [when.moment(one.sent_at, event.tz), author, to, people])),
        "words": words,
        "language": language,
    }
