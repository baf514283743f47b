"""The demo: as production, but for plain http on this machine, the demo sign-in and the mailbox."""

from __future__ import annotations

from portefeuille.settings.base import *  # noqa: F403
from portefeuille.settings.base import (
    ALLOWED_HOSTS,
    AUTHENTICATION_BACKENDS,
    INSTALLED_APPS,
    sealing_key,
    secret_key,
)

DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "portefeuille.demo"]
SECRET_KEY = secret_key()
SEALING_KEY = sealing_key()
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "127.0.0.1", "localhost", "[::1]"]
MAILERS = {
    "default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
}  # mails stay in the mailbox page
AUTHENTICATION_BACKENDS = [*AUTHENTICATION_BACKENDS, "portefeuille.identity.demo_sign_in.DemoSignIn"]
PERSON_REGISTER = "portefeuille.signin.person_register.DEMO_PEOPLE"
