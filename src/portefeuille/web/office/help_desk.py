"""Where the help desk starts: what callers ask most, and the pages to look at together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portefeuille.core.errors import NotAllowed
from portefeuille.identity.roles import Actor, Role
from portefeuille.web.requests import signed_in


@signed_in
@require_safe
def help_desk(request: HttpRequest) -> HttpResponse:
    """Looks along, changes nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.role is not Role.HELP_DESK:
        raise NotAllowed("Deze pagina is voor de helpdesk.")
    return render(request, "office/help_desk.html")
