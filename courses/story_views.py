"""A case story as a page tells it: where the reader is, by the address alone."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses.story import Scene, Walk, story_from


@dataclass(frozen=True)
class Way:
    """A choice as a link."""

    text: str
    feedback: str
    leads_to: str
    url: str


@dataclass(frozen=True)
class Shown:
    scene: Scene
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Telling:
    walk: Walk
    # The way so far, for `oberih/ui/_steps.html`.
    steps: list
    # The scene where the reader is; None at the end.
    now: Shown | None
    # All scenes, so that a script goes on without asking the server, also where there is no network.
    scenes: tuple[Shown, ...]
    again: str

    @property
    def story(self):
        return self.walk.story

    @property
    def step_pattern(self):
        """An empty step, which the script fills."""
        return [_step("", self.again)]


def _step(label, url):
    return {"label": label, "state": "done", "url": url, "note": _("Choose differently")}


def telling(block, request, page_url):
    story = story_from(block)
    walk = story.walk(request.GET.get(story.parameter, ""))

    def address(path):
        return _address(request, story, page_url, path)

    def shown(scene, path):
        ways = tuple(
            Way(
                choice.text, choice.feedback, choice.leads_to, address(f"{path}.{number}" if path else str(number))
            )
            for number, choice in enumerate(scene.choices)
        )
        return Shown(scene, ways)

    steps = [_step(step.choice.text, address(step.path)) for step in walk.steps]
    return Telling(
        walk=walk,
        steps=steps,
        now=shown(walk.scene, walk.path) if walk.scene else None,
        scenes=tuple(shown(scene, "") for scene in story.scenes.values()),
        again=address(""),
    )


def _address(request, story, page_url, path):
    """This page with the story told up to `path`; other stories on it stay where they are, everything else goes."""
    query = QueryDict(mutable=True)
    for name, value in request.GET.items():
        if name.startswith("story-") and name != story.parameter:
            query[name] = value
    if path:
        query[story.parameter] = path
    return f"{page_url}{'?' if query else ''}{query.urlencode(safe='.')}#{story.anchor}"
