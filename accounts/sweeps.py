from importlib import import_module

from django.conf import settings

from notifications import work


@work.sweep("accounts.sessions")
def sessions():
    """Sessions that are over, of those who never came back to log out. What the engine deletes it does not count."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return 0
