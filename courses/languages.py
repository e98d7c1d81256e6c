from django.utils.translation import get_language_info


def page_languages(page, request):
    """What the base page needs to offer this page in its other languages, and to mark the language of its text."""
    versions = page.get_translations(inclusive=True).live().select_related("locale")
    language = page.locale.language_code
    return {
        "translations": [
            {"code": version.locale.language_code, "url": version.get_url(request)} for version in versions
        ],
        "content_language": language,
        "content_direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
    }
