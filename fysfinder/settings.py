"""All settings, out of the environment.

With neither SECRET_KEY nor DATABASE_URL this is a development machine: nothing has to be set, and only this machine can
reach the site. With either of them it is production, and whatever is missing is named before anything starts.
"""

import os
import re
import secrets
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from fysfinder import account_settings, map_tiles, postgres, review_settings, worker_settings
from fysfinder.worker_settings import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"  # everything that is made while running; not in git

# An empty value counts as not set: that is how compose files and unit files pass on what they do not have.
env = environ.Env()
env.ENVIRON = {name: value for name, value in os.environ.items() if value.strip()}

PRODUCTION = "SECRET_KEY" in env.ENVIRON or "DATABASE_URL" in env.ENVIRON


def refuse(reason: str) -> SystemExit:
    """One line instead of a traceback, whichever program asked for the settings."""
    return SystemExit(f"FysFinder does not start: {reason}")


def development_secret() -> str:
    """The key of this development machine, made once; readable by its owner only."""
    path = VAR / "secret_key"
    try:
        if not path.exists():
            VAR.mkdir(exist_ok=True)
            draft = path.with_name(f"secret_key.{secrets.token_hex(8)}")
            draft.touch(mode=0o600)
            draft.write_text(get_random_secret_key())
            with suppress(FileExistsError):
                os.link(draft, path)  # two processes at once: one key
            draft.unlink()
        return path.read_text()
    except OSError as error:
        raise refuse(f"cannot read or make the development key {path}: {error.strerror}") from error


if PRODUCTION:
    missing = [name for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL") if name not in env.ENVIRON]
    if missing:
        raise refuse(f"production needs {', '.join(missing)} (production because SECRET_KEY or DATABASE_URL is set)")
    SECRET_KEY = env.str("SECRET_KEY")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
else:
    SECRET_KEY = development_secret()
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

SECRET_KEY_FALLBACKS = env.list(
    "SECRET_KEY_FALLBACKS", default=[]
)  # keys of before: what they locked can still be read

DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.str('PORT', default='8000')}").rstrip("/")
HTTPS = PRODUCTION and SITE_URL.startswith("https://")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Applications

INSTALLED_APPS = [
    "fysfinder.apps.FysFinderAdminConfig",  # django.contrib.admin with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "fysfinder.apps.FysFinderStaticFilesConfig",
    "django.contrib.postgres",
    "simple_history",
    "rules",
    "lucide",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "fysfinder",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "articles",
    "clinics",
]

MIDDLEWARE = [
    # First what writes headers: on static files, redirects and refusals too.
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "fysfinder.accounts.middleware.PrivatePages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A results page of 63 kB travels as 11. Django pads at random, so that the length tells nothing of a secret (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "fysfinder.accounts.middleware.SecondFactorRequired",
    "simple_history.middleware.HistoryRequestMiddleware",
    "fysfinder.bad_input.AdminBadInput",
]

# Log-in, passwords, codes (docs/accounts.md)
vars().update(account_settings.SETTINGS)
REVIEWS_COUNT_EMAIL = review_settings.COUNT_EMAIL
REQUIRE_SECOND_FACTOR = PRODUCTION  # of whoever can do more than look after clinics of their own
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # a development machine has no https

ROOT_URLCONF = "fysfinder.urls"
WSGI_APPLICATION = "fysfinder.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
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

# Data

EMBEDDED_POSTGRES = (
    None if PRODUCTION else VAR / "postgres"
)  # started by manage.py, make and the tests, never from here
if EMBEDDED_POSTGRES is None:
    DATABASES = {"default": env.db_url("DATABASE_URL")}
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise refuse("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host:5432/name")
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": postgres.DATABASE,
            "USER": postgres.ROLE,
            "HOST": str(postgres.Server(EMBEDDED_POSTGRES).socket_folder),
            "PORT": str(postgres.PORT),
        }
    }
# A new connection costs more than a page: 7.7 ms a request, 2.1 ms with one that is kept.
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    # Shared by all processes; a cache of each process would let every limit through as often as there are processes.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "django_cache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},  # with the usual 300 a few strangers make it forget what was counted
        }
    }

# Language, time, files

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk")]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
# django-leaflet for its files alone: as an app it wants GDAL, which nothing else here needs.
LEAFLET = Path(getattr(find_spec("leaflet"), "origin", "")).parent / "static"
STATICFILES_DIRS = [BASE_DIR / "static", LEAFLET]
STATIC_ROOT = VAR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Pictures under the map from somebody's server, who then learns where a visitor looks; without them, our own outline.
MAP_TILE_URL = env.str("MAP_TILE_URL", default="")
MAP_TILE_ATTRIBUTION = env.str("MAP_TILE_ATTRIBUTION", default="")
try:
    MAP_TILE_HOSTS = map_tiles.hosts(MAP_TILE_URL)
except ValueError as error:
    raise refuse(f"MAP_TILE_URL {error}") from error

# Addresses of clinics are sent to it, by the worker alone; without it a clinic stands at its postcode's point.
GEOCODER_URL = env.str("GEOCODER_URL", default="")
# Whether the worker looks once a week if each clinic's website answers (docs/website-check.md).
WEBSITE_CHECK = env.bool("WEBSITE_CHECK", default=False)

# Safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *MAP_TILE_HOSTS],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"  # the address of a results page says what hurts and where somebody lives
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = HTTPS  # without a proxy that says how a visitor came this would redirect for ever
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

# API: JSON for anybody, without session or cookie

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "clinics.api.problems.JsonOnly",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "clinics.api.problems.problem",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "FysFinder",
    "DESCRIPTION": "Det, der gør ondt, og de klinikker, der kan hjælpe. Kun til læsning.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [],  # values stand where they are used: a name for every set of them says nothing
}

# A clinic's owners at one time: two can stand in for each other, and each knows who the other is.
CLINIC_OWNERS = 2

# Mail

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if "EMAIL_URL" not in env.ENVIRON:
    EMAIL_BACKEND = "clinics.mailing.printed.EmailBackend"  # to the worker's screen, as a person would read it
EMAIL_TIMEOUT = 10  # seconds for each answer of the mail server
_host = urlsplit(SITE_URL).hostname or ""
MAIL_DOMAIN = _host if re.fullmatch(r"[a-z0-9.-]*[a-z][a-z0-9.-]*", _host) else "localhost"  # no number
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default=f"FysFinder <noreply@{MAIL_DOMAIN}>")

# Tasks (docs/operations.md)

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS = worker_settings.transport(CELERY_BROKER_URL, VAR)
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")

# Logs: never a query string (what hurts, and where), never a secret

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_visitor": {"()": "fysfinder.logs.WithoutVisitor"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_visitor"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own handlers for these print the request line, and mail whole requests to ADMINS.
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # somebody scans the network; a traceback each time
        "gunicorn.http.wsgi": {
            "level": "ERROR"
        },  # warns of every answer to HEAD, whose body Django leaves to the server
    },
}
