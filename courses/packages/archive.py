"""An archive that somebody uploaded, read without trusting a word of it.

    with open_checked(file, limits) as archive:
        for member in archive: ...

Everything is checked before the first member is seen: names, kinds, sizes as they are and not as they are said to be. What is
refused raises `ArchiveError`, a whole sentence that names the entry. Nothing is written anywhere.
"""

import stat
import struct
import unicodedata
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from courses.exceptions import CoursesError

CHUNK = 64 * 1024
# Below this size a text that repeats itself may well be packed better than any limit allows.
SMALL = 1024 * 1024
_LONGEST_NAME, _LONGEST_PART = 400, 200
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
}
# What operating systems leave in archives, and texts without an ending that nobody opens.
_LITTER = {".ds_store", "thumbs.db", "desktop.ini"}
_TEXTS = {"license", "licence", "copying", "notice", "authors", "readme", "changelog"}
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800


class ArchiveError(CoursesError):
    """The archive is refused; `code` says which check it failed."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Limits:
    archive: int
    """Bytes of the file itself."""
    total: int
    """Bytes of all members together, unpacked."""
    files: int
    ratio: int
    """How many times larger than packed a member, and all of them, may be."""
    extensions: frozenset
    """Endings of names that may be in it, in small letters and without the dot."""


@dataclass(frozen=True)
class Member:
    name: str
    size: int
    _info: zipfile.ZipInfo
    _archive: zipfile.ZipFile

    @property
    def extension(self):
        return PurePosixPath(self.name).suffix.lower().lstrip(".")

    def chunks(self):
        """The member's bytes, never more of them than its size."""
        with self._archive.open(self._info) as packed:
            while chunk := packed.read(CHUNK):
                yield chunk

    def read(self, limit=None):
        with self._archive.open(self._info) as packed:
            return packed.read(self.size if limit is None else limit)


class Archive:
    def __init__(self, members):
        self._members = {member.name: member for member in members}

    def __iter__(self):
        return iter(self._members.values())

    def __len__(self):
        return len(self._members)

    def __contains__(self, name):
        return name in self._members

    def __getitem__(self, name):
        return self._members[name]

    @property
    def size(self):
        return sum(member.size for member in self)


@contextmanager
def open_checked(file, limits):
    """The archive, once all of it is known to be harmless to unpack."""
    _check_directory(file, limits)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, ValueError, OSError, UnicodeError) as error:
        raise _unreadable() from error
    with archive:
        members = _checked_members(archive, limits)
        _check_layout(archive, file, members)
        _check_contents(members, limits)
        yield Archive(members)


def _unreadable():
    return ArchiveError(_("The file is not a zip archive, or it is damaged."), "unreadable")


def _check_directory(file, limits):
    """Look at the table at the end before zipfile makes an object of each of its rows."""
    size = file.seek(0, 2)
    if size > limits.archive:
        raise ArchiveError(
            _("The file is larger than %(limit)s.") % {"limit": filesizeformat(limits.archive)}, "archive"
        )
    start = max(0, size - 22 - 0xFFFF)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise _unreadable()
    count, length = (
        struct.unpack("<H", tail[at + 10 : at + 12])[0],
        struct.unpack("<L", tail[at + 12 : at + 16])[0],
    )
    if at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        at64 = at - 20 - 56
        if at64 < 0 or tail[at64 : at64 + 4] != b"PK\x06\x06":
            raise _unreadable()
        count, length = struct.unpack("<QQ", tail[at64 + 32 : at64 + 48])
    # Both are only said: a directory of so many bytes has no more rows than this, whatever the count is.
    if count > limits.files or length // 46 > limits.files * 8:
        raise _too_many(limits)
    file.seek(0)


def _too_many(limits):
    return ArchiveError(_("The archive holds more than %(limit)d files.") % {"limit": limits.files}, "files")


