"""What every page declares at its top: who may look at it, and who may change something on it.

``page`` is for who acts for somebody, ``person_page`` for who proved who they are but may act for nobody (yet),
``public_page`` for anybody. The first two name a verb of ``identity.roles.PERMISSIONS`` for looking (GET), for acting
(POST), or for both; what a page does not name, it does not take. ``tests/test_codebase.py`` refuses a page that
declares nothing, and ``tests/walls/test_routes.py`` tries each of them as everybody.

A declaration asks whether the role may do this at all, and whether the sign-in is sure enough. Whose the thing in the
address is, the operations and queries ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from portefeuille.identity import queries as identity
from portefeuille.identity.acting import work_at_the_gate, work_for
from portefeuille.identity.roles import PERMISSIONS, Actor
from portefeuille.web import unsent
from portefeuille.web.requests import REGISTER, SWITCH
from portefeuille.web.session import is_in_a_capacity, newcomer, told_of
from portefeuille.web.ui.flash import flash

type View = Callable[..., HttpResponse]


class For(Enum):
    """Who comes to a page at all."""

    ACTOR = "who acts for somebody"
    PERSON = "who is known"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Declaration:
    """``look`` and ``act`` are verbs, empty for what the page does not take; ``why`` is why anybody may come."""

    who: For
    look: str = ""
    act: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        """A slip of the pen must not wait for a request."""
        unknown = {self.look, self.act} - {""} - PERMISSIONS.keys()
        if unknown or not (self.look or self.act or self.why):
            raise ValueError(f"a page declares what may be done on it: {self}")

    @property
    def methods(self) -> list[str]:
        """What the page takes."""
        return [*(["GET", "HEAD"] if self.look else []), *(["POST"] if self.act else [])]

    def must(self, actor: Actor, method: str) -> None:
        """Raises NotAllowed, StrongerSignInNeeded, ProofNeeded: the verb, for whom this actor acts."""
        verb = self.act if method == "POST" else self.look
        actor.must(verb, enterprise=actor.enterprise, provider=actor.provider, at=timezone.now())


def page(*, look: str = "", act: str = "") -> Callable[[View], View]:
    """For who acts for somebody. A visitor is sent to the sign-in, and back here after it.

    Who is known but acts for nobody (yet, or any more) goes to choose for whom, or to register.
    """
    declared = Declaration(For.ACTOR, look, act)

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor | None = request.actor  # type: ignore[attr-defined]
            if actor is None:
                return (
                    _to_another_capacity(request) if request.user.is_authenticated else _to_sign_in(request)
                )
            if request.method not in declared.methods:
                return HttpResponseNotAllowed(declared.methods)
            declared.must(actor, request.method)
            return view(request, *args, **kwargs)

        return _declaring(guarded, declared)

    return declare


def person_page(*, look: str = "", act: str = "") -> Callable[[View], View]:
    """For who proved who they are, whether or not they act for somebody; a visitor is sent to the sign-in.

    Such a page stands at the gate: the database shows it people and proofs, and nothing else.
    """
    declared = Declaration(For.PERSON, look, act)

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if request.method not in declared.methods:
                return HttpResponseNotAllowed(declared.methods)
            declared.must(newcomer(request), request.method)
            return view(request, *args, **kwargs)

        return _declaring(_at_the_gate(guarded), declared)

    return declare


def public_page(why: str, *, at_the_gate: bool = False) -> Callable[[View], View]:
    """For anybody, with the reason. At the gate it is found out who somebody is."""
    declared = Declaration(For.ANYBODY, why=why)

    def declare(view: View) -> View:
        return _declaring(_at_the_gate(view) if at_the_gate else view, declared)

    return declare


def declaration_of(view: View) -> Declaration | None:
    """What a page declares; None when it declares nothing."""
    return getattr(view, "declares", None)


def _declaring(view: View, declared: Declaration) -> View:
    view.declares = declared  # type: ignore[attr-defined]
    return view


def _at_the_gate(view: View) -> View:
    """The database shows this page people and proofs, and nothing else."""

    @wraps(view)
    def at_the_gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        work_at_the_gate(request.user.pk)
        try:
            return view(request, *args, **kwargs)
        finally:
            work_for(request.actor)  # type: ignore[attr-defined]

    return at_the_gate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    unsent.keep(request)
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'volgende': request.get_full_path()})}")


def _to_another_capacity(request: HttpRequest) -> HttpResponse:
    """To choose among the capacities of this person, when there are any; else to where one becomes authorised."""
    if is_in_a_capacity(request):
        flash(request, _("Je mag hier niet meer optreden: een beheerder beëindigde dat."), tone="warning")
    person = newcomer(request).person_id or 0
    work_at_the_gate(person)
    return redirect(SWITCH if identity.capacities_of(person, told=told_of(request)) else REGISTER)
