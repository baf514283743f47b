"""What every installation shares. The environment supplies what differs between machines:

KMO_DATABASE_URL      where web and worker connect, as a role that owns no tables
KMO_STATE_DIR         the state folder (uploads in transit, the secret key)
KMO_SECRET_KEY_FILE   the file that holds the secret key
KMO_SEALING_KEY_FILE  the file that holds the key of what the database can't read; losing it loses that
KMO_PUBLIC_ADDRESS    the address that people type, such as https://portefeuille.example
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from portefeuille.database.url import django_settings

PACKAGE = Path(__file__).resolve().parent.parent

DEMO = False  # only portefeuille.settings.demo and .test say otherwise; the demo sign-in exists only there
DEBUG = False
SECRET_KEY_FALLBACKS: list[str] = []


def secret_key() -> str:
    """The key in the state folder. Raises when there is none: a made-up key would end every sign-in at a restart."""
    return _key_in("KMO_SECRET_KEY_FILE", "the secret key")


def sealing_key() -> str:
    """The key of what the database holds but can't read. Unlike the secret key it is never replaced."""
    return _key_in("KMO_SEALING_KEY_FILE", "the sealing key")


def _key_in(variable: str, what: str) -> str:
    path = os.environ.get(variable, "")
    if not path:
        raise RuntimeError(f"{variable} is not set: it names the file that holds {what}")
    return Path(path).read_text(encoding="ascii").strip()


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
    "portefeuille.post",
    "portefeuille.activation",
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
    "portefeuille.web.requests.RefuseUnreadable",
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
AUTHENTICATION_BACKENDS = ["portefeuille.identity.proven_sign_in.ProvenSignIn"]
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

DEFAULT_FROM_EMAIL = "kmo-portefeuille@platform.example"
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}

# The operator by whom the wallet is kept. The guide says Sodexo; its successor is named in the theme, not in code.
SCHEME = "gids"
# Who is asked for the address of an enterprise whose seat is not in the register (portefeuille.activation.seats).
SEAT_LOOKUP = "portefeuille.activation.seats.NoLookup"
STATE_DIR = Path(os.environ.get("KMO_STATE_DIR", "."))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
