"""The file itself: `manifest.json`, and what it names under `files/`, and nothing else."""

import hashlib
import io
import json
import stat
import zipfile

from django.utils.translation import gettext as _

from courses.exchange import manifest
from courses.exchange.assets import Packed
from courses.exchange.describing import describe
from courses.exchange.exceptions import ExchangeError
from safeguarding import zips

MANIFEST = "manifest.json"
MOST_MEMBERS = 4_000
MOST_MANIFEST = 30 * 1024 * 1024
MOST_MEMBER = 400 * 1024 * 1024
MOST_IN_ALL = 3 * 1024 * 1024 * 1024
# Words pack well, and so does a picture of one colour; what is packed closer than this is made to fill a disk.
MOST_RATIO = 200
# A file is the same to the byte as long as the course is.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def write(course_page, out):
    """Write the course of the page into the file `out`. Returns what could not be taken along, for the author."""
    packed = Packed()
    described = describe(course_page, packed)
    entries, files = packed.described()
    described["assets"] = entries
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True)
        archive.writestr(zipfile.ZipInfo(MANIFEST, LONG_AGO), text, zipfile.ZIP_DEFLATED)
        for path, file in files.items():
            with (
                file.storage.open(file.name) as opened,
                archive.open(_stored(path), "w", force_zip64=True) as member,
            ):
                for chunk in opened.chunks():
                    member.write(chunk)
    return sorted(packed.left_out)


def _stored(path):
    # Pictures, films and packages are packed already.
    info = zipfile.ZipInfo(path, LONG_AGO)
    info.compress_type = zipfile.ZIP_STORED
    return info


def _damaged():
    return ExchangeError(_("This file cannot be read as a course. Export it anew and try again."))


class Bundle:
    """A course in a file that was looked through: nothing is unpacked but what the manifest names, up to its size."""

    def __init__(self, file):
        try:
            self._archive, members = zips.opened(file)
        except zips.DamagedError:
            raise _damaged() from None
        self._check(members, file.seek(0, io.SEEK_END))
        self._members = {member.filename: member for member in members}
        try:
            content = json.loads(self._read(MANIFEST, MOST_MANIFEST))
        except (ValueError, RecursionError):
            raise _damaged() from None
        self.manifest = manifest.checked(content)
        self._files = {one["path"]: one for asset in self.manifest["assets"] for one in asset["files"].values()}
        if set(self._members) != {MANIFEST, *self._files}:
            raise _damaged()

    def _check(self, members, size):
        names = [member.filename for member in members]
        # Members that lie upon each other would unpack to many times what the file holds.
        if sum(member.compress_size for member in members) > size:
            raise _damaged()
        if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_IN_ALL:
            raise ExchangeError(_("This file is too large for a course."))
        for member in members:
            kind = stat.S_IFMT(member.external_attr >> 16)
            if (
                member.flag_bits & 0x1
                or kind not in {0, stat.S_IFREG}
                or member.is_dir()
                or member.file_size > MOST_MEMBER
                or member.file_size > 1024 + MOST_RATIO * member.compress_size
            ):
                raise _damaged()
        if len({name.lower() for name in names}) != len(names) or MANIFEST not in names:
            raise _damaged()

    def _read(self, name, most):
        try:
            return zips.read(self._archive, name, most)
        except zips.DamagedError:
            raise _damaged() from None

    def read(self, path):
        """A file's content, if it is what the manifest says of it."""
        said = self._files[path]
        content = self._read(path, min(said["size"], MOST_MEMBER))
        if len(content) != said["size"] or hashlib.sha256(content).hexdigest() != said["sha256"]:
            raise _damaged()
        return content

    def check_files(self):
        for path in self._files:
            self.read(path)
