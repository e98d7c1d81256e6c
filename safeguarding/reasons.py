"""Names are for those who work with them. Whoever else may see them says why first; the answer holds for an hour in this
session, and the log keeps it.

    reasons.need(request, f"event:{event.uuid}", str(event))

raises ReasonNeededError where no reason was given yet; `right_required` then leads to the page that asks, and back.
"""

from functools import wraps

from django.core import signing
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

_SALT = "oberih.safeguarding.reason"
_SESSION_KEY = "oberih_reasons"
SECONDS = 3600


class ReasonNeededError(Exception):
    """Somebody would see names and has not said why."""

    def __init__(self, subject, title):
        self.subject, self.title = subject, title


def given(request, subject):
    """The reason that this session gave for `subject` within the hour, or ""."""
    until, reason = request.session.get(_SESSION_KEY, {}).get(subject, (0, ""))
    return reason if until > timezone.now().timestamp() else ""


def need(request, subject, title):
    """The reason that was given for `subject`. Raises ReasonNeededError where there is none; `title` says what would be opened."""
    if reason := given(request, subject):
        return reason
    raise ReasonNeededError(subject, title)


def give(request, subject, reason):
    """Remember the reason for an hour, with others that still hold."""
    now = timezone.now().timestamp()
    held = {key: value for key, value in request.session.get(_SESSION_KEY, {}).items() if value[0] > now}
    request.session[_SESSION_KEY] = {**held, subject: [now + SECONDS, reason]}


def question(subject, title, back):
    """The address of the page that asks why, and leads to the path `back` afterwards."""
    return reverse(
        "oberih_safeguarding:reason",
        args=[signing.dumps([subject, str(title), back], salt=_SALT, compress=True)],
    )


def read(token):
    """(subject, title, path to go back to) of such a page. Raises BadSignature for one that is not ours or a day old."""
    return signing.loads(token, salt=_SALT, max_age=86_400)


def asking(view):
    """Lead to the question wherever the view needs a reason. `right_required` does it for the pages of staff."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except ReasonNeededError as needed:
            return _ask(request, needed)

    return guarded


def _ask(request, needed):
    """Lead to the question. A form that was sent is not sent again: the way back is the page it stood on."""
    back = request.get_full_path()
    if request.method not in {"GET", "HEAD"}:
        referer = request.headers.get("Referer", "")
        here = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
        # The path alone, and one slash before it: two would name another host.
        back = f"/{referer.split('/', 3)[3].lstrip('/')}" if here and referer.count("/") >= 3 else "/"
    return redirect(question(needed.subject, needed.title, back))
