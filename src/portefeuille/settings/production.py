"""A real installation: behind TLS, with the secret key from the state folder."""

from __future__ import annotations

from portefeuille.settings.base import *  # noqa: F403
from portefeuille.settings.base import sealing_key, secret_key

SECRET_KEY = secret_key()
SEALING_KEY = sealing_key()
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
BEHIND_PROXY = True
