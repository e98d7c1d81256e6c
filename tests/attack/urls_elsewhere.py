"""The site with Wagtail's admin below the language, under another name."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from config.urls import urlpatterns as site

urlpatterns = [
    *i18n_patterns(path("back-office/", include(wagtailadmin_urls))),
    *(entry for entry in site if str(entry.pattern) != "admin/"),
]
