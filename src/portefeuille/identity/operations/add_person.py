"""Add somebody who can sign in, with the capacities in which they act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from portefeuille.identity.models import Capacity, Person
from portefeuille.identity.roles import Role


@dataclass(frozen=True, slots=True)
class GivenCapacity:
    """A role: for an enterprise (its number), for a provider (its id), or for the platform (neither)."""

    role: Role
    enterprise: str = ""
    provider: int | None = None


@transaction.atomic
def add_person(*, handle: str, name: str, email: str, capacities: Iterable[GivenCapacity]) -> int:
    """Add a person, or give the person with this handle what is missing; the person's id.

    A capacity that contradicts its role breaks the constraint ``capacity_names_whom_it_is_for``.
    """
    person, _ = Person.objects.get_or_create(handle=handle, defaults={"name": name, "email": email})
    for capacity in capacities:
        Capacity.objects.get_or_create(
            person=person,
            role=capacity.role,
            enterprise_number=capacity.enterprise,
            provider_id=capacity.provider,
            ended_at=None,
        )
    return person.pk
