"""Somebody comes back from the Flemish access management: who are they here, and what may they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from portefeuille.identity.operations.follow_sign_in import follow_sign_in
from portefeuille.identity.operations.recognise import recognise
from portefeuille.identity.roles import Assurance
from portefeuille.providers import queries as providers
from portefeuille.signin.attempts import Try, note
from portefeuille.signin.rights import understand


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who it is, how sure, and the enterprise or provider for which they came, when it is one of ours.

    ``told`` are the capacities that hang on what was told, now or before, of that organisation.
    """

    person: int
    assurance: Assurance
    enterprise: str
    provider: int | None
    told: tuple[int, ...]


@transaction.atomic
def arrive_by_acm(*, claims: Mapping[str, Any], source: str, at: datetime) -> Arrived:
    """Find or add the person and follow their rights. Raises SignInFailed, NotAllowed."""
    told = understand(claims)
    person = recognise(name=told.name, national_number_hash=told.national_number_hash, vo_id=told.vo_id)
    firm = providers.provider_of_enterprise(told.organisation) if told.organisation else None
    provider = firm.id if firm else None
    stands = follow_sign_in(
        person=person.pk,
        told=told.capacities,
        enterprise=told.organisation,
        provider=provider,
        is_of_the_agency=told.is_of_the_agency,
        at=at,
    )
    note(Try("acm", told.national_number_hash or "", source), "right", at=at, person=person.pk)
    return Arrived(person.pk, told.assurance, told.organisation, provider, stands)
