"""A package in a lesson, as the lesson's block and the player's page show it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from courses.models import Package, PackageKind, PackageRun, PackageState
from courses.packages import h5p
from courses.packages.manifest import launchable
from courses.packages.origin import Pass, origin_for, token_for


def block_in(body, block_id):
    """The block of a lesson's body, if it holds a package; None otherwise."""
    return next((one for one in blocks_in(body) if str(one.id) == str(block_id)), None)


def blocks_in(body):
    return [one for one in body if one.block_type == "package" and one.value["package"]]


@dataclass(frozen=True)
class Standing:
    """How a learner stands with the package of a block."""

    package: Package
    runs: dict
    """{part: PackageRun}"""
    url: str
    is_enrolled: bool
    origin: str

    @property
    def is_available(self):
        """Whether it can be played here at all."""
        return (
            bool(self.origin)
            and self.package.is_playable
            and (self.package.kind != PackageKind.H5P or h5p.is_available())
        )

    @property
    def is_being_checked(self):
        return not self.package.is_playable and self.package.state == PackageState.UPLOADED

    @cached_property
    def parts(self):
        return list(launchable(self.package.items))

    @property
    def has_parts(self):
        return len(self.parts) > 1

    @property
    def has_begun(self):
        return bool(self.runs)

    @cached_property
    def completed_at(self):
        return next((run.completed_at for run in self.runs.values() if run.completed_at), None)

    @property
    def done(self):
        return sum(self._is_done(part) for part in self.parts)

    @property
    def score(self):
        """Where there is one part, what it reported; several have no score together."""
        run = self.runs.get(self.parts[0]["id"]) if len(self.parts) == 1 else None
        return run.score if run else None

    def _is_done(self, part):
        run = self.runs.get(part["id"])
        return run is not None and run.is_done

    def part(self, key):
        """The part that was asked for; otherwise the one last open if it is not done, or the first to do, or the first."""
        asked = next((part for part in self.parts if part["id"] == key), None)
        if asked is not None:
            return asked
        recent = sorted(self.runs.values(), key=lambda run: run.updated_at, reverse=True)
        known = {part["id"]: part for part in self.parts}
        last = next((known[run.item] for run in recent if run.item in known and not run.is_done), None)
        return last or next((part for part in self.parts if not self._is_done(part)), None) or self.parts[0]

    def steps(self, here):
        """The table of contents for `oberih/ui/_steps.html`."""
        return [
            {
                "label": part["title"],
                "url": "" if part is here else f"{self.url}?{urlencode({'part': part['id']})}",
                "state": "done" if self._is_done(part) else "current" if part is here else "todo",
                "note": self._note(part),
            }
            for part in self.parts
        ]

    def _note(self, part):
        run = self.runs.get(part["id"])
        if run is None or run.score is None:
            return ""
        return _("%(score)s %%") % {"score": f"{run.score.normalize():f}"}


def standings(blocks, *, enrolment, lesson_key, request):
    """[Standing] for the blocks that hold a package, in one statement however many there are."""
    packages = [block.value["package"] for block in blocks]
    runs = {}
    if enrolment is not None and packages:
        # What a package remembers may be large, and only its player wants it.
        for run in PackageRun.objects.filter(enrolment=enrolment, package__in=packages).defer("cmi"):
            runs.setdefault(run.package_id, {})[run.item] = run
    origin = origin_for(request)
    return [
        Standing(
            package,
            runs.get(package.pk, {}),
            reverse("oberih_courses:package", args=[lesson_key, block.id]),
            enrolment is not None,
            origin,
        )
        for block, package in zip(blocks, packages, strict=True)
    ]


def frame_url(run, package, *, origin, request):
    site = f"{request.scheme}://{request.get_host()}"
    return f"{origin}/p/{token_for(Pass(str(run.session), package.folder, package.kind, site))}/launch"
