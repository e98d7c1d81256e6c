"""The site as it is deployed, with two views beside it that a registration and a page are measured against."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.load.event_settings"

from config.wsgi import application

__all__ = ["application"]
