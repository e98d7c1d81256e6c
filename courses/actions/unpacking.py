"""From an uploaded archive to a folder that can be played. Each step may be repeated, and no crash leaves more than a row's
promise to clean up."""

import secrets
import tempfile
from datetime import timedelta

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.conf import conf
from courses.exceptions import CoursesError
from courses.models import Package, PackageState
from courses.packages import contents
from courses.packages.archive import Limits, open_checked
from courses.packages.origin import LONGEST_SECONDS
from courses.packages.storage import delete_folder, private


def limits():
    return Limits(
        archive=conf.PACKAGE_MAX_SIZE,
        total=conf.PACKAGE_MAX_UNPACKED,
        files=conf.PACKAGE_MAX_FILES,
        ratio=conf.PACKAGE_MAX_RATIO,
        extensions=conf.PACKAGE_EXTENSIONS,
    )


def check_package(pk, *, language=""):
    """Look at an uploaded file and unpack it, or say why not. Returns whether the package is ready now.

    The author reads the sentences: they are in the language they upload in.
    """
    package = Package.objects.filter(pk=pk, state=PackageState.UPLOADED).first()
    if package is None:
        return False
    with override(language or None):
        try:
            with private().open(package.file.name) as file, open_checked(file, limits()) as archive:
                return _unpack(package, archive, contents.read(archive))
        except FileNotFoundError:
            return _refuse(package, _("The uploaded file is gone. Upload it again."))
        except CoursesError as error:
            return _refuse(package, str(error))


def _current(package):
    """The row, if it is still this very file that waits: somebody may have uploaded another, or another worker was faster."""
    return Package.objects.filter(pk=package.pk, state=PackageState.UPLOADED, file=package.file.name)


def _refuse(package, sentence):
    _current(package).update(state=PackageState.REFUSED, errors=[sentence])
    return False


def _unpack(package, archive, found):
    # A folder that is promised to be deleted before the first file is in it.
    folder = f"packages/{package.uuid}/{secrets.token_hex(16)}"
    _retire(package.pk, folder, is_folder=True)
    files = private()
    try:
        for member in archive:
            name = f"{folder}/{member.name}"
            with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as copy:
                for chunk in member.chunks():
                    copy.write(chunk)
                copy.seek(0)
                if files.save(name, File(copy, name)) != name:
                    raise OSError(f"{name} could not be stored under its name")
    except BaseException:
        delete_folder(folder)
        _forget(package.pk, {folder})
        raise
    with transaction.atomic():
        row = _current(package).select_for_update().first()
        if row is None:
            delete_folder(folder)
            _forget(package.pk, {folder})
            return False
        row.retired = [one for one in row.retired if one["path"] != folder]
        if row.folder:
            row.retired.append(_entry(row.folder, is_folder=True))
        row.folder, row.kind, row.items = folder, found.kind, found.items
        row.title = row.title or found.title
        row.language = row.language or found.language
        row.errors, row.warnings = [], found.warnings
        row.file_count, row.size = len(archive), archive.size
        row.state = PackageState.READY
        row.save()
    return True


def _entry(path, *, is_folder):
    return {"path": path, "is_folder": is_folder, "at": timezone.now().isoformat()}


@transaction.atomic
def _retire(pk, path, *, is_folder):
    package = Package.objects.select_for_update().get(pk=pk)
    package.retired = [*package.retired, _entry(path, is_folder=is_folder)]
    package.save(update_fields=["retired"])


def replace_file(package, old_name):
    """Another file was uploaded for the package: look at it, and delete the old one when it is no use any more."""
    _retire(package.pk, old_name, is_folder=False)


@transaction.atomic
def _forget(pk, paths):
    package = Package.objects.select_for_update().filter(pk=pk).first()
    if package is not None:
        package.retired = [one for one in package.retired if one["path"] not in paths]
        package.save(update_fields=["retired"])


def delete_retired(*, now=None):
    """Delete what was replaced so long ago that no page can still be reading it. Returns how many folders and files."""
    before = (now or timezone.now()) - timedelta(seconds=LONGEST_SECONDS)
    done = 0
    for package in Package.objects.exclude(retired=[]).only("pk", "retired", "folder", "file"):
        due = [one for one in package.retired if parse_datetime(one["at"]) < before]
        for one in due:
            delete_folder(one["path"]) if one["is_folder"] else private().delete(one["path"])
        if due:
            _forget(package.pk, {one["path"] for one in due})
        done += len(due)
    return done


def delete_files(package):
    """What the files of a package that was deleted leave."""
    private().delete(package.file.name)
    delete_folder(f"packages/{package.uuid}")
