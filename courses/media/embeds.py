"""Films that lie elsewhere. Nothing is asked of those hosts, neither by the site nor by a reader who does not press play."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from courses.conf import conf

# A film in the quality that a phone shows takes about this much; what it takes on a given line only its host knows.
MEGABYTES_A_MINUTE = 10


@dataclass(frozen=True)
class Embed:
    provider: str
    # Whose player it is, and where; both are shown or asked for only after a reader said so.
    host: str
    src: str
    # The film's own page, for whoever has no JavaScript.
    page: str


def read(address):
    """The film at this address, or None where it is none that a lesson may show."""
    parts = urlsplit(address or "")
    if parts.scheme != "https":
        return None
    for provider in (_youtube, _vimeo):
        embed = provider((parts.hostname or "").removeprefix("www."), parts)
        if embed is not None:
            return embed if embed.host in conf.EMBED_HOSTS else None
    return None


def _youtube(host, parts):
    if host == "youtu.be":
        key = parts.path[1:]
    elif host in {"youtube.com", "m.youtube.com", "youtube-nocookie.com"}:
        if parts.path == "/watch":
            key = parse_qs(parts.query).get("v", [""])[0]
        else:
            found = re.fullmatch(r"/(?:embed|shorts|live)/([^/]+)/?", parts.path)
            key = found[1] if found else ""
    else:
        return None
    if not re.fullmatch(r"[\w-]{11}", key, re.ASCII):
        return None
    player = "www.youtube-nocookie.com"
    return Embed(
        "YouTube",
        player,
        f"https://{player}/embed/{key}?enablejsapi=1&playsinline=1&rel=0",
        f"https://www.youtube.com/watch?v={key}",
    )


def _vimeo(host, parts):
    if host not in {"vimeo.com", "player.vimeo.com"}:
        return None
    found = re.fullmatch(r"/(?:video/)?(\d{1,12})(?:/([0-9a-f]{6,20}))?/?", parts.path)
    if not found:
        return None
    key, secret = found[1], found[2] or parse_qs(parts.query).get("h", [""])[0]
    if secret and not re.fullmatch(r"[0-9a-f]{6,20}", secret):
        return None
    return Embed(
        "Vimeo",
        "player.vimeo.com",
        f"https://player.vimeo.com/video/{key}?dnt=1" + (f"&h={secret}" if secret else ""),
        f"https://vimeo.com/{key}" + (f"/{secret}" if secret else ""),
    )
