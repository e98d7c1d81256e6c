import logging.config
import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("oberih")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _log_as_the_site_does(**kwargs):
    """Otherwise Celery puts handlers of its own into a worker, which write what exceptions say."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
