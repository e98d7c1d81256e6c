from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from safeguarding.templatetags.oberih_safeguarding import for_reader
from ui.hooks import MenuItem, Part


def footer(request):
    rows = for_reader(request)
    return (
        Part("oberih/safeguarding/_helplines.html", {"helplines": rows, "anchor": "help-by-phone"}, keep="footer")
        if rows
        else None
    )


def audit_log(request):
    address = start(request)
    return [MenuItem(_("Audit log"), address)] if address else []


def start(request):
    """Whoever reads the log begins there."""
    if not request.user.has_perm("oberih_safeguarding.view_auditentry"):
        return None
    try:
        return reverse("oberih_safeguarding_auditentry:index")
    except NoReverseMatch:
        # A site without Wagtail's admin.
        return None
