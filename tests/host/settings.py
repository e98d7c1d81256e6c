"""A Wagtail site of somebody else's, with some of the rooms; what a guest may expect and no more."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent
ROOMS = os.environ["HOST_ROOMS"].split()

SECRET_KEY = "host-only-host-only-host-only-host-only-host-only-0123456789"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    *reversed(ROOMS),
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtailmedia",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / f"{len(ROOMS)}-rooms.sqlite3",
        # What the rooms ask of SQLite: seats are counted and given in one step.
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("uk", "Ukrainian")]
WAGTAIL_I18N_ENABLED = USE_TZ = True
STATIC_URL = "static/"
WAGTAIL_SITE_NAME = "Host"
WAGTAILADMIN_BASE_URL = "http://localhost:8000"
CELERY_TASK_ALWAYS_EAGER = True
OBERIH_PARTICIPANTS_CONTACT_KEYS = {"1": "host-only"}
