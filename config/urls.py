from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls

urlpatterns = [
    path("cms/", include(admin_urls)),
    path("accounts/", include("allauth.urls")),
    *i18n_patterns(
        path("", include("participants.urls")),
        path("learn/", include("courses.urls")),
        path("", include("events.urls")),
        path("", include(wagtail_urls)),
    ),
]
