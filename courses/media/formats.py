"""What an uploaded video or audio is, by its content, and how long it lasts. Nothing is decoded: headers say both."""

import struct
from dataclasses import dataclass

# Beyond this no header is read, whatever size a file names.
_MOST_HEADER = 32 * 1024 * 1024
# What ends a file in Ogg, and what a tag before the first frame of an MP3 may take.
_TAIL = 128 * 1024

TYPES = {
    ".mp4": ("video", "video/mp4"),
    ".webm": ("video", "video/webm"),
    ".m4a": ("audio", "audio/mp4"),
    ".mp3": ("audio", "audio/mpeg"),
    ".ogg": ("audio", "audio/ogg"),
}


@dataclass(frozen=True)
class Found:
    """`seconds` is None where the headers do not say."""

    endings: tuple[str, ...]
    seconds: float | None


def look(file):
    """What the file is, or None if it is nothing that browsers play. A broken header is like none."""
    file.seek(0)
    begin = file.read(64)
    try:
        if begin[4:8] == b"ftyp":
            return _mp4(file)
        if begin.startswith(b"\x1a\x45\xdf\xa3"):
            return _webm(file)
        if begin.startswith(b"OggS"):
            return _ogg(file)
        if begin.startswith(b"ID3") or (len(begin) > 1 and begin[0] == 0xFF and begin[1] & 0xE0 == 0xE0):
            return _mp3(file)
    except (struct.error, ValueError, IndexError, OverflowError, ZeroDivisionError):
        # Sizes that lie, numbers that no file has, or the end where more was promised.
        return None
    return None


def _size(file):
    return file.seek(0, 2)


def _boxes(file, position, end):
    """(kind, where its content begins, where it ends) of the boxes of an MP4 file."""
    while position + 8 <= end:
        file.seek(position)
        length, kind = struct.unpack(">I4s", file.read(8))
        content = position + 8
        if length == 1:
            length = struct.unpack(">Q", file.read(8))[0]
            content += 8
        elif length == 0:
            length = end - position
        if length < content - position:
            return
        yield kind, content, min(position + length, end)
        position += length


def _mp4(file):
    handlers, seconds, has_movie = set(), None, False
    for kind, begin, end in _boxes(file, 0, _size(file)):
        if kind != b"moov":
            continue
        has_movie = True
        for inner, first, last in _boxes(file, begin, end):
            if inner == b"mvhd":
                seconds = _mvhd(file, first)
            elif inner == b"trak":
                handlers.add(_handler(file, first, last))
    if not has_movie:
        return None
    if b"vide" in handlers:
        return Found((".mp4",), seconds)
    return Found((".m4a",), seconds) if b"soun" in handlers else None


def _mvhd(file, position):
    file.seek(position)
    content = file.read(32)
    if content[0] == 1:
        scale, length = struct.unpack(">IQ", content[20:32])
    else:
        scale, length = struct.unpack(">II", content[12:20])
    return length / scale if scale and length else None


def _handler(file, begin, end):
    """What a track holds, as its medium's handler says."""
    for kind, first, last in _boxes(file, begin, end):
        if kind == b"mdia":
            for inner, content, _end in _boxes(file, first, last):
                if inner == b"hdlr":
                    file.seek(content + 8)
                    return file.read(4)
    return b""


def _number(file, keep_marker):
    """A number of variable length, as EBML writes ids (with the marker) and sizes (without); None for an unknown size."""
    first = file.read(1)[0]
    width = 9 - first.bit_length()
    value = first if keep_marker else first & ((1 << (8 - width)) - 1)
    rest = file.read(width - 1)
    for byte in rest:
        value = value << 8 | byte
    if not keep_marker and value == (1 << (7 * width)) - 1:
        return None
    return value


def _elements(file, position, end):
    while position < end:
        file.seek(position)
        kind = _number(file, keep_marker=True)
        length = _number(file, keep_marker=False)
        content = file.tell()
        last = end if length is None else min(content + length, end)
        yield kind, content, last
        position = last


_DOCTYPE, _SEGMENT, _INFO, _SCALE, _DURATION = 0x4282, 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489


def _webm(file):
    doctype, scale, length = b"", 1_000_000, None
    end = min(_size(file), _MOST_HEADER)
    for kind, begin, last in _elements(file, 0, end):
        if kind == _SEGMENT:
            for inner, first, info_end in _elements(file, begin, last):
                if inner == _INFO:
                    scale, length = _info(file, first, info_end)
                    break
            break
        for inner, first, inner_end in _elements(file, begin, last):
            if inner == _DOCTYPE:
                file.seek(first)
                doctype = file.read(min(inner_end - first, 16)).rstrip(b"\0")
    if doctype != b"webm":
        return None
    return Found((".webm",), length * scale / 1_000_000_000 if length else None)


def _info(file, begin, end):
    scale, length = 1_000_000, None
    for kind, first, last in _elements(file, begin, end):
        file.seek(first)
        if kind == _SCALE:
            scale = int.from_bytes(file.read(min(last - first, 8)), "big")
        elif kind == _DURATION:
            length = struct.unpack(">f" if last - first == 4 else ">d", file.read(min(last - first, 8)))[0]
    return scale, length


def _ogg(file):
    size = _size(file)
    file.seek(0)
    begin = file.read(512)
    packet = begin[27 + begin[26] :]
    if packet.startswith(b"\x01vorbis"):
        rate, skip = struct.unpack("<I", packet[12:16])[0], 0
    elif packet.startswith(b"OpusHead"):
        rate, skip = 48_000, struct.unpack("<H", packet[10:12])[0]
    else:
        return None
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    page = tail.rfind(b"OggS")
    granule = struct.unpack("<q", tail[page + 6 : page + 14])[0] if page >= 0 else 0
    return Found((".ogg",), (granule - skip) / rate if granule > skip else None)


_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_KBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def _mp3(file):
    size = _size(file)
    file.seek(0)
    tag = file.read(10)
    start = 0
    if tag.startswith(b"ID3"):
        start = 10 + (tag[6] << 21 | tag[7] << 14 | tag[8] << 7 | tag[9])
    file.seek(start)
    frame = file.read(512)
    # Layer III of MPEG 1, 2 or 2.5, with a rate that is one.
    if frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2 or frame[2] >> 4 in {0, 15} or frame[2] >> 2 & 3 == 3:
        return None
    version = frame[1] >> 3 & 3
    if version == 1:
        return None
    rate = _RATES[version][frame[2] >> 2 & 3]
    samples = 1152 if version == 3 else 576
    for name in (b"Xing", b"Info"):
        place = frame.find(name)
        if place > 0 and struct.unpack(">I", frame[place + 4 : place + 8])[0] & 1:
            frames = struct.unpack(">I", frame[place + 8 : place + 12])[0]
            return Found((".mp3",), frames * samples / rate)
    bits = _KBITS[version == 3][frame[2] >> 4] * 1000
    return Found((".mp3",), (size - start) * 8 / bits)
