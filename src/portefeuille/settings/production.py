"""A real installation: behind TLS, with the secret key from the state folder. It starts only with all that it needs."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from portefeuille.settings.base import *  # noqa: F403
from portefeuille.settings.base import required, secret_key


def mail_server(address: str) -> dict[str, Any]:
    """A mail server by its address. Raises ImproperlyConfigured."""
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtp+tls", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(
            "KMO_MAIL_SERVER is geen adres zoals smtp://machine, smtp+tls://machine:587 of smtps://naam:woord@machine."
        )
    options = {
        "host": parts.hostname,
        "port": parts.port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtps",
        "timeout": 30,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


required("KMO_DATABASE_URL")
if urlsplit(required("KMO_PUBLIC_ADDRESS")).scheme != "https":
    raise ImproperlyConfigured("KMO_PUBLIC_ADDRESS moet met https:// beginnen. Zie docs/production.md.")

MAILERS = {"default": mail_server(os.environ.get("KMO_MAIL_SERVER", "smtp://localhost"))}
DEFAULT_FROM_EMAIL = required("KMO_MAIL_FROM")

SECRET_KEY = secret_key()
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^gezondheid$"]  # a load balancer asks it within the house, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
