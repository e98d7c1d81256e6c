"""The site, chosen by environment variables. Each has a default here; `docs/reference/settings.md` lists them.

Without any variable but a secret key the site runs on one machine: SQLite, local files, tasks in the process.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.content_policy import strict

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# `make setup` writes this file with a secret key of its own; variables that are set already win over it.
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Run `make setup`, which writes .env, or set the variable to 50 random characters."
    )
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
# Packages of courses have a host name of their own, which serves nothing else. On one's own machine that is its address, at
# the site's port; elsewhere a second name, or there are no packages.
_here = (urlsplit(SITE_URL).hostname or "").endswith("localhost")
OBERIH_COURSES_PACKAGE_ORIGIN = env.str("PACKAGE_ORIGIN", "http://127.0.0.1" if _here else "").rstrip("/")
if (_packages_host := urlsplit(OBERIH_COURSES_PACKAGE_ORIGIN).hostname) and _packages_host not in ALLOWED_HOSTS:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, _packages_host]
OBERIH_COURSES_H5P_DIR = env.str("H5P_DIR", "")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
INTERNAL_IPS = []

INSTALLED_APPS = [
    "config.apps.SiteConfig",
    "cms",
    "accounts",
    "reporting",
    "certificates",
    "attendance",
    "events",
    "courses",
    "notifications",
    "participants",
    "safeguarding",
    "ui",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
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
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.headers.NulMiddleware",
    # What comes to the packages' host name goes no further.
    "courses.middleware.PackageHostMiddleware",
    "config.content_policy.ContentPolicyMiddleware",
    "config.headers.HeadersMiddleware",
    # Outside of WhiteNoise, so that style sheets are small where nobody compressed them beforehand.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    # Before everything that would look for a session, a language or a user.
    "ui.middleware.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AccountsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # With the defaults two people who write at once get "database is locked"; IMMEDIATE is also what makes the
    # count of seats and the seat one step (see the check oberih_events.E001).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", "locmemcache://oberih")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    CACHES["default"]["BACKEND"] = "config.caching.RedisCache"
# Whoever changes a template wants to see it.
OBERIH_UI_PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", 0 if DEBUG else 60)

AUTH_USER_MODEL = "oberih_accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend", "safeguarding.backends.RoleBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "oberih_courses:learning"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignUpForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_UNIQUE_EMAIL = True
# A change of address or password is told to the address that it was.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
# No limit harms a hall whose two hundred people share one address: those by address only stop floods, those by account
# are tight and short. Whoever is kept from the password by somebody else's wrong tries gets in by a code.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "100/m/ip,5/5m/key",
    "request_login_code": "600/m/ip,3/m/key",
    "signup": "300/m/ip",
    "reset_password": "100/m/ip,5/m/key",
    "reset_password_from_key": "300/m/ip",
}
MFA_ADAPTER = "accounts.factors.Adapter"
MFA_FORMS = {"add_webauthn": "accounts.forms.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
# Following what each session does would write at every request.
USERSESSIONS_TRACK_ACTIVITY = False
# The keys of the second factors' secrets, outside the database; "version:key", the newest last.
OBERIH_ACCOUNTS_SECRETS = dict(
    pair.split(":", 1) for pair in env.list("OBERIH_ACCOUNTS_SECRETS", default=[f"1:{SECRET_KEY}"])
)
# In a demonstration nobody has to hold a telephone; where DEBUG is off this has no effect, and a check refuses it.
OBERIH_ACCOUNTS_SECOND_FACTOR = not env.bool("DEMO_WITHOUT_SECOND_FACTOR", False)
if oidc_url := env.str("OIDC_URL", ""):
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "accounts.social.SocialAccountAdapter"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": env.str("OIDC_NAME", "OpenID Connect"),
                    "client_id": env.str("OIDC_CLIENT_ID"),
                    "secret": env.str("OIDC_SECRET"),
                    "settings": {"server_url": oidc_url},
                }
            ],
            # Whoever controls an address there might be anybody here, unless the provider says that it is proved.
            "VERIFIED_EMAIL": False,
            "OAUTH_PKCE_ENABLED": True,
        }
    }
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
# Who somebody is hangs on an address that they proved to be theirs; Wagtail's form takes any.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# A password that is shared knows nobody, and no limit counts how often it is guessed.
WAGTAIL_PRIVATE_PAGE_OPTIONS = WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("uk", _("Ukrainian")), ("ar", _("Arabic"))]
# Wagtail serves a page in its own language where it has no translation; the chrome is in the reader's.
WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("uk", "Українська")]
LOCALE_PATHS = [BASE_DIR / "locales"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = USE_TZ = WAGTAIL_I18N_ENABLED = True
TIME_ZONE = env.str("TIME_ZONE", "Europe/Kyiv")

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "media/"
# A web server may serve this whole folder: it holds pictures in the sizes that pages show, and nothing else. What was
# uploaded, and what was issued to somebody, lies in a folder that has no address.
MEDIA_ROOT = VAR_DIR / "public"
FILES = "django.core.files.storage.FileSystemStorage"
STORAGES = {
    # Its own addresses lead into Wagtail's admin, where editors hear and see what lies in the media library.
    "default": {
        "BACKEND": FILES,
        "OPTIONS": {"location": VAR_DIR / "media", "base_url": "/admin/training/media/"},
    },
    "renditions": {"BACKEND": FILES, "OPTIONS": {"location": MEDIA_ROOT, "base_url": MEDIA_URL}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
image_origins = []
if storage_url := env.str("STORAGE_URL", ""):
    from config.storage import origins, s3_options

    bucket = s3_options(storage_url)
    STORAGES["default"] = STORAGES["renditions"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": bucket}
    image_origins = origins(bucket)
STORAGES["oberih_private"] = STORAGES["default"]

EMAIL_FILE_PATH = VAR_DIR / "mail"
if DEBUG and "EMAIL_URL" not in os.environ:
    # What would have been sent is kept in files that /mailbox/ shows.
    EMAIL_BACKEND = "notifications.backends.MailboxBackend"
    OBERIH_NOTIFICATIONS_SMS_BACKEND = "notifications.backends.MailboxSms"
else:
    vars().update(env.email_url("EMAIL_URL", "smtp://localhost:25"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Oberih <training@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or "memory://localhost/"
# No broker: a task runs in the process that queued it, after its transaction.
CELERY_TASK_ALWAYS_EAGER = CELERY_BROKER_URL.startswith("memory://")
# gunicorn reads the same variable; a worker changes what pages show, too.
OBERIH_UI_PROCESSES = env.int("WEB_CONCURRENCY", 1) + (0 if CELERY_TASK_ALWAYS_EAGER else 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000  # KiB
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_TIMEZONE = "UTC"
# A broker that hangs must not hold a web request: the work is recorded in rows and a message is only a hint.
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_timeout": 2, "socket_connect_timeout": 2, "visibility_timeout": 600}
    if CELERY_BROKER_URL.startswith("redis")
    else {}
)
CELERY_BEAT_SCHEDULE = {"tick": {"task": "oberih.notifications.tick", "schedule": 60.0}}

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# For browsers that know no `frame-ancestors`. Wagtail loosens it for its previews by itself.
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
behind_proxy = not DEBUG and env.bool("BEHIND_PROXY", True)
# How far `X-Forwarded-For` is believed when something is counted by the client's address.
OBERIH_SAFEGUARDING_TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", int(behind_proxy))
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    if SITE_URL.startswith("https://"):
        # Browsers take such a name only over https and from this very host: no sister site can set one for us.
        SESSION_COOKIE_NAME = "__Host-sessionid"
        CSRF_COOKIE_NAME = "__Host-csrftoken"
CONTENT_POLICY = strict(
    images=image_origins,
    # A log-in with another provider begins with a form and ends there.
    forms=[
        *env.list("CONTENT_POLICY_FORMS", default=[]),
        *(["/".join(oidc_url.split("/")[:3])] if oidc_url else []),
    ],
    # The kept mails of a demonstration and the style guide show pages in frames.
    frames=DEBUG,
)

WAGTAIL_SITE_NAME = "Oberih"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.uploads.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
# Four bytes each while a picture is drawn anew.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.uploads.DocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
# Handed out by the site, which knows who may have them, and never shown in the browser as pages of it.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES = []
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "vtt", "xlsx"]
WAGTAILMEDIA = {
    "MEDIA_FORM_BASE": "courses.media.forms.MediaForm",
    "AUDIO_EXTENSIONS": ["m4a", "mp3", "ogg"],
    "VIDEO_EXTENSIONS": ["mp4", "webm"],
}
OBERIH_COURSES_EMBED_HOSTS = env.list("EMBED_HOSTS", default=["www.youtube-nocookie.com", "player.vimeo.com"])
OBERIH_COURSES_MEDIA_MAX_MB = env.int("MEDIA_MAX_MB", 200)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# The key of the contacts' HMAC, outside the database; "version:key", the newest last.
OBERIH_PARTICIPANTS_CONTACT_KEYS = dict(
    pair.split(":", 1) for pair in env.list("OBERIH_PARTICIPANTS_CONTACT_KEYS", default=[f"1:{SECRET_KEY}"])
)

# Whom people write to about what is held of them, and parents about a young person.
OBERIH_SAFEGUARDING_DATA_CONTACT = env.str("DATA_CONTACT", "training@example.org" if DEBUG else "")
OBERIH_CERTIFICATES_ISSUER = env.str("OBERIH_CERTIFICATES_ISSUER", "")

ADMINS = [("", address) for address in env.list("ADMINS", default=[])]
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        # The people of a demonstration are invented, and whoever develops wants to read what an exception says.
        "line": {"format": LINE, **({} if DEBUG else {"class": "safeguarding.logs.ScrubbingFormatter"})},
        "mail": {"format": LINE, "class": "safeguarding.logs.ScrubbingFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "admins": {"class": "safeguarding.logs.AdminMail", "formatter": "mail", "level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # In the place of Django's own handlers, which mail forms and write a second line.
        "django": {"handlers": [] if DEBUG else ["admins"]},
        # In one's own process a line for every task that went well says nothing; a worker's log is made of them.
        "celery.app.trace": {"level": "WARNING" if CELERY_TASK_ALWAYS_EAGER else "INFO"},
        "django_tasks": {"level": "WARNING"},
    },
}
