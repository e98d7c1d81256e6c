"""A document has to be what its ending says, and must not do anything by itself when somebody opens it."""

import io
import re
import zlib
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import iterparse
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm

from courses.media import captions
from safeguarding import zips

MOST_MEMBERS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_READ = 16 * 1024 * 1024

_OFFICE = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".pptx": "ppt/presentation.xml",
}
_ODF = {".odt": b"application/vnd.oasis.opendocument.text"}
_TEXT = {".csv", ".txt"}

# Parts that run, or that carry another file along.
_OFFICE_LIVELY = re.compile(r"vbaproject|vbadata|activex|/embeddings/|/macrosheets/|oleobject", re.IGNORECASE)
_ODF_LIVELY = re.compile(r"^(basic|scripts|object)[^/]*/", re.IGNORECASE)
_ODF_SAYING = {"content.xml", "styles.xml", "settings.xml"}
_ODF_RUNNING = {"event-listener", "script", "dde-source", "dde-connection-decl"}
# The two kinds of relation that nothing follows until somebody clicks.
_LINKS = {
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/hyperlink",
}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_CLICKABLE = {"http", "https", "mailto", "tel"}
_PDF_LIVELY = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToR|GoToE|Encrypt)(?![A-Za-z0-9])"
)
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_STREAM = re.compile(rb"stream\r?\n")
_MARKUP = re.compile(rb"\s*<(!doctype|html|\?xml|svg|script|body|iframe)", re.IGNORECASE)


class DocumentForm(BaseDocumentForm):
    def clean_file(self):
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            check(file)
            file.seek(0)
        return file


def check(file):
    """Raise ValidationError for a file that is not what its name says, or that would run something."""
    ending = Path(file.name).suffix.lower()
    file.seek(0)
    if ending == ".pdf":
        _check_pdf(file.read())
    elif ending in _OFFICE:
        _check_office(file, ending)
    elif ending in _ODF:
        _check_odf(file, ending)
    elif ending == ".vtt":
        captions.parse(file.read(captions.MOST_BYTES + 1))
    elif ending in _TEXT:
        _check_text(file.read())
    else:
        raise ValidationError(_("Files of this kind cannot be uploaded."), code="kind")


def _mismatch():
    return ValidationError(_("What is in this file is not what its name says."), code="mismatch")


def _lively():
    return ValidationError(
        _("This file holds macros, scripts or other files. Save a copy without them and upload that."),
        code="lively",
    )


def _check_pdf(content):
    if not content.startswith(b"%PDF-"):
        raise _mismatch()
    if _PDF_LIVELY.search(_spelled_out(content)) or any(
        _PDF_LIVELY.search(_spelled_out(packed)) for packed in _packed_objects(content)
    ):
        raise _lively()
    if b"/AcroForm" in content and b"/XFA" in content:
        raise _lively()


def _spelled_out(content):
    """With names as a reader of the file takes them: any letter may be written as its number."""
    return _PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)


def _packed_objects(content):
    """What streams of objects hold. One that cannot be unpacked cannot be judged, so the file is refused."""
    left = MOST_READ
    for found in _PDF_STREAM.finditer(content):
        said = _spelled_out(content[content.rfind(b"obj", 0, found.start()) : found.start()])
        if b"/ObjStm" not in said:
            continue
        try:
            unpacked = zlib.decompressobj().decompress(content[found.end() :], left)
        except zlib.error:
            raise _lively() from None
        left -= len(unpacked)
        if left <= 0:
            raise _lively()
        yield unpacked


def _opened(file):
    """The archive, if what it says of itself is within reason. Nothing is ever unpacked to the disk."""
    try:
        archive, members = zips.opened(file)
    except zips.DamagedError:
        raise _mismatch() from None
    names = [member.filename for member in members]
    if (
        len(members) > MOST_MEMBERS
        or sum(member.file_size for member in members) > MOST_UNPACKED
        or len({name.lower() for name in names}) != len(names)
        or any(member.flag_bits & 0x1 for member in members)
        or any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name for name in names)
    ):
        raise _mismatch()
    return archive, names


def _read(archive, name):
    try:
        return zips.read(archive, name, MOST_READ)
    except zips.DamagedError:
        raise _mismatch() from None


def _check_office(file, ending):
    archive, names = _opened(file)
    if _OFFICE[ending] not in names or "[Content_Types].xml" not in names:
        raise _mismatch()
    kinds = [part for element in _elements(archive, "[Content_Types].xml") for part in _said(element)]
    if any("macroenabled" in part or "vbaproject" in part for part in kinds):
        raise _lively()
    if any(_OFFICE_LIVELY.search(name) for name in names):
        raise _lively()
    for name in names:
        if name.lower().endswith(".rels") and any(map(_fetches, _elements(archive, name))):
            raise _lively()


def _elements(archive, name):
    """Each element of a part, as a reader of the file takes it. One that cannot be read cannot be judged."""
    try:
        for _event, element in iterparse(io.BytesIO(_read(archive, name)), forbid_dtd=True):
            yield element
            # A large part would take many times its size.
            element.clear()
    except (ParseError, ValueError, LookupError):
        # Also what is forbidden, as entities are, and an encoding that nobody knows.
        raise _mismatch() from None


def _said(element):
    return [part.lower() for part in (element.text or "", *element.attrib.values())]


def _local(name):
    return name.rpartition("}")[2].lower()


def _attributes(element):
    # Without white space, as some readers take addresses.
    return {_local(name): "".join(value.split()) for name, value in element.attrib.items()}


def _fetches(relation):
    """Whether a part is fetched from elsewhere as soon as the file is opened, as a template or a picture can be."""
    said = _attributes(relation)
    target = said.get("target", "")
    if said.get("targetmode", "internal").lower() == "internal" and not _is_elsewhere(target):
        return False
    return relation.get("Type") not in _LINKS or not _may_be_clicked(target)


def _is_elsewhere(address):
    return bool(_SCHEME.match(address.lower())) or address.startswith(("//", "\\"))


def _may_be_clicked(address):
    """Whether a link leads to a page or a mailbox, or stays in the document; others start programs or ask machines."""
    scheme = _SCHEME.match(address.lower())
    return scheme[1] in _CLICKABLE if scheme else not _is_elsewhere(address)


def _check_odf(file, ending):
    archive, names = _opened(file)
    if "mimetype" not in names or _read(archive, "mimetype").strip() != _ODF[ending]:
        raise _mismatch()
    if any(_ODF_LIVELY.search(name) for name in names):
        raise _lively()
    for name in names:
        if name.lower().rpartition("/")[2] in _ODF_SAYING and any(map(_runs_or_fetches, _elements(archive, name))):
            raise _lively()


def _runs_or_fetches(element):
    name, address = _local(element.tag), _attributes(element).get("href", "")
    if name in _ODF_RUNNING:
        return True
    if name == "a":
        return not _may_be_clicked(address)
    # Addresses begin inside of the archive here: one step up is the folder where the document lies.
    return _is_elsewhere(address) or address.startswith(("/", ".."))


def _check_text(content):
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            _("This text is not in UTF-8. Choose that encoding when you save it."), code="encoding"
        ) from None
    if b"\0" in content or _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise _mismatch()
