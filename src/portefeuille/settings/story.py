"""The story command and tools that make a database of their own: no sign-in, no pages, mails kept in the database."""

from __future__ import annotations

import os
import secrets

from portefeuille.settings.base import *  # noqa: F403
from portefeuille.settings.base import sealing_key

SECRET_KEY = secrets.token_hex(32)
SEALING_KEY = (
    sealing_key() if os.environ.get("KMO_SEALING_KEY_FILE") else ""
)  # a made-up one would seal for ever
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
