"""Who can sign in to the demo, in words."""

from __future__ import annotations

from portefeuille.identity.queries import HeldCapacity, people
from portefeuille.identity.roles import Role
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register

WORDS = {
    Role.ENTREPRENEUR: "ondernemer",
    Role.ENTERPRISE_ADMIN: "beheerder van de onderneming",
    Role.PROVIDER: "dienstverlener",
    Role.PROVIDER_ADMIN: "beheerder van de dienstverlener",
    Role.OPERATOR: "financieel beheerder",
    Role.OFFICE: "dossierbehandelaar",
    Role.INSPECTOR: "inspecteur",
    Role.REGIME_EDITOR: "beheerder van de regels",
    Role.AUDITOR: "auditor",
    Role.HELP_DESK: "helpdesk",
}


def lines() -> list[str]:
    """``Lien Maes, ondernemer, voor Houtatelier Vonk``: one line per person and capacity, by name."""
    everyone = people()
    held = [capacity for person in everyone for capacity in person.capacities]
    enterprises = register.names([capacity.enterprise for capacity in held if capacity.enterprise])
    provider_names = providers.names([capacity.provider for capacity in held if capacity.provider])
    return [
        f"{person.name}, {WORDS[capacity.role]}, voor {_for_whom(capacity, enterprises, provider_names)}"
        for person in everyone
        for capacity in person.capacities
    ]


def _for_whom(capacity: HeldCapacity, enterprises: dict[str, str], provider_names: dict[int, str]) -> str:
    if capacity.provider is not None:
        return provider_names[capacity.provider]
    if capacity.enterprise:
        return enterprises.get(capacity.enterprise, capacity.enterprise)
    return "het platform"
