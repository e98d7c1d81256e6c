"""Settings of this room, read when they are used, so that a test or a host site may override them."""

from django.conf import settings


class Conf:
    @property
    def EMBED_HOSTS(self):
        """Hosts whose players a lesson may show in a frame once a reader asks for it; none shows none."""
        return getattr(settings, "OBERIH_COURSES_EMBED_HOSTS", ["www.youtube-nocookie.com", "player.vimeo.com"])

    @property
    def MEDIA_MAX_MB(self):
        """How large a video or an audio may be that somebody uploads, in megabytes."""
        return getattr(settings, "OBERIH_COURSES_MEDIA_MAX_MB", 200)


conf = Conf()
