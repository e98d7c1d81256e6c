"""Packages are served from a host name of their own, with a token in the path instead of cookies.

So their scripts find nothing there: no session, no page of the site, no cookie. The same process answers on both names; which one
was asked decides everything (`courses.middleware`). There is no fallback on the site's own origin.
"""

import ipaddress
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core import signing
from django.core.cache import cache
from django.core.exceptions import DisallowedHost

from courses.conf import conf

# How long a token opens a package by itself, and how long the player's page can prolong that.
TOKEN_SECONDS = 4 * 3600
LONGEST_SECONDS = 24 * 3600
_SALT = "oberih.courses.package"


def is_loopback(host):
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _host_and_port(request):
    parts = urlsplit(f"//{request.get_host()}")
    return parts.hostname or "", parts.port


def is_package_host(request):
    """Whether the request came to the packages' host name, where nothing else is."""
    if not conf.PACKAGE_ORIGIN:
        return False
    try:
        host, _port = _host_and_port(request)
    except (DisallowedHost, ValueError):
        return False
    # Whatever the port: cookies know none, so a name that packages have is theirs on every port.
    return host == urlsplit(conf.PACKAGE_ORIGIN).hostname


def origin_for(request):
    """Where the packages are for whoever reads the site at this request's address; empty where they cannot be."""
    if not conf.PACKAGE_ORIGIN:
        return ""
    host, port = _host_and_port(request)
    packages = urlsplit(conf.PACKAGE_ORIGIN)
    if not is_loopback(packages.hostname or ""):
        return conf.PACKAGE_ORIGIN if host != packages.hostname else ""
    # Such an address is the reader's own machine: of use to whoever runs the site there.
    if not is_loopback(host) or host == packages.hostname:
        return ""
    port = packages.port or port
    return f"{request.scheme}://{packages.hostname}" + (f":{port}" if port else "")


@dataclass(frozen=True)
class Pass:
    """What a token says: which folder it opens, in which player, framed by which site."""

    launch: str
    folder: str
    kind: str
    site: str


def token_for(one):
    signer = signing.TimestampSigner(sep=".", salt=_SALT)
    return signer.sign_object([one.launch, one.folder, one.kind, one.site])


def pass_of(token):
    """The pass of a token that still opens something; None otherwise."""
    signer = signing.TimestampSigner(sep=".", salt=_SALT)
    try:
        found = Pass(*signer.unsign_object(token, max_age=LONGEST_SECONDS))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    try:
        signer.unsign(token, max_age=TOKEN_SECONDS)
    except signing.SignatureExpired:
        return found if cache.get(_key(found.launch)) else None
    return found


def prolong(launch):
    """The player's page is still open: its token opens the package for another while, up to a day in all."""
    cache.set(_key(launch), int(time.time()), TOKEN_SECONDS)


def _key(launch):
    return f"oberih_courses.package.{launch}"
