"""Reading what somebody can sign in with, and how they did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.signin.attempts import Try, locked_until
from portefeuille.signin.models import LOCKABLE, Attempt, CodeCard, TimeCode


@dataclass(frozen=True, slots=True)
class CardView:
    """Somebody's newest card."""

    number: int
    state: str
    ordered_at: datetime
    expected_on: date
    activated_at: datetime | None
    blocked_at: datetime | None
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class AppView:
    """Somebody's app."""

    added_at: datetime
    is_confirmed: bool
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt on somebody."""

    at: datetime
    means: str
    outcome: str


@dataclass(frozen=True, slots=True)
class OwnMeans:
    """All that a person can sign in with, and the latest attempts."""

    has_number: bool
    card: CardView | None
    app: AppView | None
    attempts: tuple[AttemptView, ...]


def own_means(person: int, *, at: datetime, latest: int = 10) -> OwnMeans:
    """For the person's own page."""
    who = identity.national_number_hash_of(person)
    return OwnMeans(
        has_number=who is not None,
        card=_card(who, at) if who else None,
        app=_app(who, at) if who else None,
        attempts=tuple(_attempts(person, who, latest)),
    )


def _attempts(person: int, who: str | None, latest: int) -> list[AttemptView]:
    of_person = Q(person_id=person) | (Q(who=who) if who else Q(pk=None))
    rows = Attempt.objects.filter(of_person).exclude(means="card_order").order_by("-id")[:latest]
    return [AttemptView(row.at, row.means, row.outcome) for row in rows]


@dataclass(frozen=True, slots=True)
class Lock:
    """A means that was mistaken too often, until then."""

    means: str
    until: datetime


def locks_of(person: int, *, actor: Actor, at: datetime) -> list[Lock]:
    """What of somebody is locked now, for the office that may count anew. Raises NotAllowed."""
    actor.must("release_sign_in")
    who = identity.national_number_hash_of(person)
    if who is None:
        return []
    until = {means: locked_until(Try(means, who, source=""), at=at) for means in LOCKABLE}
    return [Lock(means, when) for means, when in until.items() if when is not None]


def attempts_on(person: int, *, actor: Actor, latest: int = 10) -> list[AttemptView]:
    """The latest attempts on somebody, newest first. Raises NotAllowed."""
    actor.must("release_sign_in")
    return _attempts(person, identity.national_number_hash_of(person), latest)


@dataclass(frozen=True, slots=True)
class CardToSend:
    """A card for whose letter the national register gave no address, at some time."""

    number: int
    person: int
    state: str
    ordered_at: datetime


def cards_to_send(cards: Iterable[int], *, actor: Actor) -> dict[int, CardToSend]:
    """What the office may know of these cards, by number; one query however many. Raises NotAllowed."""
    actor.must("see_addresses")
    rows = CodeCard.objects.filter(pk__in=list(cards), person_id__isnull=False)
    return {
        row.pk: CardToSend(row.pk, row.person_id, row.state, row.ordered_at)
        for row in rows
        if row.person_id is not None
    }


def _card(who: str, at: datetime) -> CardView | None:
    row = CodeCard.objects.filter(who=who).order_by("-id").first()
    if row is None:
        return None
    return CardView(
        row.pk,
        row.state,
        row.ordered_at,
        row.expected_on,
        row.activated_at,
        row.blocked_at,
        locked_until(Try("card", who, ""), at=at),
    )


def _app(who: str, at: datetime) -> AppView | None:
    row = TimeCode.objects.filter(who=who, removed_at=None).first()
    if row is None:
        return None
    return AppView(row.added_at, row.confirmed_at is not None, locked_until(Try("app", who, ""), at=at))
