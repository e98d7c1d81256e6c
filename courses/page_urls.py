"""In front of Wagtail's addresses, for a site that wants the pages of courses fast; see `courses.serving`."""

from django.urls import re_path
from wagtail.urls import serve_pattern

from courses.serving import serve

# Wagtail has views of its own below `_util/`. The name is what an address is put into other languages by.
urlpatterns = [re_path("^(?!_util/)" + serve_pattern.removeprefix("^"), serve, name="oberih_courses_page")]
