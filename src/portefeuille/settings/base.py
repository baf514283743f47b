"""What every installation shares. The environment supplies what differs between machines:

KMO_DATABASE_URL      where web and worker connect, as a role that owns no tables
KMO_STATE_DIR         the state folder, which holds the secret key and the sealing key
KMO_SECRET_KEY_FILE   the file with the secret key, when that is not secret-key in the state folder
KMO_SEALING_KEY_FILE  likewise the key of what the database holds but can't read; losing it loses that
KMO_LIVE_REGISTER     how one enterprise is looked up in the KBO at this moment; empty is not at all (register/live.py)
KMO_PUBLIC_ADDRESS    the address that people type, such as https://portefeuille.example
KMO_OIDC_ISSUER       the issuer of ACM/IDM; without it that means of sign-in is not offered
KMO_OIDC_CLIENT_ID    the name that ACM/IDM gave this installation
KMO_OIDC_KEY_FILE     the file with its private key (PEM, P-256 or RSA), whose public half ACM/IDM knows
KMO_OIDC_RIGHTS_FILE  which right gives which role (default: signin/rights.toml)
KMO_OIDC_SCOPE        the scopes that ACM/IDM granted
KMO_EID_ADDRESS       the address that reads identity cards; without it that means of sign-in is not offered
KMO_EID_SECRET_FILE   the file with the secret that our web server sends along with a card (see deploy/nginx)
KMO_EID_TRUST         the folder with the certificates of the card's authorities: roots/*.pem and issuers/*.pem
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
    return _key("KMO_SECRET_KEY_FILE", "secret-key")


def _origin(address: str) -> str:
    return "://".join(urlsplit(address)[:2])


def sealing_key() -> str:
    """The key of what the database holds but can't read; it is never replaced. Raises ImproperlyConfigured likewise."""
    return _key("KMO_SEALING_KEY_FILE", "sealing-key")


def _key(variable: str, name: str) -> str:
    file = os.environ.get(variable, "")
    path = Path(file) if file else Path(required("KMO_STATE_DIR")) / name
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
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "portefeuille.database",
    "portefeuille.history",
    "portefeuille.register",
    "portefeuille.identity",
    "portefeuille.post",
    "portefeuille.signin",
    "portefeuille.activation",
    "portefeuille.providers",
    "portefeuille.budget",
    "portefeuille.cases",
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
    "portefeuille.web.requests.NothingStays",
    "portefeuille.web.requests.SessionsEnd",
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
AUTHENTICATION_BACKENDS = ["portefeuille.identity.proven_sign_in.ProvenSignIn"]
LOGIN_URL = "/aanmelden"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portefeuille.web.public.failures.csrf"

OIDC_SCOPE = "openid profile rrn vo wettelijkvertegenwoordiger kmo_portefeuille"
# The means of sign-in that take something from outside; None: not offered. See portefeuille.signin.
OIDC = (
    {
        "issuer": os.environ["KMO_OIDC_ISSUER"].rstrip("/"),
        "client_id": os.environ["KMO_OIDC_CLIENT_ID"],
        "key_file": os.environ["KMO_OIDC_KEY_FILE"],
        "rights_file": os.environ.get("KMO_OIDC_RIGHTS_FILE", ""),
        "scope": os.environ.get("KMO_OIDC_SCOPE", OIDC_SCOPE),
    }
    if os.environ.get("KMO_OIDC_ISSUER")
    else None
)
EID = (
    {
        "address": os.environ["KMO_EID_ADDRESS"].rstrip("/"),
        "secret_file": os.environ["KMO_EID_SECRET_FILE"],
        "trust": os.environ["KMO_EID_TRUST"],
        "ocsp": "portefeuille.signin.ocsp.HttpOcsp",
    }
    if os.environ.get("KMO_EID_ADDRESS")
    else None
)
if EID:
    ALLOWED_HOSTS.append(urlsplit(EID["address"]).hostname or "")
BEHIND_PROXY = False  # production: our nginx, which alone writes X-Real-IP
PERSON_REGISTER = "portefeuille.signin.person_register.NotConnected"

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
    # Signing out is a form, and who came from there goes on to sign out at the provider.
    "form-action": [CSP.SELF, *([_origin(OIDC["issuer"])] if OIDC else [])],
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
LIVE_REGISTER = os.environ.get("KMO_LIVE_REGISTER", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
