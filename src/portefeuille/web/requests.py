"""Between a request and the operations: who acts, which page answers a refusal, what every page knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portefeuille.core.errors import KeyReused, NotAllowed, NotFound, Refusal, WrongState
from portefeuille.core.identifiers import dotted
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register
from portefeuille.web.public import failures
from portefeuille.web.public.failures import refused
from portefeuille.web.session import CAPACITY, signed_in_as
from portefeuille.web.ui.flash import flash, take
from portefeuille.web.ui.navigation import menu
from portefeuille.web.ui.words import ROLE_WORDS

STATUS: dict[type[Refusal], int] = {NotAllowed: 403, NotFound: 404, WrongState: 409, KeyReused: 422}


class RefuseUnreadable:
    """Text that no database column can hold (a NUL, half a character) gets a clear answer before anything is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """400 for such text in the address or in a form."""
        typed = [request.path_info, *_values(request.GET)]
        if request.method == "POST":
            typed += _values(request.POST)
        if any(_UNREADABLE.search(text) for text in typed):
            return failures.bad_request(request)
        return self.get_response(request)


_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


def _values(data: QueryDict) -> list[str]:
    return [text for name, texts in data.lists() for text in (name, *texts)]


class ActorOfRequest:
    """Puts the actor on the request: the signed-in person in the capacity chosen at sign-in, read anew each time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A capacity that was taken away bites at the next request."""
        session = signed_in_as(request)
        request.actor = identity.actor_of(session) if session else None  # type: ignore[attr-defined]
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
        return refused(request, status, exception.sentence)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows."""
    actor: Actor | None = getattr(request, "actor", None)
    person = request.user if getattr(request, "user", None) and request.user.is_authenticated else None
    held = identity.capacities_of(person.pk) if person and actor else ()
    clients = identity.have_clients({one.enterprise for one in held if one.enterprise})
    return {
        "actor": actor,
        "person": person,
        "acting_for": acting_for(actor) if actor else "",
        "office": acting_office(actor) if actor else "",
        "own_capacity": request.session.get(CAPACITY) if actor else None,
        "may_switch": len(held) > 1 or bool(clients),
        "scheme": settings.SCHEME,
        "is_demo": settings.DEMO,
        "navigation": menu(actor, request.path, has_clients=_own_office(actor) in clients),
        "flash": take(request),
    }


def no_capacity(request: HttpRequest) -> HttpResponse:
    """To another capacity of this person, when there is one; else to where one becomes authorised."""
    others = identity.capacities_of(request.user.pk)
    was_acting = CAPACITY in request.session
    if was_acting:
        words = _("Je mag hier niet meer optreden: een beheerder beëindigde dat.")
        flash(request, words, tone="warning")
    return redirect("switch" if others else "register")


def acting_for(actor: Actor) -> str:
    """For whom somebody acts, in words."""
    if actor.enterprise:
        return register.names([actor.enterprise]).get(actor.enterprise, dotted(actor.enterprise))
    if actor.provider is not None:
        return providers.names([actor.provider]).get(actor.provider, "")
    return ROLE_WORDS[actor.role].capitalize()


def acting_office(actor: Actor) -> str:
    """The accountant's office by whose mandate somebody acts, in words; empty without one."""
    if not actor.office:
        return ""
    return register.names([actor.office]).get(actor.office, dotted(actor.office))


def _own_office(actor: Actor | None) -> str:
    return (actor.office or actor.enterprise) if actor else ""


def own_page(request: HttpRequest, wanted: str) -> str:
    """Where somebody wanted to go, when that is a page of ours; empty otherwise."""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else ""


def somebody(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages that need a person, in whatever capacity or none: others are sent to the sign-in, and back here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'volgende': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return guarded


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages that need an actor: others are sent to the sign-in, and back here after it.

    Somebody who is signed in but acts for nobody (any more) is told how to become authorised.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor is None:  # type: ignore[attr-defined]
            if request.user.is_authenticated:
                return no_capacity(request)
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'volgende': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return guarded
