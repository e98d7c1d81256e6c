"""A site whose one page fails."""

from django.urls import path


def broken(request):
    raise RuntimeError("nobody thought of this")


urlpatterns = [path("broken/", broken)]
