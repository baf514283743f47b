"""What every installation shares. The environment supplies what differs between machines:

KMO_DATABASE_URL      where web and worker connect, as a role that owns no tables
KMO_STATE_DIR         the state folder, which holds the secret key
KMO_SECRET_KEY_FILE   the file with the secret key, when that is not secret-key in the state folder
KMO_PUBLIC_ADDRESS    the address that people type, such as https://portefeuille.example
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from portefeuille.database.url import django_settings

PACKAGE = Path(__file__).resolve().parent.parent

DEMO = False  # only portefeuille.settings.demo and .test say otherwise; the demo sign-in exists only there
DEBUG = False
SECRET_KEY_FALLBACKS: list[str] = []
SECRET_KEY_LEAST_LENGTH = 50


def required(name: str) -> str:
    """A variable without which nothing starts. Raises ImproperlyConfigured."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is niet gezet. Zie docs/production.md.")
    return value


def secret_key() -> str:
    """The key in the state folder. Raises ImproperlyConfigured when there is none, or one that can be guessed.

    None is made up here: that would end every sign-in at each restart.
    """
    file = os.environ.get("KMO_SECRET_KEY_FILE", "")
    path = Path(file) if file else Path(required("KMO_STATE_DIR")) / "secret-key"
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ImproperlyConfigured(f"De geheime sleutel {path} kan niet gelezen worden: {problem}.") from None
    if len(key) < SECRET_KEY_LEAST_LENGTH:
        raise ImproperlyConfigured(
            f"De geheime sleutel {path} is te kort: {SECRET_KEY_LEAST_LENGTH} tekens of meer, door een machine gemaakt."
        )
    return key


PUBLIC_ADDRESS = os.environ.get("KMO_PUBLIC_ADDRESS", "http://127.0.0.1:8000")
ALLOWED_HOSTS = [urlsplit(PUBLIC_ADDRESS).hostname or "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "portefeuille.database",
    "portefeuille.history",
    "portefeuille.register",
    "portefeuille.identity",
    "portefeuille.providers",
    "portefeuille.budget",
    "portefeuille.applications",
    "portefeuille.wallet",
    "portefeuille.bank",
    "portefeuille.messages",
    "portefeuille.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "portefeuille.web.static.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portefeuille.web.requests.ReadableText",
    "portefeuille.web.requests.ActorOfRequest",
    "portefeuille.web.requests.RefusalsToPages",
]

# Addresses have no slash at their end, so the parts of an included list begin with one.
SILENCED_SYSTEM_CHECKS = ["urls.W002"]

ROOT_URLCONF = "portefeuille.web.urls"
WSGI_APPLICATION = "portefeuille.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "portefeuille.web.requests.page_context",
            ],
            "builtins": ["portefeuille.web.ui.tags", "django.templatetags.i18n"],
        },
    }
]

DATABASES = {"default": django_settings(os.environ.get("KMO_DATABASE_URL", "postgresql:///kmo"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.Person"
AUTHENTICATION_BACKENDS: list[str] = []
LOGIN_URL = "/aanmelden"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portefeuille.web.public.failures.csrf"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
STATEMENT_MAX_BYTES = 100 * 1024 * 1024

# A real installation says from whom mails are, and each of these settings how they leave.
DEFAULT_FROM_EMAIL = "kmo-portefeuille@platform.example"

SCHEME = "gids"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
