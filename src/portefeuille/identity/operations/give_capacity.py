"""Let a person act for an enterprise or a provider, once something proved that they may."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.core.errors import WrongState
from portefeuille.history.operations import record
from portefeuille.identity import letters
from portefeuille.identity.models import Capacity, Person
from portefeuille.identity.operations.locking import lock_people
from portefeuille.identity.roles import ADMINISTRATORS, Actor, Role
from portefeuille.messages import operations as messages

BASIS_WORDS = {
    "letter": "met de code uit de brief aan de zetel",
    "representative": "als wettelijk vertegenwoordiger",
    "invitation": "op uitnodiging",
    "office": "door een beslissing van de overheid",
}


@transaction.atomic
def give_capacity(
    *,
    actor: Actor,
    basis: str,
    at: datetime,
    enterprise: str = "",
    provider: int | None = None,
    role: Role | None = None,
    given_by: int | None = None,
    person: int | None = None,
) -> int:
    """Link the actor's person, or the one that is named; the capacity's id. Callers have seen the proof that ``basis``
    names.

    Without a role the first person of an enterprise becomes its administrator, and others may act for it.
    Raises WrongState when the person is linked already.
    """
    person = actor.person_id if person is None else person
    assert person is not None, "only people are linked"
    lock_people(enterprise=enterprise, provider=provider)
    held = Capacity.objects.filter(
        enterprise_number=enterprise, provider_id=provider, ended_at=None
    ).select_related("person")
    if any(one.person_id == person for one in held):
        raise WrongState("Je mag al optreden voor deze onderneming. Kies ze bij “wissel”.")
    if role is None:
        is_first = not any(one.role in ADMINISTRATORS for one in held)
        role = Role.ENTERPRISE_ADMIN if is_first else Role.ENTREPRENEUR
    row = Capacity.objects.create(
        person_id=person,
        role=role,
        enterprise_number=enterprise,
        provider_id=provider,
        basis=basis,
        given_at=at,
        given_by=given_by,
    )
    record(
        actor=actor,
        verb="give_capacity",
        subject="capacity",
        subject_id=row.pk,
        enterprise=enterprise,
        at=at,
        facts={"person": person, "role": role, "basis": basis, "provider": provider},
    )
    _tell(row, actor, at)
    return row.pk


def _tell(row: Capacity, actor: Actor, at: datetime) -> None:
    person = Person.objects.get(pk=row.person_id)
    whom = letters.name_of_firm(enterprise=row.enterprise_number, provider=row.provider_id)
    how = BASIS_WORDS[row.basis]
    messages.write(
        letters.to_administrators(
            kind="person_linked",
            once=str(row.pk),
            subject=f"{person.name} mag optreden voor {whom}",
            text=f"{person.name} mag vanaf nu optreden voor {whom}, {how}. "
            "Een beheerder kan dat altijd beëindigen op de pagina “Mensen”.",
            enterprise=row.enterprise_number,
            provider=row.provider_id,
            also=[person],
        ),
        at=at,
    )
