"""What people are written about who acts for whom."""

from __future__ import annotations

from collections.abc import Iterable

from portefeuille.core.identifiers import dotted
from portefeuille.identity.models import Capacity, Person
from portefeuille.identity.roles import ADMINISTRATORS, Actor
from portefeuille.messages.operations import Letter
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register

HELP = "Heb jij of een collega dit niet gevraagd? Bel gratis naar 1700, van 9 tot 19 uur."


def name_of_firm(*, enterprise: str = "", provider: int | None = None) -> str:
    """How the enterprise or the provider is called."""
    if provider is not None:
        return providers.names([provider]).get(provider, "")
    return register.names([enterprise]).get(enterprise, dotted(enterprise))


def administrators(*, enterprise: str = "", provider: int | None = None) -> list[Person]:
    """Those who decide who acts for it, in order."""
    held = Capacity.objects.filter(
        role__in=ADMINISTRATORS, enterprise_number=enterprise, provider_id=provider, ended_at=None
    )
    return list(Person.objects.filter(pk__in=held.values("person_id")).order_by("pk"))


def to_administrators(
    *,
    kind: str,
    once: str,
    subject: str,
    text: str,
    enterprise: str = "",
    provider: int | None = None,
    also: Iterable[Person] = (),
) -> list[Letter]:
    """The same words to every administrator who has a mail address, and to those beside them."""
    everyone = {one.pk: one for one in [*administrators(enterprise=enterprise, provider=provider), *also]}
    return [
        Letter(
            key=f"{kind}:{once}:{one.pk}",
            kind=kind,
            to_address=one.email,
            to_name=one.name,
            subject=subject,
            text=f"Dag {one.name}\n\n{text}\n\n{HELP}\n",
            enterprise=enterprise,
        )
        for one in everyone.values()
        if one.email
    ]


def by_whom(actor: Actor) -> str:
    """The name of whoever did it."""
    return actor.name or "het platform"
