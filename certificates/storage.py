from django.conf import settings
from django.core import checks
from django.core.files.storage import FileSystemStorage, default_storage, storages

ALIAS = "oberih_private"


def private():
    """Where certificates lie: outside of what a web server hands to anybody who knows the path.

    A site that names no such storage has them in its default one; see the check below.
    """
    return storages[ALIAS] if ALIAS in settings.STORAGES else default_storage


def check_files_are_private(app_configs, **kwargs):
    if (
        ALIAS in settings.STORAGES
        or not settings.MEDIA_ROOT
        or not isinstance(storages["default"], FileSystemStorage)
    ):
        return []
    return [
        checks.Warning(
            "Certificates lie in MEDIA_ROOT, which web servers are usually told to serve to everybody.",
            hint=f'Name a storage of their own in STORAGES["{ALIAS}"], in a folder that nothing serves.',
            id="oberih_certificates.W001",
        )
    ]
