"""Settings of this room, read when they are used, so that a test or a host site may override them."""

from django.conf import settings


class Conf:
    @property
    def SITE_NAME(self):
        """The words beside the mark in the header, and the end of each page's title."""
        return getattr(settings, "OBERIH_SITE_NAME", "Oberih")

    @property
    def LEAVE_URL(self):
        """Where "Leave this page" goes: a page that looks harmless to whoever stands behind the reader."""
        return getattr(settings, "OBERIH_LEAVE_URL", "https://www.google.com/search?q=weather")

    @property
    def PAGE_CACHE_SECONDS(self):
        """For how long a page is kept for visitors whom nobody knows; 0 keeps none."""
        return getattr(settings, "OBERIH_UI_PAGE_CACHE_SECONDS", 60)

    @property
    def PROCESSES(self):
        """How many processes serve or change this site: web workers, and one more for task workers."""
        return getattr(settings, "OBERIH_UI_PROCESSES", 1)


conf = Conf()
