"""Tickets: the code that is shown at the door, as a picture and on paper."""

import io
import threading
from pathlib import Path

import segno
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_info

from events import naming, when
from events.models import Naming
from ui import papers

_STYLE = Path(__file__).resolve().parent / "paper" / "ticket.css"
# A ticket has room for so many; of a longer event it says the days.
_SESSIONS_ON_PAPER = 4
_printer = threading.Lock()


def png(registration):
    """The code as a picture that any phone shows."""
    return _drawn(registration, "png", scale=10)


def svg(registration):
    return _drawn(registration, "svg", scale=8)


def pdf(registrations, language):
    """One small page for each of `registrations`, in `language`. Reads their event's sessions and venues."""
    with translation.override(language):
        html = render_to_string(
            "oberih/events/ticket.html",
            {
                "language": language,
                "dir": "rtl" if get_language_info(language)["bidi"] else "ltr",
                "tickets": [_printed(one) for one in registrations],
            },
        )
    # One at a time: web processes have threads, and the fonts are shared between them.
    with _printer:
        engine = _engine()
        page = engine.HTML(string=html, url_fetcher=engine.fetcher, base_url="asset:")
        return page.write_pdf(stylesheets=[engine.css], font_config=engine.font_config)


def heading(event):
    """What a ticket calls an event: it lies on desks and in galleries of pictures, as messages stand on screens."""
    return str(event.title) if event.naming == Naming.TITLE else naming.what(event)


def _printed(registration):
    event = registration.event
    sessions = [one for one in event.sessions.all() if one.group_id in {None, registration.group_id}]
    is_neutral = event.naming == Naming.NEUTRAL
    lines = [when.session_line(one) for one in sessions]
    return {
        "kind": event.get_kind_display() if event.naming == Naming.TITLE else "",
        "heading": heading(event),
        "name": str(registration.participant),
        "times": lines if 0 < len(lines) <= _SESSIONS_ON_PAPER else [when.days(event)],
        "zone": when.zone(event),
        # An address may say by itself what an appointment is for.
        "place": [] if is_neutral else _places(event),
        "group": str(registration.group) if registration.group and not is_neutral else "",
        "code": registration.ticket_code,
        "qr": _code(registration).png_data_uri(scale=1, border=0),
    }


def _places(event):
    lines = [", ".join(filter(None, [str(one.name), str(one.address)])) for one in event.venues.all()]
    return (lines or list(filter(None, [when.place(event)])))[:2]


def _code(registration):
    return segno.make(registration.ticket_code, error="q", micro=False)


def _drawn(registration, kind, *, scale):
    image = io.BytesIO()
    _code(registration).save(image, kind=kind, scale=scale, border=3, dark="#000", light="#fff")
    return image.getvalue()


@papers.kept
def _engine():
    return papers.engine(_STYLE.read_text())
