"""Reading persons, capacities and profiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portefeuille.core.errors import Invalid
from portefeuille.core.money import Money
from portefeuille.identity.models import Capacity, EnterpriseProfile, Person
from portefeuille.identity.roles import Actor, Role


def actor_of(*, person: int, capacity: int) -> Actor | None:
    """The actor for a person in one of its capacities; None when it is not (or no longer) theirs."""
    found = Capacity.objects.select_related("person").filter(pk=capacity, person_id=person).first()
    if found is None:
        return None
    return Actor(
        role=Role(found.role),
        person_id=person,
        name=found.person.name,
        enterprise=found.enterprise_number,
        provider=found.provider_id,
    )


@dataclass(frozen=True, slots=True)
class HeldCapacity:
    """A capacity of a person: for an enterprise (number), for a provider (id), or for the platform."""

    id: int
    role: Role
    enterprise: str
    provider: int | None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody who can sign in, with every capacity in which they may act."""

    id: int
    handle: str
    name: str
    email: str
    capacities: tuple[HeldCapacity, ...]


def people() -> list[PersonFacts]:
    """Everybody who can sign in, by name: for the demo's sign-in page, where nobody proves who they are."""
    return [
        PersonFacts(
            id=person.pk,
            handle=person.handle,
            name=person.name,
            email=person.email,
            capacities=_held(person.capacities.all()),
        )
        for person in Person.objects.prefetch_related("capacities").order_by("name", "pk")
    ]


def capacities_of(person: int) -> tuple[HeldCapacity, ...]:
    """Every capacity in which this person may act."""
    return _held(Capacity.objects.filter(person_id=person))


def holder_of(capacity: int) -> int | None:
    """Whose capacity this is; None when it does not exist (any more)."""
    return Capacity.objects.filter(pk=capacity).values_list("person_id", flat=True).first()


def _held(rows: Iterable[Capacity]) -> tuple[HeldCapacity, ...]:
    return tuple(
        HeldCapacity(
            id=held.pk, role=Role(held.role), enterprise=held.enterprise_number, provider=held.provider_id
        )
        for held in sorted(rows, key=lambda held: held.pk)
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """What an enterprise told about itself."""

    enterprise: str
    iban: str
    email: str
    size: str
    turnover: Money


def has_profile(enterprise: str) -> bool:
    """Whether the enterprise told about itself yet."""
    return EnterpriseProfile.objects.filter(pk=enterprise).exists()


def profile(enterprise: str) -> Profile:
    """The profile of an enterprise. Raises Invalid when it was never filled in."""
    found = EnterpriseProfile.objects.filter(pk=enterprise).first()
    if found is None:
        raise Invalid("Vul eerst de gegevens van je onderneming in: rekeningnummer, omzet en boekjaar.")
    return Profile(
        enterprise=enterprise,
        iban=found.iban,
        email=found.email,
        size=found.size,
        turnover=Money(found.turnover_cents),
    )


def accounts_of(enterprises: Iterable[str]) -> dict[str, str]:
    """The account number that each of these enterprises gave."""
    rows = EnterpriseProfile.objects.filter(pk__in=list(enterprises))
    return dict(rows.values_list("enterprise_number", "iban"))


def emails_of(enterprises: Iterable[str]) -> dict[str, str]:
    """The mail address that each of these enterprises gave."""
    rows = EnterpriseProfile.objects.filter(pk__in=list(enterprises))
    return dict(rows.values_list("enterprise_number", "email"))
