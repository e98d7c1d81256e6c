"""In front of Wagtail's addresses, for a site that wants the pages of courses fast; see `courses.serving`."""

from django.urls import re_path
from wagtail.urls import serve_pattern

from courses.serving import serve

# Wagtail has views of its own below `_util/`. The name is Wagtail's, too, by which an address is put into other languages.
urlpatterns = [re_path("^(?!_util/)" + serve_pattern.removeprefix("^"), serve, name="wagtail_serve")]
