"""Settings of this room, read when they are used, so that a test or a host site may override them."""

from django.conf import settings

_MIB = 1024 * 1024
_EXTENSIONS = [
    "html",
    "htm",
    "xhtml",
    "css",
    "js",
    "mjs",
    "json",
    "map",
    "xml",
    "xsd",
    "dtd",
    "txt",
    "md",
    "csv",
    "vtt",
    "srt",
    "svg",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "avif",
    "bmp",
    "ico",
    "cur",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "mp3",
    "m4a",
    "aac",
    "ogg",
    "oga",
    "opus",
    "wav",
    "mp4",
    "m4v",
    "webm",
    "ogv",
    "pdf",
    "wasm",
    "swf",
]


class Conf:
    @property
    def EMBED_HOSTS(self):
        """Hosts whose players a lesson may show in a frame once a reader asks for it; none shows none."""
        return getattr(settings, "OBERIH_COURSES_EMBED_HOSTS", ["www.youtube-nocookie.com", "player.vimeo.com"])

    @property
    def MEDIA_MAX_MB(self):
        """How large a video or an audio may be that somebody uploads, in megabytes."""
        return getattr(settings, "OBERIH_COURSES_MEDIA_MAX_MB", 200)

    @property
    def PACKAGE_ORIGIN(self):
        """Where packages are served, on a host name of their own; empty: nowhere, packages are off.

        On an address of this machine the port may be left out: it is then that of the site.
        """
        return getattr(settings, "OBERIH_COURSES_PACKAGE_ORIGIN", "").rstrip("/")

    @property
    def PACKAGE_FOREIGN_ORIGINS(self):
        """What packages may load from elsewhere, as in a player of videos; out of the box nothing."""
        return tuple(getattr(settings, "OBERIH_COURSES_PACKAGE_FOREIGN_ORIGINS", ()))

    @property
    def PACKAGE_MAX_SIZE(self):
        return getattr(settings, "OBERIH_COURSES_PACKAGE_MAX_SIZE", 200 * _MIB)

    @property
    def PACKAGE_MAX_UNPACKED(self):
        return getattr(settings, "OBERIH_COURSES_PACKAGE_MAX_UNPACKED", 600 * _MIB)

    @property
    def PACKAGE_MAX_FILES(self):
        return getattr(settings, "OBERIH_COURSES_PACKAGE_MAX_FILES", 5000)

    @property
    def PACKAGE_MAX_RATIO(self):
        return getattr(settings, "OBERIH_COURSES_PACKAGE_MAX_RATIO", 100)

    @property
    def PACKAGE_EXTENSIONS(self):
        """Endings of files that may be in a package, in small letters and without the dot."""
        return frozenset(getattr(settings, "OBERIH_COURSES_PACKAGE_EXTENSIONS", _EXTENSIONS))

    @property
    def H5P_DIR(self):
        """The folder with the files of h5p-standalone, which the deployer brings; empty: no H5P."""
        return getattr(settings, "OBERIH_COURSES_H5P_DIR", "")


conf = Conf()
