"""The story command and tools that make a database of their own: no sign-in, no pages, mails kept in the database."""

from __future__ import annotations

import secrets

from portefeuille.settings.base import *  # noqa: F403

SECRET_KEY = secrets.token_hex(32)
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
