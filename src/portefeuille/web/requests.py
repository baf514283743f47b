"""Between a request and the operations: who acts, which page answers a refusal, what every page knows."""

from __future__ import annotations

import re
from collections.abc import Callable
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
from portefeuille.core.rules import load_scheme
from portefeuille.identity import queries as identity
from portefeuille.identity.acting import work_at_the_gate, work_for
from portefeuille.identity.roles import Actor, Assurance
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register
from portefeuille.web import unsent
from portefeuille.web.public import failures
from portefeuille.web.public.failures import refused
from portefeuille.web.session import (
    CAPACITY,
    has_ended,
    is_in_a_capacity,
    is_signed_in,
    signed_in_as,
    told_of,
    touch,
)
from portefeuille.web.signin.heading import Heading, set_heading
from portefeuille.web.ui.flash import flash, take
from portefeuille.web.ui.navigation import menu
from portefeuille.web.ui.words import ROLE_WORDS

REGISTER, SWITCH, CONFIRM = "/registreren", "/wissel", "/bevestig"
STATUS: dict[type[Refusal], int] = {NotAllowed: 403, NotFound: 404, WrongState: 409, KeyReused: 422}


class ReadableText:
    """Keeps out what no database column can hold (a NUL, half a character) and what nobody sees or types.

    In a form such marks come along with a paste: they are dropped, so that the rest is not lost. In an address they
    are no accident, and get a clear answer before anything is done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """400 for such an address; a form goes on without such marks."""
        if any(_UNREADABLE.search(text) for text in (request.path_info, *_texts(request.GET))):
            return failures.bad_request(request)
        if request.method == "POST" and any(_UNREADABLE.search(text) for text in _texts(request.POST)):
            request.POST = _readable(request.POST)  # type: ignore[assignment]
        return self.get_response(request)


# Control characters but for tab and the ends of lines; and halves of characters.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _texts(data: QueryDict) -> list[str]:
    return [text for name, texts in data.lists() for text in (name, *texts)]


def _readable(data: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, texts in data.lists():
        kept.setlist(_UNREADABLE.sub("", name), [_UNREADABLE.sub("", text) for text in texts])
    return kept


class SessionsEnd:
    """Ends a session that lay still too long or lasted too long, at the server, before anything is done with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Whose session ended goes on as a visitor, and is told so on the next page."""
        if is_signed_in(request):
            work_at_the_gate()
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


class NothingStays:
    """Keeps pages of who is signed in out of every cache: on a shared computer the next one goes back to nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Also when it is this request that signs somebody in or out, and when the page is a refusal."""
        was_signed_in = is_signed_in(request)
        answer = self.get_response(request)
        if was_signed_in or is_signed_in(request):
            answer["Cache-Control"] = "no-store"
        return answer


class ActorOfRequest:
    """Puts the actor on the request: the signed-in person in the capacity chosen at sign-in, read anew each time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A capacity that was taken away bites at the next request."""
        request.actor = self._actor(request)  # type: ignore[attr-defined]
        work_for(request.actor)  # type: ignore[attr-defined]
        return self.get_response(request)

    def _actor(self, request: HttpRequest) -> Actor | None:
        if not is_in_a_capacity(request):
            return None
        work_at_the_gate()
        session = signed_in_as(request)
        return identity.actor_of(session) if session else None


class RefusalsToPages:
    """A refusal that no view caught becomes a page with its sentence and the status that fits its type."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """An address that only takes forms, but was asked for as a page, would answer with nothing at all."""
        answer = self.get_response(request)
        if answer.status_code != 405 or answer.content:
            return answer
        page = failures.only_a_form(request)
        page["Allow"] = answer["Allow"]
        return page

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
    unsent.keep(request)
    here = request.get_full_path()
    set_heading(request, Heading(here, is_again=True, level=level))
    return redirect(f"{CONFIRM}?{urlencode({'volgende': here})}")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows."""
    actor: Actor | None = getattr(request, "actor", None)
    person = request.user if getattr(request, "user", None) and request.user.is_authenticated else None
    held = identity.capacities_of(person.pk, told=told_of(request)) if person and actor else ()
    clients = identity.have_clients({one.enterprise for one in held if one.enterprise})
    return {
        "actor": actor,
        "person": person,
        "acting_for": acting_for(actor) if actor else "",
        "office": acting_office(actor) if actor else "",
        "own_capacity": request.session.get(CAPACITY) if actor else None,
        "may_switch": len(held) > 1 or bool(clients),
        "scheme": load_scheme(settings.SCHEME).title,
        "is_demo": settings.DEMO,
        "navigation": menu(actor, request.path, has_clients=_own_office(actor) in clients),
        "flash": take(request),
    }


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
