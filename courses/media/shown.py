"""What a page says of a video or an audio, in the language it is shown in, before anything of it loads."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.template.defaultfilters import filesizeformat
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.media import embeds, formats
from courses.progress import minutes_in_words

KINDS = {"video", "audio"}


@dataclass(frozen=True)
class Medium:
    id: str
    kind: str
    title: str
    # One of the two: a row of the media library, or a film elsewhere.
    file: object
    embed: embeds.Embed | None
    seconds: int
    # {language: document}
    captions: dict
    transcript: object

    @property
    def bytes(self):
        return size_of(self.file.file) if self.file else 0

    @property
    def content_type(self):
        return formats.TYPES.get(Path(self.file.file.name).suffix.lower(), ("", "application/octet-stream"))[1]

    @property
    def tag(self):
        """What is in the file now: a name is never given twice."""
        return hashlib.sha256(self.file.file.name.encode()).hexdigest()[:16]


def medium_from(block, language):
    """The medium of a block as a page in `language` has it; None where its file is gone."""
    value = block.value
    source = next((one for one in value["other_languages"] if one["language"] == language), value)
    file = source["file"]
    embed = embeds.read(source.get("address"))
    if file is None and embed is None:
        return None
    captions = {row["language"]: row["document"] for row in value.get("captions", []) if row["document"]}
    return Medium(
        id=block.id or "",
        kind=block.block_type,
        title=value["title"],
        file=file,
        embed=None if file else embed,
        seconds=round(file.duration or 0) if file else (value.get("minutes") or 0) * 60,
        captions={} if embed and not file else captions,
        transcript=value["transcript"],
    )


def find(body, block_id, language):
    """The medium with this block id, or None."""
    for block in body:
        if block.block_type in KINDS and block.id == str(block_id):
            return medium_from(block, language)
    return None


def size_of(file):
    """The size of a stored file. A storage elsewhere is asked once a file, since a name is never given twice."""

    def ask():
        try:
            return file.size
        except OSError:
            return 0

    return cache.get_or_set(f"oberih_courses.size.{hashlib.sha256(file.name.encode()).hexdigest()}", ask, None)


@dataclass(frozen=True)
class Track:
    language: str
    name: str
    url: str
    # Shown without being asked for where the reader may not know the language that is spoken.
    is_default: bool


@dataclass(frozen=True)
class Player:
    """A medium with its addresses, for `oberih/courses/blocks/media.html`."""

    medium: Medium
    url: str
    tracks: tuple[Track, ...]
    # Where a learner's player says how far it got; strangers' say nothing.
    report: str
    # Where the learner stopped, and how many different seconds they have played.
    position: int
    seconds: int

    @property
    def size(self):
        """How much loads: of a film elsewhere only about."""
        if self.medium.embed:
            return _("about %(count)d MB") % {"count": self.medium.seconds // 60 * embeds.MEGABYTES_A_MINUTE}
        return filesizeformat(self.medium.bytes) if self.medium.bytes else ""

    @property
    def length(self):
        return minutes_in_words(max(1, round(self.medium.seconds / 60))) if self.medium.seconds else ""


def player(medium, page, *, is_draft=False, is_kept=False, position=0, seconds=0):
    """`is_draft`: an editor looks at what is not published, so that the lesson's own addresses know nothing of it."""
    key = page.translation_key
    if medium.embed:
        url = medium.embed.page
    elif is_draft:
        url = admin_url(medium.file.file.name)
    else:
        url = f"{reverse('oberih_courses:media_file', args=[key, medium.id])}?v={medium.tag[:8]}"
    return Player(
        medium=medium,
        url=url,
        tracks=tuple(_tracks(medium, page, is_draft=is_draft)),
        report=reverse("oberih_courses:learning") + f"lessons/{key}/media/{medium.id}/" if is_kept else "",
        position=position,
        seconds=seconds,
    )


def _tracks(medium, page, *, is_draft):
    names = dict(settings.LANGUAGES)
    written, reader = page.locale.language_code, get_language()
    for language, document in medium.captions.items():
        url = (
            document.url
            if is_draft
            else reverse("oberih_courses:media_captions", args=[page.translation_key, medium.id, language])
        )
        yield Track(language, str(names.get(language, language)), url, language == reader != written)


def admin_url(name):
    """Where an editor finds a file of the library; nowhere on a site that has no such address."""
    try:
        return reverse("oberih_library_file", args=[name])
    except NoReverseMatch:
        return ""
