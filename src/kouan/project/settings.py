"""Django's settings: one file, driven by the environment. docs/operations.md lists every variable.

`./kouan` sets DATABASE_URL before this is read. A process that is started without it gets an address that answers
nothing, so that what needs no database still works.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE
from django.utils.translation import gettext_lazy as _

from kouan.project.logs import django_logging
from kouan.project.places import ROOT, data_folder
from kouan.project.secret import derive_key, read_secret_key

DATA = data_folder()


def is_on(name: str, default: bool = False) -> bool:
    """Whether an environment variable says yes."""
    value = os.environ.get(name, "").strip().lower()
    return value in {"1", "true", "yes", "on"} if value else default


def words_of(name: str, default: str = "") -> list[str]:
    """Return the comma-separated words of an environment variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


# Every app of Kouan, in the order of the layers, top to bottom (pyproject.toml has the same order for import-linter).
KOUAN_APPS = [
    "kouan.project",
    "kouan.supervision",
    "kouan.clearance",
    "kouan.brokerage",
    "kouan.declarations",
    "kouan.goods",
    "kouan.transport",
    "kouan.gateway",
    "kouan.decisions",
    "kouan.law",
    "kouan.indicators",
    "kouan.checking",
    "kouan.notices",
    "kouan.workflow",
    "kouan.accounts",
    "kouan.screens",
    "kouan.audit",
    "kouan.reference",
    "kouan.safekeeping",
]

INSTALLED_APPS = [
    *KOUAN_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
]
AUTH_USER_MODEL = "accounts.User"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kouan.accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kouan.accounts.middleware.IdleMiddleware",
    "kouan.accounts.middleware.RefusalMiddleware",
    "kouan.screens.counts.ActedMiddleware",
]

CSRF_FAILURE_VIEW = "kouan.screens.errors.csrf_failed"
ROOT_URLCONF = "kouan.project.urls"
WSGI_APPLICATION = "kouan.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]


def database_from(url: str, pool_size: int) -> dict:
    """Return Django's description of the database that a URL names; options stand in the query part."""
    parts = urlsplit(url)
    options: dict = dict(parse_qsl(parts.query))
    if pool_size:
        # A connection for every thread, held open: without the pool each request pays for a PostgreSQL process.
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 30, "max_lifetime": 1800}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "kouan",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a request does not suffer from a database that was started again
        "OPTIONS": options,
    }


