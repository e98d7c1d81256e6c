"""Logs say what broke and where, and never for whom.

`ScrubbingFormatter` writes what a person with access to the logs may read, `AdminMail` mails no more than that. Names are
kept out by leaving out what exceptions say (a database quotes the row that it refuses, a mail server the mailbox);
contacts and tokens are cut out wherever they stand.
"""

import copy
import logging
import re
import traceback
from collections.abc import Mapping

from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

LEFT_OUT = "…"

# What these say is about the machine and the code.
_ABOUT_THE_MACHINE = (
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    InterfaceError,
    NameError,
    OperationalError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SCRUBBED = [
    # What somebody searched for, or a form that was sent by GET.
    (re.compile(r"(/[^\s?\"']*)\?[^\s\"']+"), r"\1?" + LEFT_OUT),
    (re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+"), "(e-mail)"),
    (re.compile(r"\+\d[\d ().-]{6,}\d"), "(phone)"),
    (re.compile(r"(?<![\w.:-])0\d{2}[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}(?![\w-])"), "(phone)"),
    # Personal links and the codes of certificates, however short somebody cut them; keys to a new password.
    (re.compile(r"/(p|s|v|verify|key)/[^/\s?\"']+"), r"/\1/(token)"),
    # Whatever else is long and not made of words: signed tokens have capitals or colons, names of pages have neither.
    (re.compile(rf"/(?!{_UUID}\b)(?=[^/\s?\"']*[A-Z:])[\w:.=~-]{{20,}}"), "/(token)"),
]


def scrub(text):
    """`text` without contacts, tokens in addresses and query strings."""
    for pattern, replacement in _SCRUBBED:
        text = pattern.sub(replacement, text)
    return text


class ScrubbingFormatter(logging.Formatter):
    def format(self, record):
        record = copy.copy(record)
        # Another handler may have kept the whole text of the exception here.
        record.exc_text = None
        if isinstance(record.args, Mapping) and "exc" in record.args:
            # Celery puts what a task's exception says, and its arguments, into the line itself.
            record.args = {
                **record.args,
                **dict.fromkeys({"exc", "args", "kwargs", "traceback"} & {*record.args}, LEFT_OUT),
            }
        return scrub(super().format(record))

    def formatException(self, exc_info):  # noqa: N802
        chain, error = [], exc_info[1]
        while error is not None and error not in chain:
            chain.append(error)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(map(_told, reversed(chain)))


def _told(error):
    kind = type(error)
    return (
        "".join(traceback.format_tb(error.__traceback__))
        + f"{kind.__module__}.{kind.__qualname__}: {_words(error)}"
    )


def _words(error):
    if isinstance(error, _ABOUT_THE_MACHINE):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        # Not the name of the file: people are called like the documents about them.
        return error.strerror
    return LEFT_OUT


class AdminMail(logging.Handler):
    """Mails errors to ADMINS: the line of the log, and no request, form or local variable as Django's own handler does."""

    def emit(self, record):
        try:
            text, subject = self.format(record), scrub(record.getMessage())
        except (KeyError, TypeError, ValueError):
            text = subject = "A line of the log whose parts do not fit together"
        subject = f"{record.levelname}: {subject}".splitlines()[0][:200]
        mail.mail_admins(subject, text, fail_silently=True)