def _checked_members(archive, limits):
    infos = archive.infolist()
    if len(infos) > limits.files:
        raise _too_many(limits)
    seen, folders, members, total = {}, set(), [], 0
    for info in infos:
        name = _checked_name(info)
        _check_kind(info, name)
        key = unicodedata.normalize("NFC", name).casefold().rstrip("/")
        if key in seen:
            raise ArchiveError(_("“%(name)s” is in the archive twice.") % {"name": _shown(name)}, "duplicate")
        seen[key] = name
        parts = key.split("/")
        folders.update("/".join(parts[:depth]) for depth in range(1, len(parts)))
        if info.is_dir():
            if info.file_size:
                raise ArchiveError(
                    _("“%(name)s” is a folder with contents of its own.") % {"name": _shown(name)}, "folder"
                )
            continue
        total += info.file_size
        if total > limits.total:
            raise _too_large(limits)
        if info.file_size > SMALL and info.file_size > info.compress_size * limits.ratio:
            raise ArchiveError(
                _("“%(name)s” would become more than %(ratio)d times larger when unpacked.")
                % {"name": _shown(name), "ratio": limits.ratio},
                "ratio",
            )
        if _is_litter(name):
            continue
        member = Member(name, info.file_size, info, archive)
        if member.extension not in limits.extensions:
            raise ArchiveError(
                _("Files like “%(name)s” may not be in the archive.") % {"name": _shown(name)}, "extension"
            )
        members.append(member)
    for member in members:
        if unicodedata.normalize("NFC", member.name).casefold() in folders:
            raise ArchiveError(
                _("“%(name)s” is both a file and a folder.") % {"name": _shown(member.name)}, "duplicate"
            )
    packed = sum(info.compress_size for info in infos)
    if total > SMALL and total > packed * limits.ratio:
        raise ArchiveError(
            _("The archive would become more than %(ratio)d times larger when unpacked.")
            % {"ratio": limits.ratio},
            "ratio",
        )
    return members


def _too_large(limits):
    return ArchiveError(
        _("Unpacked, the files are larger than %(limit)s together.") % {"limit": filesizeformat(limits.total)},
        "total",
    )


def _shown(name):
    """A name as it can be printed in a sentence, whatever it holds."""
    printable = "".join(one if one.isprintable() else "�" for one in name)
    return printable if len(printable) <= 120 else f"{printable[:117]}…"


def _checked_name(info):
    name = info.orig_filename
    if not info.flag_bits & _UTF8 and not name.isascii():
        # Some programs write UTF-8 without saying so; what is neither cannot be what the package's pages refer to.
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            raise ArchiveError(
                _("The name “%(name)s” is not written in UTF-8. Make the archive anew with UTF-8 names.")
                % {"name": _shown(name)},
                "encoding",
            ) from None
    if not _is_safe(name):
        raise ArchiveError(
            _("The name “%(name)s” cannot be trusted: it may lead out of the package’s folder.")
            % {"name": _shown(name)},
            "name",
        )
    return name


def _is_safe(name):
    if not name or len(name) > _LONGEST_NAME or any(one in name for one in "\\:\0"):
        return False
    # Controls, and what makes a name look like another one (turns of direction, marks without width).
    if any(unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for one in name):
        return False
    parts = name.removesuffix("/").split("/")
    return all(
        part not in {"", ".", ".."}
        and len(part.encode()) <= _LONGEST_PART
        and part == part.strip()
        and not part.endswith(".")
        and part.split(".")[0].lower() not in _RESERVED
        for part in parts
    )


def _check_kind(info, name):
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveError(_("“%(name)s” is encrypted.") % {"name": _shown(name)}, "encrypted")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ArchiveError(
            _("“%(name)s” is packed in a way that is not supported. Make the archive anew as a plain zip file.")
            % {"name": _shown(name)},
            "method",
        )
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR} or (kind == stat.S_IFDIR) > info.is_dir():
        raise ArchiveError(_("“%(name)s” is a link, not a file.") % {"name": _shown(name)}, "link")


def _is_litter(name):
    parts = name.lower().split("/")
    return "__macosx" in parts or parts[-1] in _LITTER or parts[-1] in _TEXTS


def _check_layout(archive, file, members):
    """No two entries may share bytes: that is how a small archive holds a large file a thousand times."""
    before = 0
    for info in sorted(archive.infolist(), key=lambda one: one.header_offset):
        if info.header_offset < before:
            raise ArchiveError(
                _("“%(name)s” lies over another file in the archive.") % {"name": _shown(info.filename)}, "overlap"
            )
        file.seek(info.header_offset)
        header = file.read(30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise _unreadable()
        name, extra = struct.unpack("<HH", header[26:30])
        before = info.header_offset + 30 + name + extra + info.compress_size
    if before > archive.start_dir:
        raise ArchiveError(_("A file lies over the archive’s own table of contents."), "overlap")


def _check_contents(members, limits):
    """Read everything once and count: sizes and checksums in the table are only claims."""
    total = 0
    for member in members:
        size = 0
        try:
            for chunk in member.chunks():
                size += len(chunk)
                total += len(chunk)
                if total > limits.total:
                    raise _too_large(limits)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, NotImplementedError) as error:
            raise _damaged(member) from error
        if size != member.size:
            raise _damaged(member)


def _damaged(member):
    return ArchiveError(
        _("“%(name)s” is damaged, or not as large as the archive says.") % {"name": _shown(member.name)}, "damaged"
    )
