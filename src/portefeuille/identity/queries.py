"""Reading persons, capacities and profiles."""

from __future__ import annotations

from dataclasses import dataclass

from portefeuille.core.errors import Invalid
from portefeuille.core.money import Money
from portefeuille.identity.models import Capacity, EnterpriseProfile
from portefeuille.identity.roles import Actor, Role


def actor_of(*, person: int, capacity: int) -> Actor | None:
    """The actor for a person in one of its capacities; None when that capacity is not (or no longer) theirs."""
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
class Profile:
    """What an enterprise told about itself."""

    enterprise: str
    iban: str
    email: str
    size: str
    turnover: Money


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
