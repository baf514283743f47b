"""In which capacity somebody acts: shown in words for many at once, and changed without signing in again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portefeuille.core.errors import NotAllowed
from portefeuille.core.identifiers import dotted
from portefeuille.identity import queries as identity
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register
from portefeuille.web.requests import known
from portefeuille.web.session import CAPACITY, choose
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.navigation import home_of
from portefeuille.web.ui.words import ROLE_WORDS


@dataclass(frozen=True, slots=True)
class Choice:
    """A capacity to choose: the words say for whom."""

    capacity: int
    words: str
    role: str


def choices_of(held: Iterable[identity.HeldCapacity]) -> dict[int, Choice]:
    """The words for each of these, by id, in two queries however many there are."""
    all_held = list(held)
    enterprises = register.names({one.enterprise for one in all_held if one.enterprise})
    firms = providers.names({one.provider for one in all_held if one.provider is not None})

    def words(one: identity.HeldCapacity) -> str:
        if one.enterprise:
            return enterprises.get(one.enterprise, dotted(one.enterprise))
        if one.provider is not None:
            return firms.get(one.provider, "")
        return _("het platform")

    return {one.id: Choice(one.id, words(one), ROLE_WORDS[one.role].capitalize()) for one in all_held}


def number_of(typed: str | None) -> int:
    """The id in a form's answer; 0, which nothing has, when it is none."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 19 else 0


def act_as(request: HttpRequest, *, person: int, capacity: int) -> str:
    """From now on this session acts in that capacity; the address where it starts. Raises NotAllowed."""
    actor = identity.actor_of(identity.SignedIn(person=person, capacity=capacity))
    if actor is None:
        raise NotAllowed(_("Je mag niet meer in die naam handelen. Kies een andere, of bel 1700."))
    choose(request, capacity=capacity)
    return home_of(actor)


@known
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """Choose for whom you act, among your own capacities."""
    person = request.user.pk
    if request.method == "POST":
        start = act_as(request, person=person, capacity=number_of(request.POST.get("hoedanigheid")))
        chosen = choices_of(identity.capacities_of(person))[request.session[CAPACITY]]
        flash(request, _("Je handelt nu voor %(whom)s.") % {"whom": chosen.words})
        return redirect(start)
    choices = choices_of(identity.capacities_of(person)).values()
    context = {"choices": list(choices), "current": request.session.get(CAPACITY)}
    return render(request, "public/switch.html", context)
