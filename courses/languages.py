from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info, override
from wagtail.coreutils import get_supported_content_language_variant


def page_languages(page, request):
    """What the base page needs to offer this page in its other languages, and to mark the language of its text."""
    versions = list(page.get_translations(inclusive=True).live().select_related("locale"))
    language = page.locale.language_code
    return {
        "translations": [
            {"code": version.locale.language_code, "url": version.get_url(request), "is_written": True}
            for version in versions
        ]
        + _other_chrome(versions, request),
        "content_language": language,
        "content_direction": direction(language),
    }


def first_language():
    """The language that the content is translated from, without asking the database."""
    return get_supported_content_language_variant(settings.LANGUAGE_CODE)


def content_language():
    """The language in which the reader is shown what is written."""
    try:
        return get_supported_content_language_variant(get_language())
    except LookupError:
        return first_language()


def direction(language):
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


def name(language):
    """A language as its own speakers write it: whoever looks for it reads it."""
    return get_language_info(language)["name_local"]


def reader_url(page, request):
    """The page's address; what is written in no language of the reader's keeps at least the chrome in it."""
    url, language = page.get_url(request), get_language()
    if url and language in _chrome_only() and page.locale.language_code == first_language():
        return _in_chrome(url, page.locale.language_code, language)
    return url


def reader(request):
    """What addresses and their language depend on, beside the page: for keys of what is kept (`ui.kept`)."""
    # As Wagtail finds the site: also on the page that tells of an address that is not ours.
    return get_language(), request._get_raw_host(), request.is_secure()  # noqa: SLF001


def _chrome_only():
    """Languages of the site in which no content is written: Wagtail serves those of the first language there."""
    written = {code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES}
    return [code for code, _name in settings.LANGUAGES if code not in written]


def _other_chrome(versions, request):
    first = first_language()
    source = next((version for version in versions if version.locale.language_code == first), None)
    if source is None:
        return []
    url = source.get_url(request)
    return [{"code": code, "url": _in_chrome(url, first, code), "is_written": False} for code in _chrome_only()]


def _in_chrome(url, written_in, language):
    with override(written_in):
        return translate_url(url, language)
