"""A real installation: behind TLS, with the secret key from the state folder. It starts only with all that it needs."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portefeuille.settings.base import *  # noqa: F403
from portefeuille.settings.base import required, sealing_key, secret_key

required("KMO_DATABASE_URL")
if urlsplit(required("KMO_PUBLIC_ADDRESS")).scheme != "https":
    raise ImproperlyConfigured("KMO_PUBLIC_ADDRESS moet met https:// beginnen. Zie docs/production.md.")

SECRET_KEY = secret_key()
SEALING_KEY = sealing_key()
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^gezondheid$"]  # a load balancer asks it within the house, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
BEHIND_PROXY = True
