"""What a session remembers of a sign-in, and the only places where it is written.

A session gets a new key at sign-in, at each later proof and at each change of capacity. It ends at the server after
half an hour without a request, and eight hours after the sign-in whatever happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth import SESSION_KEY, login, update_session_auth_hash
from django.http import HttpRequest

from portefeuille.identity.models import Person
from portefeuille.identity.queries import SignedIn
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.web import unsent

PROVEN = "portefeuille.identity.proven_sign_in.ProvenSignIn"
CAPACITY, MANDATE, ASSURANCE, PROVED_AT = "capacity", "mandate", "assurance", "proved_at"
TOLD = "told"
BEGAN_AT, SEEN_AT = "began_at", "seen_at"
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=8)  # our reading
_NOTE_EVERY = timedelta(minutes=1)  # so often, at most, that somebody was here is written down


def enter(request: HttpRequest, person: Person, *, assurance: Assurance, at: datetime) -> None:
    """Begin a session for a person who proved at this instant who they are, under a new key.

    In which capacity they act is still to choose. Nothing of an earlier session stays, whosever it was, but what a
    visitor had typed when we asked who it was.
    """
    typed = None if is_signed_in(request) else request.session.get(unsent.KEPT)
    request.session.flush()
    if typed is not None:
        request.session[unsent.KEPT] = typed
    login(request, person, backend=getattr(person, "backend", PROVEN))
    request.session[BEGAN_AT] = request.session[SEEN_AT] = at.isoformat()
    prove(request, assurance=assurance, at=at)


def prove(request: HttpRequest, *, assurance: Assurance, at: datetime) -> None:
    """The person of this session proved once more who they are: the session goes on under a new key.

    Weaker means than those of before take nothing away of how sure we already are.
    """
    request.session.cycle_key()
    request.session[ASSURANCE] = max(int(assurance), request.session.get(ASSURANCE, 0))
    request.session[PROVED_AT] = at.isoformat()


def keep(request: HttpRequest) -> None:
    """This session goes on, though all others of the person ended just now."""
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)


def believe_rights(request: HttpRequest, told: Iterable[int]) -> None:
    """This sign-in told of these capacities: as long as the session lasts they count."""
    request.session[TOLD] = sorted({*request.session.get(TOLD, []), *told})


def told_of(request: HttpRequest) -> frozenset[int]:
    """The capacities of which the sign-in of this session told."""
    return frozenset(request.session.get(TOLD, []))


def choose(request: HttpRequest, *, capacity: int, mandate: int | None = None) -> None:
    """From now on this session acts in that capacity, or by that mandate, under a new key."""
    request.session.cycle_key()
    request.session[CAPACITY] = capacity
    request.session[MANDATE] = mandate


def is_signed_in(request: HttpRequest) -> bool:
    """Whether the session names a person; nothing is read but the session."""
    return SESSION_KEY in request.session


def is_in_a_capacity(request: HttpRequest) -> bool:
    """Whether the session names a capacity; whether it is still theirs is another question."""
    return CAPACITY in request.session


def has_ended(request: HttpRequest, *, at: datetime) -> bool:
    """Whether the session of whoever is signed in lasted too long, or lay still too long."""
    began, seen = (request.session.get(name) for name in (BEGAN_AT, SEEN_AT))
    if not began or not seen:
        return True
    return at >= datetime.fromisoformat(began) + LONGEST or at >= datetime.fromisoformat(seen) + IDLE


def touch(request: HttpRequest, *, at: datetime) -> None:
    """Somebody is here."""
    if at - datetime.fromisoformat(request.session[SEEN_AT]) >= _NOTE_EVERY:
        request.session[SEEN_AT] = at.isoformat()


def signed_in_as(request: HttpRequest) -> SignedIn | None:
    """What the session says; None when nobody is signed in or no capacity is chosen yet."""
    if not is_in_a_capacity(request) or not request.user.is_authenticated:
        return None
    assurance, proved_at = _proof(request)
    return SignedIn(
        person=request.user.pk,
        capacity=request.session[CAPACITY],
        mandate=request.session.get(MANDATE),
        assurance=assurance,
        proved_at=proved_at,
        told=told_of(request),
    )


def newcomer(request: HttpRequest) -> Actor:
    """The person of this session in no capacity at all: who asks to be linked, or changes their own sign-in."""
    person = request.user
    assert isinstance(person, Person), "the guard of the page lets only people in"
    assurance, proved_at = _proof(request)
    return Actor(
        role=Role.NEWCOMER,
        person_id=person.pk,
        name=person.name,
        assurance=assurance,
        proved_at=proved_at,
    )


def _proof(request: HttpRequest) -> tuple[Assurance, datetime | None]:
    """How sure we are of the person of this session, and since when."""
    proved_at = request.session.get(PROVED_AT)
    return (
        Assurance(request.session.get(ASSURANCE, Assurance.LOW)),
        datetime.fromisoformat(proved_at) if proved_at else None,
    )
