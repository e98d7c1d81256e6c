from django import template
from django.utils.translation import get_language

from safeguarding.models import Helpline
from ui import kept

register = template.Library()

_rows = kept.Store(most=1)


@register.inclusion_tag("oberih/safeguarding/_helplines.html", takes_context=True)
def helplines(context):
    """The helplines for the reader: those that speak their language first. Read once a request."""
    return {"helplines": for_reader(context.get("request"))}


@register.simple_tag(takes_context=True)
def helpline_rows(context):
    """The same rows, for a place that shows them in another way."""
    return for_reader(context.get("request"))


def for_reader(request=None):
    rows = getattr(request, "oberih_helplines", None)
    if rows is None:
        rows = _rows.get(request, "active", lambda: list(Helpline.objects.active()))
        if request is not None:
            request.oberih_helplines = rows
    language = get_language()
    return sorted(rows, key=lambda row: language not in row.languages)


@register.filter
def dialled(number):
    """A number as a telephone dials it."""
    return "".join(character for character in number if character in "+0123456789*#")
