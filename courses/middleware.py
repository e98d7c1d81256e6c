"""Middleware of this room; `docs/reference/settings.md` says where in the list each belongs."""

from courses.packages import origin, serving


class PackageHostMiddleware:
    """On the packages' host name nothing but packages is served, and there only.

    Stands after SecurityMiddleware and before everything else: no session, no cookie, no page and no style sheet of the site is
    to be had at that name, whatever is asked for.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if origin.is_package_host(request):
            return serving.answer(request)
        return self.get_response(request)
