from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("certificates.short_urls")),
    *i18n_patterns(
        path("", include("participants.urls")),
        path("", include("attendance.urls")),
        path("", include("certificates.urls")),
        prefix_default_language=True,
    ),
]
