"""What a session remembers of a sign-in, and the only places where it is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth import login
from django.http import HttpRequest

from portefeuille.identity.models import Person
from portefeuille.identity.queries import SignedIn
from portefeuille.identity.roles import Actor, Assurance, Role

PROVEN = "portefeuille.identity.proven_sign_in.ProvenSignIn"
CAPACITY, MANDATE, ASSURANCE, PROVED_AT = "capacity", "mandate", "assurance", "proved_at"
REPRESENTS = "represents"


def enter(
    request: HttpRequest,
    person: Person,
    *,
    assurance: Assurance,
    at: datetime,
    represents: Iterable[str] = (),
) -> None:
    """Begin a session for a person who proved at this instant who they are, under a new key.

    In which capacity they act is still to choose. ``represents`` are the enterprise numbers of which the sign-in
    itself says that this person is a legal representative: they need no letter.
    """
    login(request, person, backend=getattr(person, "backend", PROVEN))
    request.session[REPRESENTS] = sorted(represents)
    prove(request, assurance=assurance, at=at)


def prove(request: HttpRequest, *, assurance: Assurance, at: datetime) -> None:
    """The person of this session proved once more who they are: the session goes on under a new key."""
    request.session.cycle_key()
    request.session[ASSURANCE] = int(assurance)
    request.session[PROVED_AT] = at.isoformat()


def choose(request: HttpRequest, *, capacity: int, mandate: int | None = None) -> None:
    """From now on this session acts in that capacity, or by that mandate."""
    request.session[CAPACITY] = capacity
    request.session[MANDATE] = mandate


def signed_in_as(request: HttpRequest) -> SignedIn | None:
    """What the session says; None when nobody is signed in or no capacity is chosen yet."""
    capacity = request.session.get(CAPACITY)
    if capacity is None or not request.user.is_authenticated:
        return None
    proved_at = request.session.get(PROVED_AT)
    return SignedIn(
        person=request.user.pk,
        capacity=capacity,
        mandate=request.session.get(MANDATE),
        assurance=Assurance(request.session.get(ASSURANCE, Assurance.LOW)),
        proved_at=datetime.fromisoformat(proved_at) if proved_at else None,
    )


def represented(request: HttpRequest) -> frozenset[str]:
    """The enterprises that this session's person legally represents, as the sign-in said."""
    return frozenset(request.session.get(REPRESENTS, ()))


def newcomer(request: HttpRequest) -> Actor:
    """The person of this session in no capacity at all: somebody who asks to be linked."""
    person = request.user
    assert isinstance(person, Person), "the guard of the page lets only people in"
    proved_at = request.session.get(PROVED_AT)
    return Actor(
        role=Role.NEWCOMER,
        person_id=person.pk,
        name=person.name,
        assurance=Assurance(request.session.get(ASSURANCE, Assurance.LOW)),
        proved_at=datetime.fromisoformat(proved_at) if proved_at else None,
    )
