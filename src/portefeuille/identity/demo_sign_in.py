"""Signing in without proof, for the demo and for tests. Production settings don't name this back end."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from portefeuille.identity.models import Person


class DemoSignIn(BaseBackend):
    """Believes whoever one says one is, but only where the settings say that this is a demo."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        """The person with this id; nobody outside a demo."""
        person = credentials.get("demo_person")
        if not settings.DEMO or person is None:
            return None
        return Person.objects.filter(pk=person).first()

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session; nobody outside a demo."""
        return Person.objects.filter(pk=user_id).first() if settings.DEMO else None
