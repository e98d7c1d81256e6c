"""Pictures are drawn anew: what is kept is what can be seen, without places, cameras, thumbnails or a second file inside."""

import io
import warnings
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

# What each ending is written as. A format with scripts in it (SVG) or with rarely used decoders is not among them.
FORMATS = {
    ".jpg": ("JPEG", {"quality": 90, "progressive": True}),
    ".jpeg": ("JPEG", {"quality": 90, "progressive": True}),
    ".png": ("PNG", {"optimize": True}),
    ".webp": ("WEBP", {"quality": 90}),
}
_MODES = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA", "1"), "WEBP": ("RGB", "RGBA")}


def _broken():
    return ValidationError(_("This image cannot be read as a whole. Save it anew and try again."), code="broken")


class ImageField(WagtailImageField):
    def to_python(self, data):
        try:
            return super().to_python(data)
        except ValidationError:
            raise
        except Exception as error:
            # Measuring a file that is broken, or that claims to fill the memory, raises whatever its decoder likes.
            raise _broken() from error


class ImageForm(BaseImageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            # Not declared above: the form of the multiple upload leaves the field out.
            given = self.fields["file"]
            self.fields["file"] = ImageField(label=given.label, required=given.required, widget=given.widget)

    def clean_file(self):
        file = self.cleaned_data["file"]
        # The form of a picture that is there already comes with its file when no new one is sent.
        return redrawn(file) if isinstance(file, UploadedFile) else file


def redrawn(file):
    """An upload that holds the same picture and nothing else. Raises ValidationError where there is no whole picture."""
    kind, options = FORMATS.get(Path(file.name).suffix.lower(), (None, None))
    if kind is None:
        raise ValidationError(_("Only JPEG, PNG and WebP images can be uploaded."), code="kind")
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow first warns of a picture whose pixels would fill the memory, and twice as large refuses it.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=[kind]) as opened:
                drawn = _plain(ImageOps.exif_transpose(opened), kind)
            out = io.BytesIO()
            drawn.save(out, kind, **options)
    except Exception as error:
        # Decoders of broken files raise whatever they happen to stumble over.
        raise _broken() from error
    return SimpleUploadedFile(file.name, out.getvalue(), Image.MIME[kind])


def _plain(image, kind):
    """The first frame's pixels in the colours of the web, on a canvas that knows nothing of the file they came from."""
    image = _in_srgb(image)
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode not in _MODES[kind]:
        image = image.convert("RGBA" if "A" in image.getbands() and kind != "JPEG" else "RGB")
    canvas = Image.new(image.mode, image.size)
    canvas.paste(image)
    return canvas


def _in_srgb(image):
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        # A profile that is broken or of other colours: the picture may look paler, which is better than no picture.
        return image
