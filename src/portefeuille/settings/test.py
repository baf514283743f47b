"""Tests: the demo's settings with a key of its own, mails kept in memory."""

from __future__ import annotations

import os

os.environ.setdefault("KMO_DATABASE_URL", os.environ.get("KMO_TEST_DATABASE_URL", "postgresql:///kmo"))

from portefeuille.settings.base import *  # noqa: F403
from portefeuille.settings.base import AUTHENTICATION_BACKENDS, INSTALLED_APPS

DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "portefeuille.demo"]
SECRET_KEY = "only-for-tests-" + "x" * 50
SEALING_KEY = "only-for-tests-" + "y" * 50
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
AUTHENTICATION_BACKENDS = [*AUTHENTICATION_BACKENDS, "portefeuille.identity.demo_sign_in.DemoSignIn"]
PERSON_REGISTER = "portefeuille.signin.person_register.DEMO_PEOPLE"
