"""What an uploaded archive is and what in it can be launched, with the warnings that its author should read."""

import json
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from courses.exceptions import CoursesError
from courses.models import PackageKind
from courses.packages import h5p, manifest, reports


class ContentsError(CoursesError):
    pass


@dataclass(frozen=True)
class Contents:
    kind: str
    title: str
    items: list
    language: str = ""
    warnings: list = field(default_factory=list)


def read(archive):
    if "h5p.json" in archive:
        return _h5p(archive)
    base = _manifest_folder(archive)
    found = manifest.read(archive[f"{base}{manifest.NAME}"].read(manifest.LARGEST + 1), _names(archive), base)
    is_reporting, opens_windows = reports.scan(archive)
    warnings = []
    if not is_reporting and any(item["type"] == "sco" for item in manifest.launchable(found.items)):
        warnings.append(
            _(
                "No script in the package sets a status, so it can never report that somebody completed it. "
                "A lesson that is completed by this package will stay open for everybody."
            )
        )
    if found.has_sequencing:
        warnings.append(
            _(
                "The package has rules about the order of its parts. They are not followed: every part can be opened."
            )
        )
    if opens_windows:
        warnings.append(
            _("The package opens new windows. That is not allowed to packages, so such links may do nothing.")
        )
    return Contents(found.kind, found.title, found.items, warnings=warnings)


def _names(archive):
    return {member.name for member in archive}


def _manifest_folder(archive):
    """Where the manifest lies: at the root, or in the only folder there is because somebody packed that."""
    names = _names(archive)
    if manifest.NAME in names:
        return ""
    found = [name for name in names if re.fullmatch(rf"[^/]+/{re.escape(manifest.NAME)}", name, re.IGNORECASE)]
    folders = {name.split("/")[0] for name in names}
    if len(found) == 1 and len(folders) == 1 and found[0].endswith(manifest.NAME):
        return found[0].removesuffix(manifest.NAME)
    raise ContentsError(_why_not(names, found))


def _why_not(names, found):
    if found:
        return _(
            "“imsmanifest.xml” lies in the folder “%(folder)s” and not at the top of the archive. "
            "Pack the contents of that folder, not the folder."
        ) % {"folder": min(found).rpartition("/")[0][:100]}
    ending = {name.rpartition("/")[2].lower() for name in names}
    if ending & {"cmi5.xml", "tincan.xml"}:
        return _(
            "This is a package for xAPI or cmi5, which are not supported. Export it as SCORM 1.2 or SCORM 2004."
        )
    return _(
        "The archive is neither a SCORM package (there is no “imsmanifest.xml” in it) nor an H5P package (no “h5p.json”)."
    )


def _h5p(archive):
    if not h5p.is_available():
        raise ContentsError(
            _(
                "This site cannot play H5P: whoever runs it has not added the files for that. "
                "Export the contents as SCORM, or ask them."
            )
        )
    try:
        about = json.loads(archive["h5p.json"].read(1024 * 1024))
        library, title = about["mainLibrary"], about.get("title")
        libraries = about["preloadedDependencies"]
        versions = [
            f"{one['machineName']}-{int(one['majorVersion'])}.{int(one['minorVersion'])}" for one in libraries
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ContentsError(_("“h5p.json” does not say what the package is made of.")) from error
    if "content/content.json" not in archive:
        raise ContentsError(_("The H5P package has no “content/content.json”, so there is nothing to show."))
    missing = [one for one in versions if f"{one}/library.json" not in archive]
    if missing:
        raise ContentsError(
            _(
                "The H5P package comes without its libraries (“%(library)s” is missing). "
                "Download it from where it was made, with libraries."
            )
            % {"library": missing[0]}
        )
    title = str(title or library)[:500]
    language = str(about.get("language") or "")
    return Contents(
        PackageKind.H5P,
        title,
        [{"id": h5p.ITEM, "title": title, "href": "h5p.json", "type": "sco", "children": []}],
        language=language
        if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", language) and language != "und"
        else "",
    )
