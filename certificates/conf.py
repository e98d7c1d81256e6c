from django.conf import settings

from ui.conf import conf as ui


def issuer():
    """Who awards: printed on the certificate and shown when it is verified."""
    return getattr(settings, "OBERIH_CERTIFICATES_ISSUER", "") or ui.SITE_NAME
