"""Whether a package will ever say that somebody completed it, as far as its scripts tell."""

_SCRIPTS = {"js", "mjs", "html", "htm", "xhtml"}
_LARGEST_SCRIPT = 8 * 1024 * 1024
_STATUSES = (b"lesson_status", b"completion_status", b"success_status")
_WINDOWS = (b"window.open(", b'target="_blank"', b"target='_blank'", b'"_blank"')


def scan(archive):
    """(whether a script names a status, whether one opens a window)."""
    reports = opens = False
    for member in archive:
        if member.extension not in _SCRIPTS:
            continue
        text = member.read(_LARGEST_SCRIPT)
        reports = reports or any(status in text for status in _STATUSES)
        opens = opens or any(window in text for window in _WINDOWS)
        if reports and opens:
            break
    return reports, opens
