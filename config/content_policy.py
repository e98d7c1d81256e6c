"""What a page may load and who may frame it: one policy for the site, another for Wagtail's admin.

django-csp writes the header. Django brings its own middleware from version 6.0 on; when the oldest Django that the site
runs on has it, this file becomes `SECURE_CSP` and a decorator.
"""

from functools import lru_cache

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from csp.utils import build_policy, default_config
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from ui import frames


def strict(*, images=(), forms=(), frames=False):
    """The site's own pages: files of this site, nothing written into a page, nothing of anybody else.

    `images` are origins that uploaded pictures come from, `forms` origins that a form may lead on to, as a log-in with
    another provider does.
    """
    return {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *images],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF, *images],
        "worker-src": [SELF],
        "frame-src": [SELF if frames else NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *forms],
        # Wagtail shows an editor the page in a frame of its own.
        "frame-ancestors": [SELF],
    }


def admin(policy):
    """The same for Wagtail's admin, whose pages hold scripts and styles, and pictures made in the browser."""
    return {
        **policy,
        "script-src": [*policy["script-src"], UNSAFE_INLINE],
        "style-src": [*policy["style-src"], UNSAFE_INLINE],
        "img-src": [*policy["img-src"], "data:", "blob:"],
        "frame-src": [SELF],
    }


class ContentPolicyMiddleware:
    """Outside of everything that answers by itself, so that kept pages and errors carry the policy too.

    A response that brings a policy of its own keeps it: documents and kept mails allow even less. The header is written once
    for each policy, since nothing in it changes from page to page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # Django's own pages of errors, which only debug mode has, hold their styles.
        is_djangos = settings.DEBUG and response.status_code in {404, 500}
        framed = frames.taken_from(response)
        if response.status_code == 304:
            # A browser takes what such an answer says into the page that it has, and that page has its policy.
            return response
        if HEADER not in response and not is_djangos and not is_file_of_ours(request):
            policy = settings.CONTENT_POLICY
            policy = admin(policy) if _is_admin(request) else policy
            if framed:
                policy = {**policy, "frame-src": [*(one for one in policy["frame-src"] if one != NONE), *framed]}
            response[HEADER] = _written(tuple((directive, tuple(values)) for directive, values in policy.items()))
        return response


@lru_cache
def _written(policy):
    return build_policy(config=default_config({directive: list(values) for directive, values in policy}))


def is_file_of_ours(request):
    """Style sheets, scripts and typefaces, which are no pages: what such headers weigh, a first visit pays twenty times."""
    return request.path.startswith(settings.STATIC_URL)


def _is_admin(request):
    # The admin stands where the site put it, and that may be below the language.
    home = _admin_home(getattr(request, "urlconf", None) or settings.ROOT_URLCONF, get_language())
    return bool(home) and request.path.startswith(home)


@lru_cache
def _admin_home(urlconf, language):
    try:
        return reverse("wagtailadmin_home", urlconf=urlconf)
    except NoReverseMatch:
        return ""
