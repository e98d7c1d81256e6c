"""Films, voices and stories of a lesson as a reader's browser handles them: nothing before the press, all of it after."""

import base64
import json
import time
from urllib.parse import urlsplit

import pytest

from tests.courses import media_files as made
from tests.courses import trees

pytestmark = pytest.mark.django_db(transaction=True)

# Silence as an encoder would write it: 30 seconds of frames without a sound.
SILENCE = (b"\xff\xfb\x90\x00" + bytes(413)) * 1149
# What a player of YouTube's says to the page around it, as far as we listen.
STAND_IN = """<!doctype html><title>Film</title><link rel=icon href=data:,><script>
addEventListener("message", ({ data, source, origin }) => {
  if (JSON.parse(data).event !== "listening") return;
  let time = 0;
  setInterval(() => source.postMessage(JSON.stringify({ event: "infoDelivery", info: { currentTime: time += 0.5 } }), origin), 20);
});
</script>"""
RECORD = """async () => {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm;codecs=vp8" }), parts = [];
  const drawing = setInterval(() => pen.fillRect(Math.random() * 200, 0, 20, 20), 50);
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.start();
  await new Promise((done) => setTimeout(done, 2500));
  const stopped = new Promise((done) => { recorder.onstop = done; });
  recorder.stop();
  await stopped;
  clearInterval(drawing);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


@pytest.fixture
def lesson(site_tree):
    def make(*blocks):
        _page, module, _lessons = trees.course(trees.plant(), lessons=0)
        return trees.add(module, trees.lesson("Talking", *blocks))

    return make


def wait_until(page, condition, seconds=15):
    """Playwright's own way of waiting writes a script into the page, which the content policy refuses."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(50)


def requests_of(page):
    asked = []

    def note(request):
        asked.append(request)

    page.on("request", note)
    return asked


def test_a_voice_loads_and_plays_after_the_press_alone(visitor, lesson):
    audio = made.audio(content=SILENCE, duration=30)
    page = visitor()
    asked = requests_of(page)
    page.goto(lesson(made.audio_block(audio)).get_url(), wait_until="networkidle")
    assert [one.url for one in asked if "/media/" in one.url] == []
    assert page.locator("audio").count() == 0
    page.click("text=Play the audio")
    wait_until(page, "document.querySelector('audio').currentTime > 0.5")
    (one, *_more) = [one for one in asked if "/media/" in one.url]
    assert (one.response().status, one.response().headers["content-type"]) == (206, "audio/mpeg")
    page.evaluate("document.querySelector('audio').currentTime = 25")
    wait_until(page, "document.querySelector('audio').currentTime > 25.2")
    assert page.evaluate("document.activeElement.tagName") == "AUDIO"


def test_a_film_shows_its_captions(visitor, lesson):
    page = visitor()
    page.goto("/en/offline/")
    film = made.video(base64.b64decode(page.evaluate(RECORD)), "film.webm", duration=2)
    page.goto(lesson(made.video_block(film, [("en", made.captions())])).get_url())
    page.click("text=Play the video")
    page.evaluate("document.querySelector('video').textTracks[0].mode = 'showing'")
    wait_until(page, "document.querySelector('video').textTracks[0].cues?.length === 2")
    wait_until(page, "document.querySelector('video').currentTime > 0.2")


def test_what_was_played_is_told(visitor, lesson, monkeypatch):
    """The seconds of the part that was played, once each, and where it stopped."""
    block = made.audio_block(made.audio(content=SILENCE, duration=30))
    there = lesson(block)
    page = visitor()
    told = []
    report = f"/en/learn/lessons/{there.translation_key}/media/{block['id']}/"

    def hear(route):
        told.append((route.request.headers["x-csrftoken"], json.loads(route.request.post_data)))
        route.fulfill(status=200, body="{}")

    page.route(f"**{report}", hear)

    def as_a_learner(route):
        # As the page of somebody enrolled has it, who stopped at 10 and had heard 10 seconds.
        given = f'data-position="10" data-seconds="10" data-report="{report}" data-token="t"'
        body = route.fetch().text().replace('data-position="0" data-seconds="0"', given)
        route.fulfill(body=body, content_type="text/html")

    page.route(f"**{there.get_url()}", as_a_learner)
    page.goto(there.get_url())
    page.click("text=Play the audio")
    wait_until(page, "document.querySelector('audio').currentTime > 12.3")
    page.evaluate("document.querySelector('audio').pause()")
    wait_until(page, "document.querySelector('audio').paused")
    page.evaluate("new Promise((done) => setTimeout(done, 200))")
    ((token, said),) = told
    assert (token, said["position"], said["seconds"]) == ("t", 12, 12)


