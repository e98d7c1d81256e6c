"""A document has to be what its ending says, and must not do anything by itself when somebody opens it."""

import re
import zipfile
import zlib
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm

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
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>", re.IGNORECASE)
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
        archive = zipfile.ZipFile(file)
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        raise _mismatch() from None
    names = [member.filename for member in members]
    if (
        len(members) > MOST_MEMBERS
        or sum(member.file_size for member in members) > MOST_UNPACKED
        or len(set(names)) != len(names)
        or any(member.flag_bits & 0x1 for member in members)
        or any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name for name in names)
    ):
        raise _mismatch()
    return archive, names


def _read(archive, name):
    """A member, up to a limit of our own: the size that an archive names may be a lie."""
    try:
        with archive.open(name) as member:
            content = member.read(MOST_READ + 1)
    except (KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError):
        raise _mismatch() from None
    if len(content) > MOST_READ:
        raise _mismatch()
    return content


def _check_office(file, ending):
    archive, names = _opened(file)
    if _OFFICE[ending] not in names or "[Content_Types].xml" not in names:
        raise _mismatch()
    kinds = _read(archive, "[Content_Types].xml").lower()
    if b"macroenabled" in kinds or b"vbaproject" in kinds or any(_OFFICE_LIVELY.search(name) for name in names):
        raise _lively()
    for name in names:
        if name.endswith(".rels") and any(map(_fetches, _RELATION.findall(_read(archive, name)))):
            raise _lively()


def _fetches(relation):
    """Whether a part is fetched from elsewhere as soon as the file is opened, as a template or a picture can be."""
    said = relation.lower().replace(b"'", b'"')
    return b'targetmode="external"' in said and b'/hyperlink"' not in said


def _check_odf(file, ending):
    archive, names = _opened(file)
    if "mimetype" not in names or _read(archive, "mimetype").strip() != _ODF[ending]:
        raise _mismatch()
    if any(_ODF_LIVELY.search(name) for name in names):
        raise _lively()


def _check_text(content):
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(
            _("This text is not in UTF-8. Choose that encoding when you save it."), code="encoding"
        ) from None
    if b"\0" in content or _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise _mismatch()
