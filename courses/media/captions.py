"""Captions as WebVTT, read strictly: what one browser forgives another does not show."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_BYTES = 1024 * 1024

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}((?:[ \t]+\S+)*)[ \t]*")
_SETTING = re.compile(r"(vertical|line|position|size|align):[\w%.,-]+")
_TAG = re.compile(r"</?(c|i|b|u|v|lang|ruby|rt)(\.[\w-]+)*([ \t][^<>&]*)?>|<(\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}>")


class CaptionsError(ValidationError):
    def __init__(self, message, line):
        super().__init__(message, code="captions", params={"line": line})
        self.line = line


@dataclass(frozen=True)
class Cue:
    # Milliseconds, so that nothing is rounded when they are compared.
    start: int
    end: int
    text: str


def parse(content):
    """The cues of a WebVTT file. Raises CaptionsError, which names the line, for whatever is not plain captions."""
    if len(content) > MOST_BYTES:
        raise CaptionsError(_("Captions are at most one megabyte large."), 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CaptionsError(
            _("Line %(line)d: this text is not in UTF-8. Choose that encoding when you save it."), line
        ) from None
    if "\0" in text:
        raise CaptionsError(
            _("Line %(line)d: a character that no text has."), text[: text.index("\0")].count("\n") + 1
        )
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT([ \t].*)?", lines[0]):
        raise CaptionsError(_("Line %(line)d: captions begin with the word WEBVTT."), 1)
    if len(lines) > 1 and lines[1].strip():
        raise CaptionsError(_("Line %(line)d: after the word WEBVTT comes an empty line."), 2)
    cues = []
    for first, block in _blocks(lines):
        cue = _cue(first, block, cues[-1] if cues else None)
        if cue is not None:
            cues.append(cue)
    if not cues:
        raise CaptionsError(_("Line %(line)d: there is not a single caption in this file."), len(lines))
    return tuple(cues)


def _blocks(lines):
    """(number of its first line, its lines) of each block that an empty line ends."""
    block = []
    for number, line in enumerate([*lines[1:], ""], start=2):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(first, block, before):
    """The cue of a block, or None for a note."""
    if re.match(r"NOTE([ \t]|$)", block[0]):
        return None
    if re.match(r"(STYLE|REGION)([ \t]|$)", block[0]):
        raise CaptionsError(_("Line %(line)d: captions carry no styles and regions of their own."), first)
    number, lines = first, block
    if "-->" not in lines[0]:
        # A name for the cue.
        number, lines = first + 1, lines[1:]
    timing = lines and _TIMING.fullmatch(lines[0].strip())
    if not timing:
        raise CaptionsError(_("Line %(line)d: a time such as 00:01.000 --> 00:04.000 was expected here."), number)
    start, end = _milliseconds(timing.groups()[:4]), _milliseconds(timing.groups()[4:8])
    if end <= start:
        raise CaptionsError(_("Line %(line)d: this caption ends before it begins."), number)
    if before is not None and start < before.start:
        raise CaptionsError(_("Line %(line)d: this caption begins before the one above it."), number)
    if not all(_SETTING.fullmatch(setting) for setting in timing[9].split()):
        raise CaptionsError(_("Line %(line)d: what stands behind the time is not understood."), number)
    for offset, line in enumerate(lines[1:], start=1):
        _check_text(line, number + offset)
    if not lines[1:]:
        raise CaptionsError(_("Line %(line)d: this caption has no words."), number)
    return Cue(start, end, "\n".join(_TAG.sub("", line) for line in lines[1:]))


def _check_text(line, number):
    if "-->" in line:
        raise CaptionsError(_("Line %(line)d: an empty line is missing before this caption."), number)
    if "<" in _TAG.sub("", line):
        raise CaptionsError(_("Line %(line)d: only plain words and marks such as <i> may stand here."), number)


def _milliseconds(parts):
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
