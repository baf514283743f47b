"""Follow what a sign-in says of somebody's capacities: give what is new, end what was taken away elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from portefeuille.history.operations import record
from portefeuille.identity.models import Capacity, Person
from portefeuille.identity.roles import OF_AN_ENTERPRISE, OF_THE_PLATFORM, Actor, Role

FOLLOWED = ("rights", "representative")


@dataclass(frozen=True, slots=True)
class ToldCapacity:
    """A capacity of which a sign-in told. ``basis``: ``rights`` or ``representative``."""

    role: Role
    basis: str
    enterprise: str = ""
    provider: int | None = None


@transaction.atomic
def follow_sign_in(
    *,
    person: int,
    told: Iterable[ToldCapacity],
    enterprise: str = "",
    provider: int | None = None,
    is_of_the_agency: bool = False,
    at: datetime,
) -> tuple[int, ...]:
    """Bring the person's capacities to what the sign-in told of the organisation for which they came; those it told of.

    Only of that organisation, named by ``enterprise``, ``provider`` or ``is_of_the_agency``, and only those that came
    from a sign-in: a letter or an invitation stands on its own. Among capacities for one enterprise the administrator's
    is enough. No letter goes out: who gives and takes these rights is told where they do.
    """
    Person.objects.select_for_update().get(pk=person)
    scope = _scope(enterprise, provider, is_of_the_agency)
    held = list(Capacity.objects.filter(scope, person_id=person, ended_at=None))
    wanted = _strongest(told)
    for row in held:
        if row.basis in FOLLOWED and _key(row) not in {_told_key(one) for one in wanted}:
            _end(row, at)
    still_held = {_key(row) for row in held}
    for one in wanted:
        if _told_key(one) not in still_held:
            _give(person, one, at)
    stand = Capacity.objects.filter(scope, person_id=person, ended_at=None, basis__in=FOLLOWED)
    return tuple(stand.order_by("pk").values_list("pk", flat=True))


def _scope(enterprise: str, provider: int | None, is_of_the_agency: bool) -> Q:
    scope = Q(pk=None)
    if enterprise:
        scope |= Q(enterprise_number=enterprise)
    if provider is not None:
        scope |= Q(provider_id=provider)
    if is_of_the_agency:
        scope |= Q(role__in=sorted(OF_THE_PLATFORM))
    return scope


def _strongest(told: Iterable[ToldCapacity]) -> list[ToldCapacity]:
    """One for each role and organisation; the administrator's says all that the entrepreneur's does."""
    each = {_told_key(one): one for one in told}
    administered = {one.enterprise for one in each.values() if one.role is Role.ENTERPRISE_ADMIN}
    return [
        one for one in each.values() if not (one.role is Role.ENTREPRENEUR and one.enterprise in administered)
    ]


def _key(row: Capacity) -> tuple[str, str, int | None]:
    return row.role, row.enterprise_number, row.provider_id


def _told_key(one: ToldCapacity) -> tuple[str, str, int | None]:
    return str(one.role), one.enterprise, one.provider


def _give(person: int, one: ToldCapacity, at: datetime) -> None:
    row = Capacity.objects.create(
        person_id=person,
        role=one.role,
        enterprise_number=one.enterprise,
        provider_id=one.provider,
        basis=one.basis,
        given_at=at,
    )
    _record("give_capacity", row, at)


def _end(row: Capacity, at: datetime) -> None:
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _record("end_capacity", row, at)


def _record(verb: str, row: Capacity, at: datetime) -> None:
    record(
        actor=Actor.system(),
        verb=verb,
        subject="capacity",
        subject_id=row.pk,
        enterprise=row.enterprise_number if row.role in OF_AN_ENTERPRISE else "",
        at=at,
        facts={"person": row.person_id, "role": row.role, "basis": row.basis, "provider": row.provider_id},
    )
