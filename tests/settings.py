"""The site as the tests run it: eager tasks, memory mail, and a zone whose 45 minutes find lazy arithmetic."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DEBUG", "false")
os.environ["SECRET_KEY"] = "tests-only-tests-only-tests-only-tests-only-0123456789"
# A folder of this run alone: no file of a person's site is read or written.
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="oberih-tests-")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES, env

DEBUG = False
ALLOWED_HOSTS = ["*"]
SITE_URL = WAGTAILADMIN_BASE_URL = "http://localhost:8000"
TIME_ZONE = "Asia/Kathmandu"
# Tests of the page cache switch it on; all others see what they have just written.
OBERIH_UI_PAGE_CACHE_SECONDS = 0
USE_THOUSAND_SEPARATOR = True
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = env.bool("TESTS_EAGER", True)
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because threads of a live server and of a race share it; kept by --reuse-db for daily work.
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"oberih-tests-{os.getuid()}.sqlite3")
    }
