"""One message for the next page, and only that one."""

from __future__ import annotations

from django.http import HttpRequest


def flash(request: HttpRequest, text: str, *, tone: str = "success") -> None:
    """Say this on the next page; ``tone`` is success, info, warning or error."""
    request.session["flash"] = {"text": str(text), "tone": tone}


def take(request: HttpRequest) -> dict[str, str] | None:
    """The message, once."""
    if "flash" not in getattr(request, "session", {}):
        return None
    said: dict[str, str] = request.session.pop("flash")
    return said
