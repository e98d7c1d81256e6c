from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Info
from django.http.request import validate_host

from courses.conf import conf
from courses.packages.origin import is_loopback

_MIDDLEWARE = "courses.middleware.PackageHostMiddleware"


def check_package_origin(app_configs, **kwargs):
    """Packages run strangers' scripts: on the site's own host they could read all that its reader may."""
    if not conf.PACKAGE_ORIGIN:
        return []
    packages = urlsplit(conf.PACKAGE_ORIGIN)
    site = urlsplit(getattr(settings, "WAGTAILADMIN_BASE_URL", "") or "")
    if packages.scheme not in {"http", "https"} or not packages.hostname or packages.path or packages.query:
        return [
            Error(
                "OBERIH_COURSES_PACKAGE_ORIGIN is not an origin.",
                hint="Write scheme and host name and nothing else, as in https://packages.example.org.",
                id="oberih_courses.E001",
            )
        ]
    errors = []
    if packages.hostname == site.hostname:
        errors.append(
            Error(
                "OBERIH_COURSES_PACKAGE_ORIGIN has the site's own host name.",
                hint="Give packages another one; another port does not suffice, since cookies know no ports.",
                id="oberih_courses.E002",
            )
        )
    if _MIDDLEWARE not in settings.MIDDLEWARE:
        errors.append(
            Error(
                "OBERIH_COURSES_PACKAGE_ORIGIN is set, but the host name would serve the whole site.",
                hint=f"Put {_MIDDLEWARE} into MIDDLEWARE, right after SecurityMiddleware.",
                id="oberih_courses.E003",
            )
        )
    if site.scheme == "https" and packages.scheme != "https" and not is_loopback(packages.hostname):
        errors.append(
            Error(
                "OBERIH_COURSES_PACKAGE_ORIGIN is not encrypted, but the site is: browsers refuse such a frame.",
                hint="Write https:// and let the certificate name that host, too.",
                id="oberih_courses.E004",
            )
        )
    if settings.ALLOWED_HOSTS and not validate_host(packages.hostname, settings.ALLOWED_HOSTS):
        errors.append(
            Error(
                "ALLOWED_HOSTS does not hold the host name of the packages.",
                hint=f"Add {packages.hostname!r}.",
                id="oberih_courses.E005",
            )
        )
    return errors


def check_packages_are_on(app_configs, **kwargs):
    if conf.PACKAGE_ORIGIN:
        return []
    return [
        Info(
            "SCORM and H5P packages are off: they have no host name of their own.",
            hint="Set OBERIH_COURSES_PACKAGE_ORIGIN (in the demo site PACKAGE_ORIGIN) to a second name of this server.",
            id="oberih_courses.I001",
        )
    ]
