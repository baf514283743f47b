"""Between a request and the operations: who acts, which page answers a refusal, what every page knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from portefeuille.core.errors import (
    KeyReused,
    NotAllowed,
    NotFound,
    ProofNeeded,
    Refusal,
    StrongerSignInNeeded,
    WrongState,
)
from portefeuille.core.identifiers import dotted
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor, Assurance
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register
from portefeuille.web.public import failures
from portefeuille.web.public.failures import refused
from portefeuille.web.session import has_ended, signed_in_as, touch
from portefeuille.web.signin.heading import Heading, keep_form, set_heading
from portefeuille.web.ui.flash import flash, take
from portefeuille.web.ui.navigation import menu
from portefeuille.web.ui.words import ROLE_WORDS

REGISTER, SWITCH, CONFIRM = "/registreren", "/wissel", "/bevestig"
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


class SessionsEnd:
    """Ends a session that lay still too long or lasted too long, at the server, before anything is done with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Whose session ended goes on as a visitor, and is told so on the next page."""
        if request.user.is_authenticated:
            now = timezone.now()
            if has_ended(request, at=now):
                logout(request)
                flash(
                    request,
                    _("Je was lang niet bezig of lang aangemeld. Voor je veiligheid hebben we je afgemeld."),
                    tone="info",
                )
            else:
                touch(request, at=now)
        return self.get_response(request)


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
        wants_proof = isinstance(exception, (ProofNeeded, StrongerSignInNeeded))
        if wants_proof and request.user.is_authenticated and not request.headers.get("X-Fragment"):
            return ask_proof(request, Assurance(getattr(exception, "level", Assurance.SUBSTANTIAL)))
        status = next((code for kind, code in STATUS.items() if isinstance(exception, kind)), 400)
        return refused(request, status, exception.sentence)


def ask_proof(request: HttpRequest, level: Assurance) -> HttpResponse:
    """Off to confirm who you are, and back here after it; what was typed waits until then."""
    if request.method == "POST":
        keep_form(request)
    here = request.get_full_path()
    set_heading(request, Heading(here, is_again=True, level=level))
    return redirect(f"{CONFIRM}?{urlencode({'volgende': here})}")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "actor": actor,
        "person": request.user if hasattr(request, "user") and request.user.is_authenticated else None,
        "acting_for": acting_for(actor) if actor else "",
        "may_switch": bool(actor) and len(identity.capacities_of(request.user.pk)) > 1,
        "scheme": settings.SCHEME,
        "is_demo": settings.DEMO,
        "navigation": menu(actor, request.path),
        "flash": take(request),
    }


def acting_for(actor: Actor) -> str:
    """For whom somebody acts, in words."""
    if actor.enterprise:
        return register.names([actor.enterprise]).get(actor.enterprise, dotted(actor.enterprise))
    if actor.provider is not None:
        return providers.names([actor.provider]).get(actor.provider, "")
    return ROLE_WORDS[actor.role].capitalize()


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages that need an actor: others are sent to the sign-in, and back here after it.

    Who is known but acts for nobody (yet, or any more) goes to choose for whom, or to register.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor is not None:  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:
            return redirect(SWITCH if identity.capacities_of(request.user.pk) else REGISTER)
        return _to_sign_in(request)

    return guarded


def known(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages that need a person who proved who they are, whether or not they act for somebody yet."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else _to_sign_in(request)

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'volgende': request.get_full_path()})}")
