"""In which capacity somebody acts: shown in words for many at once, and changed without signing in again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portefeuille.core.errors import NotAllowed
from portefeuille.core.identifiers import dotted
from portefeuille.identity import queries as identity
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register
from portefeuille.web.permission import person_page
from portefeuille.web.session import CAPACITY, MANDATE, choose, told_of
from portefeuille.web.signin.heading import ours
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.navigation import home_of
from portefeuille.web.ui.words import ROLE_WORDS


@dataclass(frozen=True, slots=True)
class Choice:
    """A capacity to choose, or a mandate to act by in it: the words say for whom. ``value`` is what a form sends."""

    capacity: int
    words: str
    role: str
    mandate: int | None = None

    @property
    def value(self) -> str:
        """``12``, or ``12:5`` for a mandate."""
        return str(self.capacity) if self.mandate is None else f"{self.capacity}:{self.mandate}"


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


def mandates_of(held: Iterable[identity.HeldCapacity]) -> list[Choice]:
    """The clients for whom somebody may act by a mandate to an office of theirs, by name; in two queries."""
    offices = {one.enterprise: one.id for one in held if one.enterprise}
    given = identity.mandates_of_offices(offices)
    names = register.names({number for one in given for number in (one.enterprise, one.office)})

    def name(number: str) -> str:
        return names.get(number, dotted(number))

    found = [
        Choice(
            offices[one.office],
            name(one.enterprise),
            _("Klant van %(office)s") % {"office": name(one.office)},
            one.id,
        )
        for one in given
    ]
    return sorted(found, key=lambda choice: (choice.words.casefold(), choice.value))


def number_of(typed: str | None) -> int:
    """The id in a form's answer; 0, which nothing has, when it is none."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 19 else 0


def act_as(request: HttpRequest, *, person: int, capacity: int, mandate: int | None = None) -> str:
    """From now on this session acts in that capacity, or by that mandate; the address where it starts.

    Raises NotAllowed.
    """
    actor = identity.actor_of(
        identity.SignedIn(person=person, capacity=capacity, mandate=mandate, told=told_of(request))
    )
    if actor is None:
        raise NotAllowed(_("Je mag niet meer in die naam handelen. Kies een andere, of bel 1700."))
    choose(request, capacity=capacity, mandate=mandate)
    return home_of(actor)


@person_page(look="manage_oneself", act="manage_oneself")
def switch(request: HttpRequest) -> HttpResponse:
    """Choose for whom you act, among your own capacities and the clients of your office."""
    person = request.user.pk
    held = identity.capacities_of(person, told=told_of(request))
    choices = [*choices_of(held).values(), *mandates_of(held)]
    if request.method == "POST":
        capacity, _colon, mandate = (request.POST.get("hoedanigheid") or "").partition(":")
        start = act_as(
            request,
            person=person,
            capacity=number_of(capacity),
            mandate=number_of(mandate) if mandate else None,
        )
        flash(request, _("Je handelt nu voor %(whom)s.") % {"whom": _chosen(request, choices).words})
        return redirect(ours(request, request.POST.get("volgende", "")) or start)
    if not choices:
        return redirect("register")
    context = {
        "own": [one for one in choices if one.mandate is None],
        "clients": [one for one in choices if one.mandate is not None],
        "current": _current(request),
        "wanted": ours(request, request.GET.get("volgende", "")),
    }
    return render(request, "public/switch.html", context)


def _current(request: HttpRequest) -> str:
    """What the form would have sent for the capacity or mandate of now."""
    mandate = request.session.get(MANDATE)
    return f"{request.session.get(CAPACITY, '')}" + (f":{mandate}" if mandate else "")


def _chosen(request: HttpRequest, choices: Iterable[Choice]) -> Choice:
    current = _current(request)
    return next(one for one in choices if one.value == current)
