"""Between a request and the operations: who acts, which page answers a refusal, what every page knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portefeuille.core.errors import KeyReused, NotAllowed, NotFound, Refusal, WrongState
from portefeuille.identity.queries import actor_of
from portefeuille.identity.roles import Actor

STATUS: dict[type[Refusal], int] = {NotAllowed: 403, NotFound: 404, WrongState: 409, KeyReused: 422}


class ActorOfRequest:
    """Puts the actor on the request: the signed-in person in the capacity chosen at sign-in, read anew each time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A capacity that was taken away bites at the next request."""
        capacity = request.session.get("capacity")
        request.actor = None  # type: ignore[attr-defined]
        if capacity is not None and request.user.is_authenticated:
            request.actor = actor_of(person=request.user.pk, capacity=capacity)  # type: ignore[attr-defined]
        return self.get_response(request)


class RefusalsToPages:
    """A refusal that no view caught becomes a page with its sentence and the status that fits its type."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a refusal; None for anything else, which is a failure of ours."""
        if not isinstance(exception, Refusal):
            return None
        status = next((code for kind, code in STATUS.items() if isinstance(exception, kind)), 400)
        return render(request, "refused.html", {"sentence": exception.sentence}, status=status)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows."""
    actor: Actor | None = getattr(request, "actor", None)
    return {"actor": actor, "is_demo": settings.DEMO}
