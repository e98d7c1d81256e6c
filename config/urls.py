from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.templatetags.static import static as static_url
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

# What asks without having read a page, such as a reader of feeds or a browser that shows a picture alone. Looked up when
# it is asked for: where names hold a digest, they are known no earlier.
icon = lazy(static_url, str)("oberih/ui/mark.svg")

# One log-in for the whole site: these would take a password and ask for nothing else. Wagtail's for private pages
# stands wherever its pages do, so it is closed in front of them, too.
to_login = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=icon)),
    path("admin/login/", to_login),
    path("_util/login/", to_login),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("ui.root_urls")),
    path("", include("certificates.short_urls", namespace="oberih_certificates_short")),
    *(static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT) if settings.DEBUG else []),
    *i18n_patterns(
        path("accounts/", include("accounts.urls")),
        path("accounts/", include("allauth.urls")),
        path("", include("ui.urls")),
        path("", include("safeguarding.urls")),
        path("", include("participants.urls")),
        path("", include("notifications.urls")),
        path("learn/", include("courses.urls")),
        path("", include("events.urls")),
        path("registers/", include("attendance.urls")),
        path("", include("certificates.urls")),
        path("", include("reporting.urls")),
        path("_util/login/", to_login),
        path("", include("courses.page_urls")),
        path("", include(wagtail_urls)),
    ),
]
