from django import template
from django.utils.translation import gettext as _

register = template.Library()

# In this order: most browsers claim to be several, and the last claim of each is the true one.
_BROWSERS = (
    ("Firefox/", "Firefox"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.simple_tag
def session_browser(session):
    """What somebody would call the browser of a session; what a browser says of itself is for machines."""
    browser, system = (
        next((name for mark, name in known if mark in session.user_agent), None) for known in (_BROWSERS, _SYSTEMS)
    )
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")
