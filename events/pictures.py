"""Pictures that people send: drawn anew, so that nothing stays in them of where and with what they were taken."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps

# A photograph of a good telephone. It is read at half its size, so that it fits into the memory.
_MOST_PIXELS = 60_000_000
_ENOUGH = (3000, 3000)
# A PNG can only be read whole: a small file may say that it is so large that a few of them at once fill the memory.
_MOST_PIXELS_WHOLE = 24_000_000
_FORMATS = {"JPEG": {"quality": 88}, "PNG": {"optimize": True}}


class PictureError(Exception):
    """This is no picture that can be drawn."""


def drawn_anew(file):
    """The same picture the right way up, as a new file of the same name. Raises PictureError."""
    try:
        picture = Image.open(file, formats=list(_FORMATS))
        # Telephones put a second picture behind the first, and Pillow calls that by another name.
        kind = "PNG" if picture.format == "PNG" else "JPEG"
        if picture.width * picture.height > (_MOST_PIXELS_WHOLE if kind == "PNG" else _MOST_PIXELS):
            raise PictureError
        picture.draft(None, _ENOUGH)
        ImageOps.exif_transpose(picture, in_place=True)
        # Only the dots: not the place, the time and the telephone, nor the small copy of what was cut off.
        clean = Image.new(picture.mode, picture.size)
        if picture.mode == "P":
            clean.putpalette(picture.getpalette())
        clean.paste(picture)
        drawn = io.BytesIO()
        clean.save(drawn, kind, **_FORMATS[kind])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError from error
    return SimpleUploadedFile(file.name, drawn.getvalue(), file.content_type)
