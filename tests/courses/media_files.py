"""Videos and audios of a few hundred bytes: true headers, nothing that could be seen or heard."""

import struct
import uuid

from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Collection
from wagtailmedia.models import Media

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nSay hello.\n\n2\n00:02.000 --> 00:04.500\n<v Olena>Sit down.\n"


def box(kind, *content):
    content = b"".join(content)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def mp4(seconds=90, handler=b"vide", version=0):
    times = struct.pack(">IIII", 0, 0, 1000, seconds * 1000)
    if version == 1:
        times = struct.pack(">QQIQ", 0, 0, 1000, seconds * 1000)
    header = box(b"mvhd", bytes([version, 0, 0, 0]), times, bytes(80))
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(12))))
    return box(b"ftyp", b"isom\0\0\0\0") + box(b"mdat", bytes(300)) + box(b"moov", header, track)


def element(kind, *content):
    content = b"".join(content)
    # Sizes of four bytes.
    return bytes.fromhex(kind) + struct.pack(">I", 0x10000000 | len(content)) + content


def webm(seconds=30, doctype=b"webm"):
    info = element(
        "1549a966", element("2ad7b1", b"\x0f\x42\x40"), element("4489", struct.pack(">d", seconds * 1000))
    )
    return element("1a45dfa3", element("4282", doctype)) + element("18538067", info)


def page_of_ogg(packet, granule=0):
    return b"OggS\0\0" + struct.pack("<q", granule) + bytes(12) + bytes([1, len(packet)]) + packet


def ogg(seconds=20):
    begin = b"\x01vorbis" + bytes(5) + struct.pack("<I", 44_100) + bytes(14)
    return page_of_ogg(begin) + page_of_ogg(bytes(8), granule=seconds * 44_100)


def opus(seconds=20):
    begin = b"OpusHead\x01\x02" + struct.pack("<HI", 312, 48_000) + bytes(3)
    return page_of_ogg(begin) + page_of_ogg(bytes(8), granule=seconds * 48_000 + 312)


def mp3(seconds=10, tag=b""):
    # 128 kbit/s, 44,100 Hz: 16,000 bytes a second.
    return tag + b"\xff\xfb\x90\x00" + bytes(seconds * 16_000 - 4)


def mp3_that_varies(frames=100):
    head = b"\xff\xfb\x90\x00" + bytes(32) + b"Xing" + struct.pack(">II", 1, frames)
    return head + bytes(500)


def collection():
    return Collection.objects.first() or Collection.add_root(name="Root")


def video(content=None, name=None, **fields):
    name = name or f"{uuid.uuid4()}.mp4"
    return Media.objects.create(
        **{
            "title": "A film",
            "type": "video",
            "duration": 90,
            "collection": collection(),
            "file": ContentFile(mp4() if content is None else content, name),
            **fields,
        }
    )


def audio(**fields):
    return video(
        **{"content": mp3(1), "name": f"{uuid.uuid4()}.mp3", "type": "audio", "title": "A voice", **fields}
    )


def captions(content=CAPTIONS, name=None):
    file = ContentFile(content.encode() if isinstance(content, str) else content, name or f"{uuid.uuid4()}.vtt")
    return Document.objects.create(title="Captions", file=file, collection=collection())


def items(*values):
    return [{"type": "item", "id": str(uuid.uuid4()), "value": value} for value in values]


def video_block(file=None, captions=(), **value):
    """`captions` are (language, document)."""
    return {
        "type": "video",
        "id": str(uuid.uuid4()),
        "value": {
            "title": "How to greet",
            "file": file and file.pk,
            "address": "",
            "minutes": None,
            "captions": items(*({"language": code, "document": document.pk} for code, document in captions)),
            "has_captions": False,
            "transcript": "<p>Say hello.</p>",
            "other_languages": items(*value.pop("versions", ())),
            **value,
        },
    }


def audio_block(file, **value):
    return {
        "type": "audio",
        "id": str(uuid.uuid4()),
        "value": {
            "title": "A voice",
            "file": file.pk,
            "transcript": "<p>Come in.</p>",
            "other_languages": items(*value.pop("versions", ())),
            **value,
        },
    }


def story_block(scenes=None, start="bus"):
    """`scenes` are (key, [(text, feedback, leads_to)]); without any, a short story of two."""
    scenes = scenes or [
        ("bus", [("Ask aloud", "He hears it.", "alone"), ("Look away", "Nobody asks her.", "")]),
        ("alone", [("Listen", "She tells you.", ""), ("Go back", "", "bus")]),
    ]
    return {
        "type": "case_story",
        "id": str(uuid.uuid4()),
        "value": {
            "title": "At the bus station",
            "start": start,
            "scenes": items(
                *(
                    {
                        "key": key,
                        "text": f"<p>Scene {key}.</p>",
                        "choices": items(
                            *(
                                {"text": text, "feedback": feedback, "leads_to": leads_to}
                                for text, feedback, leads_to in choices
                            )
                        ),
                    }
                    for key, choices in scenes
                )
            ),
        },
    }
