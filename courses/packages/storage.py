from django.conf import settings
from django.core.files.storage import default_storage, storages

ALIAS = "oberih_private"


def private():
    """Where packages lie: outside of what a web server hands to anybody who knows the path."""
    return storages[ALIAS] if ALIAS in settings.STORAGES else default_storage


def delete_folder(folder):
    """Delete all that lies in a folder; one that is gone already is as good."""
    files = private()
    try:
        folders, names = files.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        files.delete(f"{folder}/{name}")
    for name in folders:
        delete_folder(f"{folder}/{name}")
    # An empty directory; an object store knows none.
    files.delete(folder)
