import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.media.captions import MOST_BYTES, CaptionsError, Cue, parse

GOOD = "WEBVTT - a talk\n\nNOTE made\nby hand\n\nfirst\n00:01.000 --> 00:02.500 line:0 align:start\n<v Olena>Hello, <i>you</i>.\nSit down.\n\n01:00:00.000 --> 01:00:01.000\n5 &lt; 6\n"


def test_captions_are_read():
    assert parse(GOOD.encode()) == (
        Cue(1000, 2500, "Hello, you.\nSit down."),
        Cue(3_600_000, 3_601_000, "5 &lt; 6"),
    )


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_a_mark_at_the_beginning_and_other_ends_of_lines_are_no_matter(change):
    assert parse(change(GOOD).encode()) == parse(GOOD.encode())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "begin with the word WEBVTT"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\nx", 1, "begin with the word WEBVTT"),
        ("1\n00:00:01,000 --> 00:00:02,000\nx", 1, "begin with the word WEBVTT"),
        ("WEBVTT\n00:01.000 --> 00:02.000\nx", 2, "an empty line"),
        ("WEBVTT\n\n", 3, "not a single caption"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nx", 3, "a time such as"),
        ("WEBVTT\n\n00:61.000 --> 00:02.000\nx", 3, "a time such as"),
        ("WEBVTT\n\nname\nother\nx", 4, "a time such as"),
        ("WEBVTT\n\nname", 4, "a time such as"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nx", 3, "ends before"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nx\n\n00:04.000 --> 00:07.000\ny", 6, "before the one above"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 onload=x\nx", 3, "not understood"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n", 3, "no words"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n00:03.000 --> 00:04.000\ny", 5, "an empty line is missing"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n<script>alert(1)</script>", 5, "only plain words"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<img src=x onerror=y>", 4, "only plain words"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<i", 4, "only plain words"),
        ("WEBVTT\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:02.000\nx", 3, "no styles"),
        ("WEBVTT\n\nREGION\nid:a\n\n00:01.000 --> 00:02.000\nx", 3, "no styles"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\0", 4, "a character that no text has"),
    ],
)
def test_what_is_no_plain_captions_is_refused_by_its_line(text, line, words):
    with pytest.raises(CaptionsError) as refused:
        parse(text.encode())
    assert (refused.value.line, words in refused.value.messages[0]) == (line, True)
    assert words == "not a single caption" or line == 1 or f"Line {line}:" in refused.value.messages[0]


def test_another_encoding_is_named_with_its_line():
    with pytest.raises(CaptionsError) as refused:
        parse("WEBVTT\n\n00:01.000 --> 00:02.000\nДобрий день".encode("cp1251"))
    assert refused.value.messages == ["Line 4: this text is not in UTF-8. Choose that encoding when you save it."]


def test_a_file_without_end_is_not_read():
    with pytest.raises(CaptionsError, match="one megabyte"):
        parse(b"WEBVTT\n\n" + b"x" * MOST_BYTES)


TIMES = st.lists(st.integers(0, 10_000_000), min_size=2, max_size=12, unique=True).map(sorted)


def stamp(time):
    return f"{time // 3_600_000:02}:{time // 60_000 % 60:02}:{time // 1000 % 60:02}.{time % 1000:03}"


@given(TIMES)
def test_times_come_back_as_they_were_written(times):
    cues = [Cue(start, end, "x") for start, end in itertools.pairwise(times)]
    text = "WEBVTT\n\n" + "\n\n".join(f"{stamp(cue.start)} --> {stamp(cue.end)}\nx" for cue in cues)
    assert parse(text.encode()) == tuple(cues)


@given(st.binary(max_size=200).map(lambda rest: b"WEBVTT\n\n" + rest))
def test_whatever_is_sent_is_read_or_refused(content):
    try:
        cues = parse(content)
    except CaptionsError:
        return
    assert list(cues) == sorted(cues, key=lambda cue: cue.start)
