"""A case story: scenes that choices lead from and to. The path taken is in the address; nothing of it is kept.

A path is written as the places of the choices taken, from the first scene on: `0.2.1`.
"""

from dataclasses import dataclass

# A loop back to a scene is allowed, since people may change their minds; an address is not endless.
MOST_STEPS = 40


@dataclass(frozen=True)
class Choice:
    text: str
    feedback: str
    # The key of the scene it leads to; none ends the story.
    leads_to: str


@dataclass(frozen=True)
class Scene:
    key: str
    text: object
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Story:
    id: str
    title: str
    start: str
    scenes: dict[str, Scene]

    @property
    def parameter(self):
        return f"story-{self.id[:8]}"

    @property
    def anchor(self):
        return f"story-{self.id}"

    def walk(self, path):
        """Where `path` leads; what of it cannot be walked (an old link, a slip) is left out."""
        scene, taken, steps = self.scenes.get(self.start), [], []
        for number in _numbers(path):
            if scene is None or number >= len(scene.choices):
                break
            steps.append(Step(scene, number, ".".join(map(str, taken))))
            taken.append(number)
            scene = self.scenes.get(scene.choices[number].leads_to)
        return Walk(self, scene, tuple(steps), ".".join(map(str, taken)))


@dataclass(frozen=True)
class Step:
    scene: Scene
    number: int
    # The path that led to the scene.
    path: str

    @property
    def choice(self):
        return self.scene.choices[self.number]


@dataclass(frozen=True)
class Walk:
    story: Story
    # None when the story is over.
    scene: Scene | None
    steps: tuple[Step, ...]
    path: str

    @property
    def feedback(self):
        return self.steps[-1].choice.feedback if self.steps else ""


def _numbers(path):
    numbers = []
    for part in (path or "").split(".")[:MOST_STEPS]:
        if not (part.isascii() and part.isdigit() and len(part) < 3):
            break
        numbers.append(int(part))
    return numbers


def story_from(block):
    value = block.value
    scenes = {}
    for scene in value["scenes"]:
        choices = tuple(
            Choice(choice["text"], choice["feedback"] or "", choice["leads_to"] or "")
            for choice in scene["choices"]
        )
        scenes.setdefault(scene["key"], Scene(scene["key"], scene["text"], choices))
    return Story(block.id or "", value["title"], value["start"], scenes)


def faults(start, scenes):
    """What keeps a story from being told, as (kind, key): `scenes` are (key, keys that its choices lead to) in order."""
    keys = [key for key, _targets in scenes]
    found = [("twice", key) for key in dict.fromkeys(key for key in keys if keys.count(key) > 1)]
    targets = {}
    for key, leads in scenes:
        targets.setdefault(key, []).extend(leads)
    if start not in targets:
        return [*found, ("start", start)]
    unknown = {lead for leads in targets.values() for lead in leads if lead and lead not in targets}
    found += [("unknown", key) for key in sorted(unknown)]
    reached = _spread({start}, targets)
    found += [("unreached", key) for key in targets if key not in reached]
    # A scene without choices, or with one that leads nowhere, is an end; from every scene one must be in reach.
    ends = {key for key, leads in targets.items() if not leads or "" in leads}
    backwards = {key: [other for other, leads in targets.items() if key in leads] for key in targets}
    ending = _spread(ends, backwards)
    found += [("endless", key) for key in targets if key in reached and key not in ending and not unknown]
    return found


def _spread(begin, edges):
    seen, ahead = set(), list(begin)
    while ahead:
        key = ahead.pop()
        if key in edges and key not in seen:
            seen.add(key)
            ahead += edges[key]
    return seen
