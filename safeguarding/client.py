"""From where a request comes, as far as that can be believed."""

import ipaddress

from safeguarding import conf


def address(request):
    """The client's address. An IPv6 network of the size that one household gets counts as one address.

    Only what our own proxies wrote is read: whoever sends `X-Forwarded-For` along has it at the front of the list, and
    each proxy adds at the end.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    proxies = conf.trusted_proxies()
    if proxies > 0:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(forwarded) >= proxies and _parsed(forwarded[-proxies]) is not None:
            seen = forwarded[-proxies]
    parsed = _parsed(seen)
    if parsed is None:
        # A socket of this machine: there is one client, the server before us.
        return "local"
    if parsed.version == 6:
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def _parsed(text):
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
