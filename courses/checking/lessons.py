"""What lessons lack, page by page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.checking.facts import blocks, links
from courses.checking.findings import BETTER, STOPS, at
from courses.models import CompletionRule, PackageState
from courses.story import faults

MEDIA = ("video", "audio")


def check(course):
    for part in course.lessons:
        for version in part.versions.values():
            yield from empty(version)
            yield from minutes(version)
            yield from rule(version, course)
            yield from pictures(version)
            yield from media(version)
            yield from stories(version)
            yield from packages(version, course)
            yield from dead_links(version, course)


def empty(version):
    if not version.body:
        yield at(version, STOPS, "empty", _("The lesson is empty."))


def minutes(version):
    if not version.values.get("minutes"):
        yield at(version, BETTER, "minutes", _("How many minutes the lesson takes is not said."))


def rule(version, course):
    """Whether what completes the lesson can happen at all."""
    wanted = version.values.get("completed_by")
    if wanted == CompletionRule.WATCHED and not any(blocks(version.body, kind) for kind in MEDIA):
        yield at(
            version, STOPS, "rule", _("Watching completes the lesson, and it has neither a video nor an audio.")
        )
    if wanted == CompletionRule.PACKAGE and not blocks(version.body, "package"):
        yield at(version, STOPS, "rule", _("A package completes the lesson, and it has none."))
    if wanted == CompletionRule.TRAINER and not course.has_trainers:
        yield at(
            version,
            STOPS,
            "rule",
            _("A trainer’s confirmation completes the lesson, and nobody here is a trainer."),
        )


def pictures(version):
    for block in blocks(version.body, "image"):
        image = block["value"].get("image")
        if isinstance(image, dict) and image.get("decorative"):
            continue
        if not isinstance(image, dict) or not (image.get("alt_text") or "").strip():
            yield at(
                version,
                STOPS,
                "picture",
                _("An image has no text for those who cannot see it, and is not marked as decorative."),
            )


def media(version):
    for kind in MEDIA:
        for block in blocks(version.body, kind):
            value = block["value"]
            title = {"title": value.get("title") or kind}
            if not (value.get("transcript") or "").strip():
                yield at(version, STOPS, "transcript", _("“%(title)s” has no transcript.") % title)
            if kind == "video" and not value.get("captions") and not value.get("has_captions"):
                yield at(version, STOPS, "captions", _("“%(title)s” has no captions.") % title)


def items(values):
    """What a list block holds, without the wrapping of its items."""
    return [one["value"] if isinstance(one, dict) and one.get("type") == "item" else one for one in values or []]


def stories(version):
    """Whether every choice leads on, every scene is reached, and every way ends."""
    for block in blocks(version.body, "case_story"):
        scenes = [
            (scene.get("key"), [choice.get("leads_to") or "" for choice in items(scene.get("choices"))])
            for scene in items(block["value"].get("scenes"))
        ]
        named = {"title": block["value"].get("title") or ""}
        for kind, scene in faults(block["value"].get("start"), scenes):
            if kind in _STORIES:
                grade, text = _STORIES[kind]
                yield at(version, grade, "story", text % {**named, "scene": scene})


# Two scenes of one name are refused where stories are written.
_STORIES = {
    "start": (STOPS, gettext_lazy("The story “%(title)s” begins with a scene that is not there.")),
    "unknown": (
        STOPS,
        gettext_lazy("In the story “%(title)s” a choice leads to the scene “%(scene)s”, which is not there."),
    ),
    "endless": (STOPS, gettext_lazy("In the story “%(title)s” there is no end after the scene “%(scene)s”.")),
    "unreached": (BETTER, gettext_lazy("In the story “%(title)s” nothing leads to the scene “%(scene)s”.")),
}


def packages(version, course):
    for block in blocks(version.body, "package"):
        package = course.packages.get(str(block["value"].get("package")))
        if package is None:
            yield at(version, STOPS, "package", _("The package of this lesson is gone."))
        elif package.state == PackageState.REFUSED:
            yield at(
                version, STOPS, "package", _("The package “%(title)s” was refused.") % {"title": package.title}
            )
        elif package.state != PackageState.READY:
            yield at(
                version,
                STOPS,
                "package",
                _("The package “%(title)s” is not ready yet.") % {"title": package.title},
            )
        elif package.warnings:
            yield at(
                version,
                BETTER,
                "package",
                _("The package “%(title)s”: %(warnings)s")
                % {"title": package.title, "warnings": " ".join(map(str, package.warnings))},
            )


def dead_links(version, course):
    for _page in sorted(links(version.body) - course.live_pages):
        yield at(version, BETTER, "link", _("A link leads to a page that is not published."))