DATABASES = {
    "default": database_from(
        os.environ.get("DATABASE_URL") or "postgresql://kouan@127.0.0.1:1/kouan",
        int(os.environ.get("KOUAN_DB_POOL") or 0),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [ROOT / "src" / "kouan" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("KOUAN_STATIC") or ROOT / "build" / "static")
STATICFILES_DIRS = [ROOT / "build" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Every file's name carries a digest of its content, so that browsers may keep it for ever.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("png", "jpg", "jpeg", "webp", "woff", "woff2", "gz", "br", "zip", "map", "txt")
MEDIA_ROOT = DATA / "media"
# Where the seals of the audit are exported: best a disk or a share of another machine.
KOUAN_AUDIT_FOLDER = Path(os.environ.get("KOUAN_AUDIT_FOLDER") or DATA / "audit")

DEBUG = is_on("KOUAN_DEBUG")
ALLOWED_HOSTS = words_of("KOUAN_HOSTS", "localhost,127.0.0.1,[::1]")
SECRET_KEY = read_secret_key(DATA)
KOUAN_SEALING_KEY = derive_key(SECRET_KEY, "sealing")
# The monthly keys of kept messages: best a disk that no copy of the database lies on.
KOUAN_UNMASKED_MINUTES = int(os.environ.get("KOUAN_UNMASKED_MINUTES") or 10)
KOUAN_KEYS = Path(os.environ.get("KOUAN_KEYS") or DATA / "keys")
EXCHANGE_ROOT = Path(os.environ.get("KOUAN_EXCHANGE") or DATA / "exchange")

# Scripts and styles come from our own files only; a script in a page needs the request's nonce ({{ CSP_NONCE }}).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'", NONCE],
        # Charts and tables set sizes on elements; attributes of style cannot run anything.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

HTTPS = is_on("KOUAN_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = words_of("KOUAN_ORIGINS")

AUTHENTICATION_BACKENDS = ["kouan.accounts.sessions.PersonBackend", "kouan.accounts.sessions.ProviderBackend"]
# An OpenID provider by which people who are linked to it may sign in; none without an issuer and a client id.
KOUAN_OIDC_ISSUER = os.environ.get("KOUAN_OIDC_ISSUER", "")
KOUAN_OIDC_CLIENT = os.environ.get("KOUAN_OIDC_CLIENT", "")
KOUAN_OIDC_SECRET = os.environ.get("KOUAN_OIDC_SECRET", "")
KOUAN_OIDC_CLAIM = os.environ.get("KOUAN_OIDC_CLAIM") or "sub"
KOUAN_OIDC_SCOPE = os.environ.get("KOUAN_OIDC_SCOPE") or "openid"
KOUAN_OIDC_LABEL = os.environ.get("KOUAN_OIDC_LABEL") or "统一身份认证"
KOUAN_OIDC_LABEL_EN = os.environ.get("KOUAN_OIDC_LABEL_EN") or "Unified sign-in"
# What passwords people may choose: how long, of how many kinds of characters, and unlike how many before.
KOUAN_PASSWORD_LENGTH = int(os.environ.get("KOUAN_PASSWORD_LENGTH") or 10)
KOUAN_PASSWORD_KINDS = int(os.environ.get("KOUAN_PASSWORD_KINDS") or 3)
KOUAN_PASSWORD_HISTORY = int(os.environ.get("KOUAN_PASSWORD_HISTORY") or 5)
# After how many days a password has to be changed; 0 for never, since no source fixes a number.
KOUAN_PASSWORD_DAYS = int(os.environ.get("KOUAN_PASSWORD_DAYS") or 0)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": KOUAN_PASSWORD_LENGTH},
    },
    {"NAME": "kouan.accounts.passwords.KindsOfCharacters", "OPTIONS": {"least": KOUAN_PASSWORD_KINDS}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
# How long a session lasts at most, whatever is done in it; who does nothing is signed out long before.
KOUAN_SESSION_HOURS = int(os.environ.get("KOUAN_SESSION_HOURS") or 12)
SESSION_COOKIE_AGE = KOUAN_SESSION_HOURS * 3600
KOUAN_IDLE_MINUTES = int(os.environ.get("KOUAN_IDLE_MINUTES") or 30)
# How long a machine's token may hold at most.
KOUAN_TOKEN_DAYS = int(os.environ.get("KOUAN_TOKEN_DAYS") or 365)
# How old the counts beside the navigation and on the bell may be; 0 counts for every page.
KOUAN_COUNT_SECONDS = float(os.environ.get("KOUAN_COUNT_SECONDS") or 5)
# How many proxies of our own stand before the server: the address of a client is read that far from the right of
# X-Forwarded-For. With 0 the header is not read: anybody could write it.
KOUAN_PROXIES = int(os.environ.get("KOUAN_PROXIES") or 0)
DEMO = is_on("KOUAN_DEMO")

# The address under which people reach Kouan, for links in letters, codes on paper and webhooks; no slash at its end.
KOUAN_ADDRESS = os.environ.get("KOUAN_ADDRESS", "").rstrip("/")
# Networks of the operator's own to which webhooks may go, besides the open internet.
KOUAN_WEBHOOK_NETWORKS = words_of("KOUAN_WEBHOOK_NETWORKS")
# Where browsers reach the live line: an address behind a proxy, or a port beside the pages' own; none without either.
KOUAN_LIVE_ADDRESS = os.environ.get("KOUAN_LIVE_ADDRESS", "").rstrip("/")
KOUAN_LIVE_PORT = int(os.environ.get("KOUAN_LIVE_PORT") or 0)
KOUAN_WEBHOOK_KEY = derive_key(SECRET_KEY, "webhooks")
KOUAN_TRACKING_KEY = derive_key(SECRET_KEY, "tracking")

# Without a host letters are written and kept in the outbox.
EMAIL_HOST = os.environ.get("KOUAN_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("KOUAN_MAIL_PORT") or 587)
EMAIL_HOST_USER = os.environ.get("KOUAN_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KOUAN_MAIL_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = not EMAIL_USE_SSL and is_on("KOUAN_MAIL_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("KOUAN_MAIL_FROM") or "kouan@localhost"

LOGGING = django_logging("json" if os.environ.get("KOUAN_LOG") == "json" else "plain")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