def test_a_film_elsewhere_is_asked_for_by_the_press_alone(visitor, lesson, faults):
    block = made.video_block(address="https://youtu.be/abcdefghij_", minutes=4, has_captions=True)
    page = visitor()
    asked = requests_of(page)
    page.route(
        "https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body=STAND_IN, content_type="text/html")
    )
    page.goto(lesson(block).get_url(), wait_until="networkidle")
    page.hover("text=Play the video")
    hosts = {urlsplit(one.url).netloc for one in asked}
    assert hosts == {urlsplit(page.url).netloc}
    faults.expect("other host: https://www.youtube-nocookie.com/embed/abcdefghij_")
    page.click("text=Play the video")
    page.frame_locator("iframe").locator("html").wait_for(state="attached")
    (film,) = [one for one in asked if "youtube" in one.url]
    assert film.url.split("?")[0] == "https://www.youtube-nocookie.com/embed/abcdefghij_"
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"


def test_a_story_goes_on_in_its_place(visitor, lesson):
    there = lesson(made.story_block())
    page = visitor()
    page.goto(there.get_url(), wait_until="networkidle")
    asked = requests_of(page)
    page.context.set_offline(True)
    page.click("text=Ask aloud")
    story = page.locator("[data-oberih-story]")
    assert "He hears it." in story.inner_text()
    assert "Scene alone." in story.inner_text()
    assert page.evaluate("document.activeElement.id") == story.get_attribute("id")
    page.click("text=Listen")
    assert "The story ends here." in story.inner_text()
    # Chromium asks for the tab's icon again where an address changes.
    assert [one.url for one in asked if not one.url.endswith("/mark.svg")] == []
    page.context.set_offline(False)
    # What the script shows is what the server shows at the same address.
    shown, address = story.inner_text(), page.url
    page.goto("/en/offline/")
    page.goto(address)
    assert page.locator("[data-oberih-story]").inner_text() == shown
    page.locator("[data-oberih-story] ol a").first.click()
    assert "Scene bus." in story.inner_text()


def test_a_story_is_walked_without_javascript(visitor, lesson):
    page = visitor(javascript=False)
    page.goto(lesson(made.story_block()).get_url())
    page.click("text=Ask aloud")
    page.click("text=Go back")
    page.click("text=Look away")
    assert "Nobody asks her." in page.locator("[data-oberih-story]").inner_text()


def test_without_javascript_a_film_is_a_link(visitor, lesson):
    page = visitor(javascript=False)
    film = made.video()
    page.goto(lesson(made.video_block(film, [("en", made.captions())])).get_url())
    assert page.locator("text=Play the video").first.evaluate("e => e.closest('a').pathname").endswith("/file/")
    page.click("summary:has-text('Transcript')")
    assert page.locator("text=Say hello.").is_visible()


def test_what_is_ticked_stays_on_the_page(visitor, lesson):
    block = {
        "type": "indicators",
        "id": made.items("")[0]["id"],
        "value": {"title": "What you may notice", "intro": "", "items": made.items("No papers", "Fear")},
    }
    page = visitor()
    page.goto(lesson(block).get_url(), wait_until="networkidle")
    asked = requests_of(page)
    page.check("label:has-text('No papers') input")
    assert page.evaluate(
        "[...document.querySelectorAll('main [type=checkbox]')].map((box) => [box.checked, box.form, box.name])"
    ) == [
        [True, None, ""],
        [False, None, ""],
    ]
    assert asked == []
