"""Requests for recognition as tests make them: a PDF that is one, and an audit of last week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.world import World

from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.providers.documents import Upload
from portefeuille.providers.models import Recognition
from portefeuille.providers.operations.decide_recognition import decide_recognition
from portefeuille.providers.operations.request_recognition import Asked, request_recognition
from portefeuille.register.operations.add_enterprise import GivenActivity, GivenEstablishment, add_enterprise
from portefeuille.register.queries import Address

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
NEWCOMER_FIRM = "1999100417"
REASONS = "Auditverslag en certificaat nagekeken."


def uploads(**more: Upload) -> dict[str, Upload]:
    """Both files that a request takes, unless told otherwise."""
    plain = {
        "audit_report": Upload("verslag.pdf", PDF + b"verslag\n%%EOF"),
        "certificate": Upload("certificaat.pdf", PDF),
    }
    return {**plain, **more}


def asked_on(day: date, **more: Any) -> Asked:
    """A request that is complete, unless told otherwise."""
    plain = Asked(
        service="training",
        audit_bureau="Kiwa",
        audited_on=day - timedelta(days=7),
        is_declared=True,
        trade_name="Leerschool",
        iban="BE59 9990 0111 1126",
        email="hallo@leerschool.example",
    )
    return replace(plain, **more)


def owner(world: World, *, number: str = NEWCOMER_FIRM, handle: str = "eigenaar") -> Actor:
    """The administrator of an enterprise that is no provider yet."""
    seat = Address("Teststraat", "1", "", "8500", "Kortrijk")
    base = "8" + number[1:8]
    add_enterprise(
        number=number,
        name="Leerschool BV",
        start_date=date(2012, 5, 2),
        seat=seat,
        establishments=[GivenEstablishment(f"{base}{97 - int(base) % 97:02d}", date(2012, 5, 2), seat)],
        activities=[GivenActivity("2008", "85592")],
    )
    return world.person(handle, GivenCapacity(Role.ENTERPRISE_ADMIN, enterprise=number))


def provider_admin(world: World) -> Actor:
    """The administrator of the world's provider."""
    return world.person("directeur", GivenCapacity(Role.PROVIDER_ADMIN, provider=world.provider_id))


def ask(world: World, actor: Actor, **more: Any) -> int:
    """Send a request; its id."""
    return request_recognition(
        actor=actor, asked=asked_on(world.day, **more), uploads=uploads(), at=world.now
    )


def decide(world: World, request: int, *, grant: bool = True, actor: Actor | None = None) -> str:
    """The office decides; the number."""
    return decide_recognition(
        actor=actor or world.office, request=request, grant=grant, reasons=REASONS, at=world.now
    )


def ends_in(world: World, days: int, *, service: str = "training") -> Recognition:
    """The world's provider is recognised for so many days more."""
    row = Recognition.objects.get(provider_id=world.provider_id, service=service)
    row.valid_to = world.day + timedelta(days=days)
    row.save()
    return row
