from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    *i18n_patterns(
        path("", include("participants.urls")),
        path("", include("events.urls")),
    ),
]
