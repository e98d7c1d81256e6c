from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *i18n_patterns(
        *(path(f"{room}/", include(f"{room}.urls")) for room in settings.ROOMS if find_spec(f"{room}.urls")),
        *([path("", include("courses.page_urls"))] if "courses" in settings.ROOMS else []),
        path("", include(wagtail_urls)),
    ),
]
