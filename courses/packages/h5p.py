"""H5P is played with files that are not ours to hand out (GPL): whoever runs the site puts them into a folder."""

from pathlib import Path

from courses.conf import conf

ITEM = "h5p"
_NEEDED = ("main.bundle.js", "frame.bundle.js", "styles/h5p.css")


def folder():
    return Path(conf.H5P_DIR) if conf.H5P_DIR else None


def is_available():
    return folder() is not None and all((folder() / name).is_file() for name in _NEEDED)
