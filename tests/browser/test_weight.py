"""What a page costs on a bad line: bytes as they travel, compressed and with headers, pictures and media apart."""

from dataclasses import dataclass, field

import pytest

MEDIA = {"Image", "Media"}
TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")
# Below this, compressing gains nothing.
SMALL = 1_000

PAGES = {
    "home": "/{lang}/",
    "course": "/{lang}/{course}/",
    "event": "/{lang}/events/{event}/",
    "lesson": "/{lang}/{lesson}/",
}


@pytest.fixture
def address(stage):
    return stage.url


@dataclass
class Scales:
    """Weighs what one page loads, by the browser's own count of what came over the line."""

    answers: dict = field(default_factory=dict)
    sizes: dict = field(default_factory=dict)

    def put_under(self, page):
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", lambda event: self.answers.update({event["requestId"]: event}))
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _finished(self, event):
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def visit(self, page, path):
        self.answers.clear()
        self.sizes.clear()
        page.goto(path, wait_until="networkidle")
        return sum(size for key, size in self.sizes.items() if self.answers[key]["type"] not in MEDIA)

    def uncompressed(self):
        """Texts that travelled as they are."""
        return [
            answer["response"]["url"]
            for key, answer in self.answers.items()
            if answer["response"]["mimeType"].startswith(TEXT)
            and self.sizes.get(key, 0) > SMALL
            and "content-encoding" not in {name.lower() for name in answer["response"]["headers"]}
        ]

    def told(self):
        """The heaviest things, for the message of a failure."""
        heaviest = sorted(self.sizes.items(), key=lambda item: -item[1])[:12]
        return "\n".join(f"{size:>7} {self.answers[key]['response']['url']}" for key, size in heaviest)


@pytest.fixture
def scales():
    return Scales()


@pytest.mark.parametrize("language", ["en", "uk", "ar"])
@pytest.mark.parametrize("name", PAGES)
def test_first_visit_is_light(stage, visitor, scales, measured, name, language):
    page = visitor(width=390, height=844, language=language)
    scales.put_under(page)
    weight = scales.visit(page, stage.path(PAGES[name], language))
    measured.append(f"{weight / 1000:6.1f} KB  first visit, {name}, {language}")
    assert weight < 100_000, scales.told()
    assert scales.uncompressed() == []


@pytest.mark.parametrize("language", ["en", "uk", "ar"])
def test_the_next_lesson_is_lighter(stage, visitor, scales, measured, language):
    page = visitor(width=390, height=844, language=language)
    scales.put_under(page)
    first = scales.visit(page, stage.path(PAGES["lesson"], language))
    weight = scales.visit(page, stage.path("/{lang}/{next_lesson}/", language))
    measured.append(f"{weight / 1000:6.1f} KB  next lesson, {language}")
    assert weight < 30_000 < first, scales.told()


def test_the_heaviest_lesson_is_light(stage, visitor, scales, measured):
    """The one with the most in it: stories, checks, indicators and whatever else lessons are written with."""
    finder = visitor(language="uk")
    finder.goto(stage.path(PAGES["course"], "uk"))
    lessons = finder.eval_on_selector_all("main .ob-steps a", "links => links.map((link) => link.pathname)")
    heaviest = max(lessons, key=lambda address: len(finder.request.get(address).body()))
    page = visitor(width=390, height=844, language="uk")
    scales.put_under(page)
    weight = scales.visit(page, heaviest)
    measured.append(f"{weight / 1000:6.1f} KB  first visit, heaviest lesson, uk")
    assert weight < 100_000, scales.told()
