"""What `imsmanifest.xml` says can be launched: SCORM 1.2 and 2004, told apart by their true namespaces.

Elements are found by their local names, since half of the tools there are write wrong or no namespaces on some of them; the
namespaces and the version that is written down only decide which of the two it is.
"""

import re
from dataclasses import dataclass
from posixpath import normpath
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from courses.exceptions import CoursesError
from courses.models import PackageKind

NAME = "imsmanifest.xml"
LARGEST = 4 * 1024 * 1024
_DEEPEST = 12
_MOST_ITEMS = 500
_LONGEST_DATA = 64_000
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_NAMESPACES_12 = ("imscp_rootv1p1p2", "adlcp_rootv1p2")
_NAMESPACES_2004 = ("imscp_v1p1", "adlcp_v1p3", "adlseq_v1p3", "imsss")


class ManifestError(CoursesError):
    pass


@dataclass(frozen=True)
class Manifest:
    kind: str
    title: str
    items: list
    """[{"id", "title", "href", "type", "children"}] with what the launch needs besides; no href: only a heading."""
    has_sequencing: bool


def read(xml, names, base=""):
    """What the manifest launches. `names` are the files there are, below `base` as the manifest counts them."""
    if len(xml) > LARGEST:
        raise ManifestError(_("“imsmanifest.xml” is too large to be a manifest."))
    try:
        root = fromstring(xml, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise ManifestError(
            _("“imsmanifest.xml” declares entities of its own. Export the package again without them.")
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise ManifestError(_("“imsmanifest.xml” is not well-formed XML: %(error)s") % {"error": error}) from error
    if _local(root.tag) != "manifest":
        raise ManifestError(
            _("“imsmanifest.xml” begins with “%(tag)s” instead of “manifest”.") % {"tag": _local(root.tag)[:50]}
        )
    return _Reader(root, xml, names, base).manifest()


def launchable(items):
    """The items that have something to launch, in their order, whatever they stand below."""
    for item in items:
        if item["href"]:
            yield item
        yield from launchable(item["children"])


def _local(tag):
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element, *names):
    """By its local name: `adlcp:scormtype` of 1.2 and `adlcp:scormType` of 2004 are one."""
    wanted = {name.lower() for name in names}
    for key, value in element.attrib.items():
        if _local(key).lower() in wanted:
            return value.strip()
    return ""


def _children(element, name):
    return [child for child in element if _local(child.tag).lower() == name.lower()]


def _text(element, *names):
    for name in names:
        for child in _children(element, name):
            if child.text and child.text.strip():
                return child.text.strip()
    return ""


def _number(text, least, most):
    try:
        value = float(text)
    except ValueError:
        return None
    return value if least <= value <= most else None


class _Reader:
    def __init__(self, root, xml, names, base):
        self.root = root
        self.xml = xml
        self.names = names
        self.base = base
        self.count = 0
        self.seen = set()

    def manifest(self):
        self.kind = self._kind()
        resources = _children(self.root, "resources")
        self.resources_base = _join(
            self.root.get(_XML_BASE, ""), resources[0].get(_XML_BASE, "") if resources else ""
        )
        self.resources = {
            _attribute(one, "identifier"): one for part in resources for one in _children(part, "resource")
        }
        organization = self._organization()
        items = [self._item(one, 1) for one in _children(organization, "item")]
        items = [one for one in items if one]
        found = list(launchable(items))
        if not found:
            raise ManifestError(
                _(
                    "The manifest names no part that can be launched: its items lead to no resource with an address."
                )
            )
        title = _text(organization, "title") or found[0]["title"]
        return Manifest(
            self.kind,
            title[:500],
            items,
            any(_local(one.tag) in {"sequencingRules", "rollupRules"} for one in self.root.iter()),
        )

    def _kind(self):
        metadata = _children(self.root, "metadata")
        version = _text(metadata[0], "schemaversion").lower() if metadata else ""
        if version.startswith("1.2"):
            return PackageKind.SCORM_12
        if "2004" in version or version.startswith("cam"):
            return PackageKind.SCORM_2004
        # ElementTree forgets declarations that nothing uses; the text has them all.
        text = self.xml[:20_000]
        if any(name.encode() in text for name in _NAMESPACES_2004):
            return PackageKind.SCORM_2004
        if any(name.encode() in text for name in _NAMESPACES_12):
            return PackageKind.SCORM_12
        # The attribute is spelt differently in the two, and is all that is left.
        if re.search(rb":scormType\s*=", self.xml):
            return PackageKind.SCORM_2004
        if re.search(rb":scormtype\s*=", self.xml):
            return PackageKind.SCORM_12
        raise ManifestError(
            _(
                "“imsmanifest.xml” belongs neither to SCORM 1.2 nor to SCORM 2004. Export the package as one of them."
            )
        )

    def _organization(self):
        parents = _children(self.root, "organizations")
        organizations = _children(parents[0], "organization") if parents else []
        if not organizations:
            raise ManifestError(_("The manifest has no organization, so nothing in the package can be launched."))
        default = _attribute(parents[0], "default")
        return next((one for one in organizations if _attribute(one, "identifier") == default), organizations[0])

    def _item(self, element, depth):
        self.count += 1
        if depth > _DEEPEST or self.count > _MOST_ITEMS:
            raise ManifestError(_("The manifest has more parts than a course can have."))
        if _attribute(element, "isvisible").lower() == "false":
            return None
        key = _attribute(element, "identifier")[:200] or f"item-{self.count}"
        if key in self.seen:
            raise ManifestError(_("Two items of the manifest have the identifier “%(key)s”.") % {"key": key})
        self.seen.add(key)
        children = [self._item(one, depth + 1) for one in _children(element, "item")]
        children = [one for one in children if one]
        title = _text(element, "title")[:500] or key
        item = {"id": key, "title": title, "href": "", "type": "", "children": children}
        reference = _attribute(element, "identifierref")
        if reference:
            item |= self._launch(element, reference, title)
        return item if item["href"] or children else None

    def _launch(self, element, reference, title):
        resource = self.resources.get(reference)
        if resource is None:
            raise ManifestError(
                _("“%(title)s” refers to the resource “%(reference)s”, which the manifest does not have.")
                % {"title": title, "reference": reference[:200]}
            )
        href = _attribute(resource, "href")
        if not href:
            return {}
        base = _join(self.resources_base, resource.get(_XML_BASE, ""))
        address = self._inside(_join(base, href), title)
        extra = {
            "mastery": _number(_text(element, "masteryscore"), 0, 100),
            "launch_data": _text(element, "datafromlms", "dataFromLMS")[:_LONGEST_DATA],
            "max_time": _text(element, "maxtimeallowed")[:50],
            "time_limit_action": _text(element, "timelimitaction", "timeLimitAction")[:50],
            "completion_threshold": self._threshold(element),
            "passing_score": self._passing_score(element),
        }
        kind = _attribute(resource, "scormtype").lower()
        return {
            "href": _with_parameters(address, _attribute(element, "parameters")),
            "type": "asset" if kind == "asset" else "sco",
            **{name: value for name, value in extra.items() if value not in {None, ""}},
        }

    def _inside(self, address, title):
        """The address below the package's folder, if it is one and there is such a file."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            raise ManifestError(
                _("“%(title)s” lies on another host (%(address)s). Only what is in the package can be shown.")
                % {"title": title, "address": address[:200]}
            )
        path = normpath(unquote(parts.path).replace("\\", "/").lstrip("/"))
        if path.startswith("..") or f"{self.base}{path}" not in self.names:
            raise ManifestError(
                _("“%(title)s” begins with the file “%(path)s”, which is not in the package.")
                % {"title": title, "path": unquote(parts.path)[:200]}
            )
        query = f"?{parts.query}" if parts.query else ""
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return f"{self.base}{path}{query}{fragment}"

    def _threshold(self, element):
        for one in _children(element, "completionThreshold"):
            if _attribute(one, "completedByMeasure").lower() == "true":
                return _number(_attribute(one, "minProgressMeasure") or "1.0", 0, 1)
            # The third edition writes the measure as the text.
            if one.text and one.text.strip():
                return _number(one.text.strip(), 0, 1)
        return None

    def _passing_score(self, element):
        """The scaled score that passes, where the manifest says that passing is decided by it."""
        for sequencing in _children(element, "sequencing"):
            for objectives in _children(sequencing, "objectives"):
                for primary in _children(objectives, "primaryObjective"):
                    if _attribute(primary, "satisfiedByMeasure").lower() == "true":
                        return _number(_text(primary, "minNormalizedMeasure") or "1.0", -1, 1)
        return None


def _join(base, address):
    """Like `urljoin`, for addresses that are relative to nothing: a base is a folder, whatever it ends with."""
    if not base:
        return address
    return urljoin(base if base.endswith("/") else f"{base}/", address)


def _with_parameters(address, parameters):
    """As the specifications have it: `?…` and `#…` are joined, and a question mark is never there twice."""
    parameters = parameters.lstrip("?&") if not parameters.startswith("#") else parameters
    if not parameters:
        return address
    if parameters.startswith("#"):
        return address if "#" in address else f"{address}{parameters}"
    path, mark, fragment = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{parameters}{mark}{fragment}"
