"""A certificate's paper: snapshot in, PDF out. The same snapshot gives the same bytes, today and in ten years, as long
as the libraries stay; nothing is fetched from the network or the disk while a page is drawn."""

import functools
import unicodedata
from pathlib import Path

import segno
from django.template.loader import render_to_string
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from certificates.exceptions import PaperError
from ui import papers

TEMPLATE_VERSION = 1

_HERE = Path(__file__).resolve().parent
_PAPER = _HERE / "paper"
_DISPLAY = ("NotoSerif-Bold", "NotoNaskhArabic-Bold")
# The width between the margins, in points, and the sizes that are tried in it.
_LINE = 227 * 72 / 25.4
_NAME_SIZES = range(40, 17, -1)
_TITLE_SIZES = range(24, 11, -1)

_UA = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    b"<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


def render(snapshot):
    """The PDF of a certificate, tagged (PDF/UA-1) and made to last (PDF/A-3a). Raises PaperError."""
    name, latin_name = clean(snapshot["name"]), clean(snapshot.get("latin_name", ""))
    title, title_en = clean(snapshot["title"]), clean(snapshot.get("title_en", ""))
    check(snapshot)
    html = render_to_string(
        "oberih/certificates/paper.html",
        {
            "language": snapshot["language"],
            "dir": "rtl" if get_language_info(snapshot["language"])["bidi"] else "ltr",
            "number": snapshot["number"],
            "issuer": clean(snapshot["issuer"]),
            "created": f"{snapshot['issued_on']}T00:00:00Z",
            "paper": snapshot["paper"],
            "name": name,
            "latin_name": latin_name if latin_name != name else "",
            "title": title,
            "title_en": title_en if title_en != title else "",
            # Text, so that no locale writes a comma into the style.
            "name_size": str(_size(name, _NAME_SIZES, lines=1)),
            "title_size": str(_size(title, _TITLE_SIZES, lines=2)),
            "qr": qr(snapshot["verify_url"]),
            "shown_url": snapshot["verify_url"].split("://", 1)[-1],
        },
    )
    engine = _engine()
    document = engine.HTML(string=html, url_fetcher=engine.fetcher, base_url="asset:").render(
        stylesheets=[engine.css], font_config=engine.font_config, pdf_variant="pdf/a-3a"
    )
    plain = document.metadata.generate_rdf_metadata
    document.metadata.generate_rdf_metadata = lambda *args: plain(*args).replace(
        b"</rdf:RDF>", _UA + b"</rdf:RDF>"
    )
    return document.write_pdf(pdf_variant="pdf/a-3a")


def qr(url):
    """`url` as a PNG of one pixel a module: drawn in a fraction of the time that an SVG of it takes."""
    return segno.make(url, error="m", micro=False, mask=3).png_data_uri(scale=1, border=0)


def clean(text):
    """`text` composed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def check(snapshot):
    """Raise PaperError for what the fonts cannot print: a box on a certificate is worse than a late one."""
    paper = snapshot["paper"]
    printed = [snapshot["name"], snapshot.get("latin_name", ""), snapshot["title"], snapshot.get("title_en", "")]
    printed += [
        snapshot["issuer"],
        paper["heading"],
        paper["given_to"],
        paper["did"],
        paper["took"],
        paper["check"],
    ]
    printed += [value for fact in [*paper["facts"], *paper["foot"]] for value in fact]
    if not clean(snapshot["name"]):
        raise PaperError(_("There is no name to print."))
    if width(clean(snapshot["title"]), _TITLE_SIZES[-1]) > 4 * _LINE:
        raise PaperError(_("The title is too long for a certificate."))
    known = papers.characters()
    strange = sorted({char for text in printed for char in clean(text)} - known)
    if strange:
        named = ", ".join(
            f"{char if char.isprintable() else ''} U+{ord(char):04X}".strip() for char in strange[:5]
        )
        raise PaperError(_("The fonts of certificates have no sign for %(characters)s.") % {"characters": named})


def width(text, size):
    """How wide `text` is in the display face at `size` points, in points: no kerning, so never too small."""
    total = 0
    for char in text:
        for advances, units in _advances():
            if char in advances:
                total += advances[char] / units
                break
    return total * size


def _size(text, sizes, *, lines):
    """The largest size at which `text` fits the given number of lines, or the smallest there is, which may wrap."""
    # A line is broken between words, so a part of each is lost to the margin.
    room = _LINE * lines * (0.9 if lines > 1 else 1)
    return next((size for size in sizes if width(text, size) <= room), sizes[-1])


@functools.cache
def _advances():
    out = []
    for name in _DISPLAY:
        with papers.font(name) as font:
            metrics = font["hmtx"]
            advances = {chr(code): metrics[glyph][0] for code, glyph in font.getBestCmap().items()}
            out.append((advances, font["head"].unitsPerEm))
    return out


@papers.kept
def _engine():
    border = (_PAPER / "border.svg").read_bytes()
    mirrored = border.replace(b"<g>", b'<g transform="translate(297) scale(-1 1)">')
    return papers.engine(
        (_PAPER / "paper.css").read_text(),
        {"border.svg": (border, "image/svg+xml"), "border-rtl.svg": (mirrored, "image/svg+xml")},
    )
