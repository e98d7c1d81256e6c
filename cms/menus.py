from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms.models import SiteSettings
from courses.languages import reader, reader_url
from ui import kept
from ui.hooks import MenuItem, Part

PAGES = PagePermissionPolicy()
WRITING = {"add", "change", "publish"}


_menus = kept.Store(most=64)
_settings = kept.Store(most=1)


def pages(request):
    """Pages that editors marked "show in menus", below the front page in the reader's language."""
    return _menus.get(request, reader(request), lambda: _pages(request))


def _pages(request):
    site = Site.find_for_request(request)
    if site is None:
        return []
    locale = Locale.objects.filter(language_code=request.LANGUAGE_CODE).first() or Locale.get_default()
    home = site.root_page.get_translation_or_none(locale) or site.root_page
    marked = Page.objects.live().in_menu().child_of(home).order_by("path")
    return [MenuItem(page.title, reader_url(page, request)) for page in marked]


def editing(request):
    """For whoever may write pages; managers and auditors have other things to do in the admin."""
    address = start(request)
    if not address or not PAGES.user_has_any_permission(request.user, WRITING):
        return []
    return [MenuItem(_("Write and translate"), address)]


def start(request):
    """Whoever only writes begins where pages are written."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        return None
    return reverse("wagtailadmin_home")


def about(request):
    settings = _settings.get(request, "about", lambda: SiteSettings.load(request_or_site=request))
    if not settings.organisation_name:
        return None
    return Part("oberih/cms/_about.html", {"about": settings}, keep="about")
