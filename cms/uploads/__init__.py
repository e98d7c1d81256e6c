"""What editors may upload. Wagtail's three ways in (one file, many files, the chooser) share the forms named here."""

from cms.uploads.documents import DocumentForm
from cms.uploads.images import ImageForm

__all__ = ["DocumentForm", "ImageForm"]
