"""Nothing jumps while a page arrives on a slow line: the typefaces come late, and the text is there and stays put."""

import base64
import io

import pytest
from PIL import Image

PATHS = {"home": "/{lang}/", "event": "/{lang}/events/{event}/", "lesson": "/{lang}/{lesson}/"}
LATE = 1_000  # milliseconds
LIMIT = 0.02

WATCH = """window.obShifts = [];
new PerformanceObserver(list => list.getEntries().forEach(entry => entry.hadRecentInput || obShifts.push({
    value: entry.value,
    moved: entry.sources.map(({node, previousRect: from, currentRect: to}) => {
        const part = node?.nodeType === 1 ? node : node?.parentElement, round = Math.round;
        const place = box => `${round(box.x)},${round(box.y)} ${round(box.width)}x${round(box.height)}`;
        return `${part?.tagName.toLowerCase()}.${part?.className} from ${place(from)} to ${place(to)}`;
    }),
}))).observe({type: "layout-shift", buffered: true});"""

SETTLED = (
    "document.fonts.ready.then(() => new Promise(done => setTimeout(() => requestAnimationFrame(done), 150)))"
)


@pytest.fixture
def address(stage):
    return stage.url


class Late:
    """Files that are kept back until `arrive()`."""

    def __init__(self):
        self.waiting = []

    def ask(self, route):
        if self.waiting is None:
            route.continue_()
        else:
            self.waiting.append(route)

    def arrive(self):
        waiting, self.waiting = self.waiting, None
        for route in waiting:
            route.continue_()


def ink(page, selector):
    """The share of dark pixels in a picture of the element; not by Playwright's own, which waits for typefaces."""
    box = page.locator(selector).first.bounding_box()
    shot = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"clip": {**box, "scale": 1}})
    picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("L")
    return sum(picture.histogram()[:110]) / (picture.width * picture.height)


def wait_for_paint(page):
    """By asking again: what waits inside of the page is a string to be run, which the page's own policy refuses."""
    for _time in range(300):
        if page.evaluate("performance.getEntriesByName('first-contentful-paint').length"):
            return
        page.wait_for_timeout(50)
    pytest.fail("Nothing was painted.")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("name", PATHS)
def test_text_is_there_before_its_typeface_and_stays(stage, visitor, measured, name, language, width):
    page = visitor(width=width, height=800, language=language)
    page.add_init_script(WATCH)
    typefaces = Late()
    page.route("**/*.woff2", typefaces.ask)
    page.goto(stage.path(PATHS[name], language), wait_until="domcontentloaded")
    wait_for_paint(page)
    page.wait_for_timeout(LATE)
    assert page.evaluate("document.fonts.status") == "loading"
    assert ink(page, "h1") > 0.03

    typefaces.arrive()
    page.evaluate(SETTLED)
    shifts = page.evaluate("obShifts")
    total = sum(shift["value"] for shift in shifts)
    measured.append(f"{total:9.4f}  layout shift, {name}, {language}, {width} px")
    assert page.evaluate("document.fonts.status") == "loaded"
    assert total < LIMIT, "\n".join(
        f"{shift['value']:.4f} {moved}" for shift in shifts for moved in shift["moved"]
    )
