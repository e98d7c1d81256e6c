"""The site: settings by environment, addresses, Celery, WSGI and ASGI. It imports every room; no room imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
