"""Pictures that people send: drawn anew, so that nothing stays in them of where and with what they were taken."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps

# A photograph of a good telephone; what says that it is larger would fill the memory.
_MOST_PIXELS = 60_000_000
_FORMATS = {"JPEG": {"quality": 88}, "PNG": {"optimize": True}}


class PictureError(Exception):
    """This is no picture that can be drawn."""


def drawn_anew(file):
    """The same picture the right way up, as a new file of the same name. Raises PictureError."""
    try:
        picture = Image.open(file, formats=list(_FORMATS))
        kind = picture.format
        if picture.width * picture.height > _MOST_PIXELS:
            raise PictureError
        upright = ImageOps.exif_transpose(picture)
        # Only the dots: not the place, the time and the telephone, nor the small copy of what was cut off.
        clean = Image.new(upright.mode, upright.size)
        if upright.mode == "P":
            clean.putpalette(upright.getpalette())
        clean.paste(upright)
        drawn = io.BytesIO()
        clean.save(drawn, kind, **_FORMATS[kind])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError from error
    return SimpleUploadedFile(file.name, drawn.getvalue(), file.content_type)
