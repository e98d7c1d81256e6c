from safeguarding.templatetags.oberih_safeguarding import for_reader
from ui.hooks import Part


def footer(request):
    rows = for_reader(request)
    return (
        Part("oberih/safeguarding/_helplines.html", {"helplines": rows, "anchor": "help-by-phone"})
        if rows
        else None
    )
