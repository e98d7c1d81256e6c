"""What a page may load and who may frame it: one policy for the site, another for Wagtail's admin.

django-csp writes the header. Django brings its own middleware from version 6.0 on; when the oldest Django that the site
runs on has it, this file becomes `SECURE_CSP` and a decorator.
"""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.urls import NoReverseMatch, reverse


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


class ContentPolicyMiddleware(CSPMiddleware):
    """Outside of everything that answers by itself, so that kept pages and errors carry the policy too.

    A response that brings a policy of its own keeps it: documents and kept mails allow even less.
    """

    def get_policy_parts(self, request, response, report_only=False):
        if report_only or is_file_of_ours(request):
            return PolicyParts()
        policy = settings.CONTENT_POLICY
        return PolicyParts(config=admin(policy) if _is_admin(request) else policy)


def is_file_of_ours(request):
    """Style sheets, scripts and typefaces, which are no pages: what such headers weigh, a first visit pays twenty times."""
    return request.path.startswith(settings.STATIC_URL)


def _is_admin(request):
    try:
        # Asked for each time: the admin stands where the site put it, and that may be below the language.
        home = reverse("wagtailadmin_home", urlconf=getattr(request, "urlconf", None))
    except NoReverseMatch:
        return False
    return request.path.startswith(home)
