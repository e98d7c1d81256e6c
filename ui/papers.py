"""What papers of all rooms are printed with: HTML of a template in, PDF out, in our own fonts. Nothing is fetched from the
network or the disk while a page is drawn."""

import atexit
import functools
import logging
import os
from pathlib import Path
from types import SimpleNamespace

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent / "paper_fonts"
ALL = tuple(sorted(path.stem for path in FONTS.glob("*.ttf")))


def font(name):
    return TTFont(FONTS / f"{name}.ttf", lazy=True)


@functools.cache
def characters():
    """All that the fonts can print: anything else would be a box."""
    found = {" "}
    for name in ALL:
        with font(name) as face:
            found.update(map(chr, face.getBestCmap()))
    return frozenset(found)


def engine(css, assets=None):
    """WeasyPrint with our fonts and the style sheet `css`: `HTML`, `css`, `font_config`, `fetcher`. Keep it: making it is
    most of the cost of a paper.

    `assets` maps names to (bytes, type); the page names them, and the fonts, as `asset:name`. Imported here, since web
    processes that never print need not pay for it. The fonts' configuration must be named before that import, and must
    hold a font: with none at all the library below ends the process.
    """
    # It tells every step of every page, from its import on, at the level that sites log.
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    os.environ.setdefault("FONTCONFIG_FILE", str(FONTS / "fonts.conf"))
    import weasyprint  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    held = {**(assets or {}), **{path.name: (path.read_bytes(), "font/ttf") for path in FONTS.glob("*.ttf")}}

    class LockedFetcher(URLFetcher):
        """Answers from memory, and data in the page itself; everything else is refused, files and redirects included."""

        def __init__(self):
            super().__init__(allowed_protocols=("data",), allow_redirects=False)

        def fetch(self, url, headers=None):
            scheme, _colon, name = url.partition(":")
            if scheme == "asset":
                if name not in held:
                    raise ValueError(f"There is no asset {name!r}.")
                body, kind = held[name]
                return URLFetcherResponse(url, body, {"Content-Type": kind})
            if scheme != "data" or len(url) > 100_000:
                raise ValueError("Papers fetch nothing.")
            return super().fetch(url, headers)

    fetcher = LockedFetcher()
    font_config = FontConfiguration()
    sheet = weasyprint.CSS(string=css, font_config=font_config, url_fetcher=fetcher, base_url="asset:")
    return SimpleNamespace(HTML=weasyprint.HTML, css=sheet, font_config=font_config, fetcher=fetcher)


def kept(make):
    """`make`, an engine, once a process. Its clean-up needs modules that are gone when the interpreter ends."""
    once = functools.cache(make)
    atexit.register(once.cache_clear)
    return once
