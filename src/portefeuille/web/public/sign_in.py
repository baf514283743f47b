"""The demo's sign-in: choose who you are. It exists only where the settings say that this is a demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from portefeuille.core.errors import NotFound
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor, Role
from portefeuille.web.requests import acting_for
from portefeuille.web.ui.navigation import home_of
from portefeuille.web.ui.words import ROLE_WORDS

ORDER = (Role.ENTREPRENEUR, Role.PROVIDER, Role.OPERATOR, Role.OFFICE)


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody in one capacity."""

    capacity: int
    name: str
    for_whom: str


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Choose, and be signed in."""
    assert settings.DEMO, "the demo's sign-in is not part of a real installation"
    wanted = request.POST.get("volgende") or request.GET.get("volgende", "")
    if request.method == "POST":
        return _enter(request, wanted)
    groups = [(ROLE_WORDS[role].capitalize(), _choices(role)) for role in ORDER]
    return render(request, "public/sign_in.html", {"groups": groups, "wanted": wanted})


def _enter(request: HttpRequest, wanted: str) -> HttpResponse:
    chosen = request.POST.get("hoedanigheid", "")
    for person in identity.people():
        for held in person.capacities:
            if str(held.id) == chosen:
                user = authenticate(request, demo_person=person.id)
                login(request, user)
                request.session["capacity"] = held.id
                actor = identity.actor_of(person=person.id, capacity=held.id)
                assert actor is not None, "it was just read"
                return redirect(_safe(request, wanted) or home_of(actor))
    raise NotFound("Deze persoon bestaat niet meer. Kies iemand anders.")


def _safe(request: HttpRequest, wanted: str) -> str:
    """Where somebody wanted to go, when that is a page of ours."""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else ""


def _choices(role: Role) -> list[Choice]:
    return [
        Choice(held.id, person.name, _for_whom(held))
        for person in identity.people()
        for held in person.capacities
        if held.role is role
    ]


def _for_whom(held: identity.HeldCapacity) -> str:
    return acting_for(Actor(role=held.role, enterprise=held.enterprise, provider=held.provider))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("home")
