"""From which network address a request comes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from portefeuille.signin.attempts import source_of


def source(request: HttpRequest) -> str:
    """The keyed hash of it. Behind our own proxy it is what the proxy saw, and the proxy alone writes that header."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Real-IP", "") or address
    return source_of(address)
