"""Somebody who wants to be linked, an enterprise without a seat, and what the letters and mails say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from tests.post.tray import text_of_letter, waiting
from tests.world import ENTERPRISE

from portefeuille.core import secret_codes
from portefeuille.identity.models import Capacity, Person
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages.models import Message
from portefeuille.register.operations.add_enterprise import (
    GivenActivity,
    GivenEstablishment,
    add_enterprise,
)
from portefeuille.register.queries import Address

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}(?:-[0-9A-Z]{4})?\b")

SHOP = Address("Winkelstraat", "2", "", "2800", "Mechelen")
SOLE = "1999100417"


def newcomer(handle: str = "nora", *, confirmed: bool = True) -> Actor:
    """Somebody who signed in and acts for nobody yet."""
    row, _ = Person.objects.get_or_create(
        handle=handle,
        defaults={
            "name": handle.title(),
            "email": f"{handle}@test.example" if confirmed else "",
            "email_confirmed_at": NOW if confirmed else None,
        },
    )
    return Actor(
        role=Role.NEWCOMER, person_id=row.pk, name=row.name, assurance=Assurance.SUBSTANTIAL, proved_at=NOW
    )


def administrator(handle: str, enterprise: str = ENTERPRISE, provider: int | None = None) -> Actor:
    """Somebody who decides who acts for an enterprise or provider."""
    person = newcomer(handle)
    role = Role.ENTERPRISE_ADMIN if provider is None else Role.PROVIDER_ADMIN
    Capacity.objects.create(
        person_id=person.person_id,
        role=role,
        enterprise_number="" if provider else enterprise,
        provider_id=provider,
        given_at=NOW,
    )
    return Actor(
        role=role,
        person_id=person.person_id,
        name=person.name,
        enterprise="" if provider else enterprise,
        provider=provider,
        assurance=Assurance.SUBSTANTIAL,
    )


def sole_trader(*, shop: Address | None = SHOP, situation: str = "000") -> None:
    """In the register, but for its address."""
    add_enterprise(
        number=SOLE,
        name="Amira Haar",
        kind="natural",
        situation=situation,
        start_date=date(2019, 1, 7),
        seat=None,
        establishments=[GivenEstablishment("8999100411", date(2019, 1, 7), shop)] if shop else [],
        activities=[GivenActivity("2008", "96021")],
    )


def letter_text() -> str:
    """What the newest letter on paper says."""
    return text_of_letter(waiting()[-1])


def letter_code() -> str:
    """The code in the newest letter on paper."""
    found = CODE.search(letter_text())
    assert found, letter_text()
    return found[0]


def mailed_code(kind: str) -> str:
    """The code in the newest mail of this kind."""
    found = CODE.search(Message.objects.filter(kind=kind).latest("id").text)
    assert found
    return found[0]


def another(code: str, signs: int = 12) -> str:
    """A code that is well-formed, and not this one."""
    bare = secret_codes.read(code, signs)
    first = "A" if bare[0] != "A" else "B"
    left = iter(first + bare[1:-1])
    return secret_codes.make(signs, lambda _all: next(left))
