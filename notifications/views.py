"""The mails and text messages that a demonstration would have sent. Only in debug mode: elsewhere there is no such page."""

import base64
import datetime as dt
import email
import email.policy
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

MOST = 60


@dataclass
class Kept:
    name: str
    to: str
    subject: str
    text: str
    html: str
    sent_at: object
    attachments: list


def _only_in_debug(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.DEBUG:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _read(path):
    if path.suffix == ".sms":
        to, _line, text = path.read_text(encoding="utf-8").partition("\n")
        return Kept(path.name, to, text[:60], text, "", _when(path), [])
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return Kept(
        path.name,
        str(mail["To"]),
        str(mail["Subject"]),
        plain.get_content() if plain else "",
        _with_pictures(mail, html.get_content()) if html else "",
        _when(path),
        [part.get_filename() for part in mail.iter_attachments()],
    )


def _with_pictures(mail, html):
    """What a mail program does: the pictures of the mail in the places that name them."""
    for part in mail.walk():
        if part["Content-ID"] and part.get_content_maintype() == "image":
            picture = base64.b64encode(part.get_content()).decode()
            source = f"data:{part.get_content_type()};base64,{picture}"
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", source)
    return html


def _when(path):
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)


def _find(name):
    path = Path(settings.EMAIL_FILE_PATH) / name
    if path.suffix not in {".eml", ".sms"} or Path(name).name != name or not path.is_file():
        raise Http404
    return path


@require_GET
@_only_in_debug
def mailbox(request):
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.eml"), reverse=True) + sorted(folder.glob("*.sms"), reverse=True)
    newest = sorted(files, key=lambda path: path.name, reverse=True)[:MOST]
    return render(request, "oberih/notifications/mailbox.html", {"kept": [_read(path) for path in newest]})


@require_GET
@_only_in_debug
def message(request, name):
    return render(request, "oberih/notifications/message.html", {"kept": _read(_find(name))})


@require_GET
@_only_in_debug
@xframe_options_sameorigin
def message_html(request, name):
    """The mail's HTML part, as a mail reader would show it: in a frame, without scripts."""
    response = HttpResponse(_read(_find(name)).html)
    response["Content-Security-Policy"] = "sandbox allow-popups allow-top-navigation-by-user-activation"
    return response


@require_GET
@_only_in_debug
def attachment(request, name, part):
    mail = email.message_from_bytes(_find(name).read_bytes(), policy=email.policy.default)
    parts = list(mail.iter_attachments())
    if part >= len(parts):
        raise Http404
    content = parts[part].get_content()
    response = HttpResponse(
        content if isinstance(content, bytes) else content.encode(), content_type=parts[part].get_content_type()
    )
    response["Content-Disposition"] = f'attachment; filename="{parts[part].get_filename()}"'
    return response
