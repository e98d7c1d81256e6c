import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from courses.media import embeds
from courses.media.formats import Found, look
from tests.courses import media_files as made


@pytest.mark.parametrize(
    ("content", "endings", "seconds"),
    [
        (made.mp4(90), (".mp4",), 90),
        (made.mp4(90, version=1), (".mp4",), 90),
        (made.mp4(0), (".mp4",), None),
        (made.mp4(61, handler=b"soun"), (".m4a",), 61),
        (made.webm(30), (".webm",), 30),
        (made.ogg(20), (".ogg",), 20),
        (made.opus(20), (".ogg",), 20),
        (made.mp3(10), (".mp3",), 10),
        (made.mp3(10, tag=b"ID3\x04\0\0\0\0\0\x05XXXXX"), (".mp3",), 10),
        (made.mp3_that_varies(100), (".mp3",), pytest.approx(100 * 1152 / 44_100)),
    ],
)
def test_a_file_is_known_by_its_content(content, endings, seconds):
    assert look(io.BytesIO(content)) == Found(endings, seconds)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"%PDF-1.7",
        # Matroska that is no WebM, a film in Ogg, a movie without a track, a text that begins as a frame does.
        made.webm(doctype=b"matroska"),
        made.page_of_ogg(b"\x80theora"),
        made.mp4(handler=b"text"),
        made.mp4()[:40],
        b"\xff\xfe<\0h\0t\0m\0l\0>\0",
    ],
)
def test_what_no_browser_plays_is_nothing(content):
    assert look(io.BytesIO(content)) is None


BEGINNINGS = [made.mp4(), made.webm(), made.ogg(), made.opus(), made.mp3_that_varies()]


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(BEGINNINGS), st.integers(0, 500), st.binary(max_size=40))
@example(made.webm(), 17, b"\0\0")
def test_a_broken_header_never_ends_in_an_error(content, place, noise):
    found = look(io.BytesIO(content[:place] + noise + content[place + len(noise) :]))
    assert found is None or found.endings


YOUTUBE = "https://www.youtube-nocookie.com/embed/abcdefghij_?enablejsapi=1&playsinline=1&rel=0"


@pytest.mark.parametrize(
    ("address", "src"),
    [
        ("https://www.youtube.com/watch?v=abcdefghij_&t=5", YOUTUBE),
        ("https://youtu.be/abcdefghij_", YOUTUBE),
        ("https://m.youtube.com/watch?v=abcdefghij_", YOUTUBE),
        ("https://www.youtube.com/shorts/abcdefghij_", YOUTUBE),
        ("https://vimeo.com/12345", "https://player.vimeo.com/video/12345?dnt=1"),
        ("https://vimeo.com/12345/0a1b2c3d", "https://player.vimeo.com/video/12345?dnt=1&h=0a1b2c3d"),
        (
            "https://player.vimeo.com/video/12345?h=0a1b2c3d",
            "https://player.vimeo.com/video/12345?dnt=1&h=0a1b2c3d",
        ),
    ],
)
def test_a_film_elsewhere_is_known_by_its_address(address, src):
    assert embeds.read(address).src == src


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://www.youtube.com/watch?v=abcdefghij_",
        "https://www.youtube.com.evil.example/watch?v=abcdefghij_",
        "https://www.youtube.com@evil.example/watch?v=abcdefghij_",
        'https://youtu.be/abcdefghij"',
        "https://www.youtube.com/watch?v=abc",
        "https://www.youtube.com/playlist?list=abcdefghij_",
        "https://vimeo.com/about",
        "https://vimeo.com/12345?h=<b>",
        "javascript:alert(1)//youtu.be/abcdefghij_",
        "https://films.example/1",
    ],
)
def test_other_addresses_are_no_film(address):
    assert embeds.read(address) is None


def test_a_host_that_the_site_does_not_allow_shows_nothing(settings):
    settings.OBERIH_COURSES_EMBED_HOSTS = ["player.vimeo.com"]
    assert embeds.read("https://youtu.be/abcdefghij_") is None
    assert embeds.read("https://vimeo.com/12345").host == "player.vimeo.com"
