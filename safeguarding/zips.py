"""Zip archives that somebody uploaded, looked into without unpacking anything to the disk."""

import zipfile
import zlib


class DamagedError(Exception):
    """It is no archive that can be read, or holds more than it may."""


def opened(file):
    """(the archive, what it says of its members)"""
    try:
        archive = zipfile.ZipFile(file)
        return archive, archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        raise DamagedError from None


def read(archive, name, most):
    """A member, up to a limit of the caller's: the size that an archive names may be a lie."""
    try:
        with archive.open(name) as member:
            content = member.read(most + 1)
    except (KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError):
        raise DamagedError from None
    if len(content) > most:
        raise DamagedError
    return content
