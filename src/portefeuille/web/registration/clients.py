"""An accountant's office: all its clients on one page, what lapses first on top, and a button to act for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portefeuille.applications import queries as applications
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import NotAllowed
from portefeuille.core.identifiers import dotted
from portefeuille.core.money import Money
from portefeuille.history import operations as history
from portefeuille.identity import queries as identity
from portefeuille.identity.queries import MandateView
from portefeuille.identity.roles import Actor, Role
from portefeuille.register import queries as register
from portefeuille.wallet import queries as wallets
from portefeuille.web.enterprise.dashboard import Project, next_step
from portefeuille.web.permission import page
from portefeuille.web.session import CAPACITY, signed_in_as

SOON_DAYS = 7


@dataclass(slots=True)
class Client:
    """A client with what runs, most urgent first. ``value`` is what the button to act for it sends."""

    mandate: MandateView
    name: str
    value: str
    projects: list[Project] = field(default_factory=list)

    @property
    def due(self) -> Money:
        """What the client still has to pay in."""
        return Money(
            sum(one.wallet.figures.still_due.cents for one in self.projects if one.wallet and one.term)
        )

    @property
    def held(self) -> Money:
        """What is ready to be ordered for providers."""
        return Money(sum(one.wallet.figures.held.cents for one in self.projects if one.wallet))

    @property
    def urgency(self) -> tuple[date, bool, str]:
        """Terms first, then orders to give, then the rest by name."""
        first = min((one.term for one in self.projects if one.term), default=date.max)
        return first, not self.held, self.name.casefold()


@page(look="see_own_office")
def clients(request: HttpRequest) -> HttpResponse:
    """All clients, in a fixed number of queries."""
    actor = own_office(request)
    today = legal_day(timezone.now())
    held = identity.mandates_held(actor=actor)
    names = register.names({one.enterprise for one in held})
    capacity = request.session[CAPACITY]
    found = {
        one.enterprise: Client(one, names.get(one.enterprise, dotted(one.enterprise)), f"{capacity}:{one.id}")
        for one in held
    }
    running = applications.of_clients(actor=actor)
    purses = wallets.wallets(one.id for one in running)
    for one in running:
        purse = purses.get(one.id)
        found[one.enterprise_number].projects.append(Project(one, purse, *next_step(one, purse)))
    for client in found.values():
        client.projects.sort(key=lambda one: (one.term or date.max, not one.next_step, one.application.id))
    context = {
        "clients": sorted(found.values(), key=lambda one: one.urgency),
        "soon": date.fromordinal(today.toordinal() + SOON_DAYS),
        # The office's administrator, and not while acting for one of the clients.
        "may_give_back": request.actor.role is Role.ENTERPRISE_ADMIN,  # type: ignore[attr-defined]
    }
    history.look_many(  # from the own office, also while the session acts for one of the clients
        actor=actor,
        subject="client",
        each=[(one.mandate.id, one.mandate.enterprise) for one in found.values()],
        at=timezone.now(),
    )
    return render(request, "registration/clients.html", context)


def own_office(request: HttpRequest) -> Actor:
    """The actor in the own office, also while the session acts for a client of it. Raises NotAllowed."""
    session = signed_in_as(request)
    assert session is not None, "the guard of the page lets only actors in"
    actor = identity.actor_of(identity.SignedIn(session.person, session.capacity, told=session.told))
    if actor is None:
        raise NotAllowed("Je treedt niet meer op voor je kantoor.")
    return actor
