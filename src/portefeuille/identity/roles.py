"""Who may do what: roles, the table of permissions, and the actor on whose behalf an operation runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from portefeuille.core.errors import NotAllowed


class Role(StrEnum):
    """In which capacity somebody acts."""

    ENTREPRENEUR = "entrepreneur"
    PROVIDER = "provider"
    OPERATOR = "operator"
    OFFICE = "office"
    SYSTEM = "system"


# Verb -> the roles that may do it. Where an enterprise or provider is named, it must be the actor's own.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "see_applications": frozenset({Role.ENTREPRENEUR, Role.PROVIDER, Role.OFFICE, Role.OPERATOR}),
    "apply": frozenset({Role.ENTREPRENEUR}),
    "cancel": frozenset({Role.ENTREPRENEUR}),
    "order_payment": frozenset({Role.ENTREPRENEUR}),
    "confirm_delivery": frozenset({Role.PROVIDER}),
    "see_provider": frozenset({Role.PROVIDER}),
    "decide": frozenset({Role.OFFICE}),
    "see_queue": frozenset({Role.OFFICE}),
    "import_statement": frozenset({Role.OPERATOR}),
    "settle_exception": frozenset({Role.OPERATOR}),
    "pay": frozenset({Role.OPERATOR}),
    "see_books": frozenset({Role.OPERATOR, Role.OFFICE}),
    "lapse": frozenset({Role.SYSTEM}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one capacity, for as long as one request or job lasts."""

    role: Role
    person_id: int | None = None
    name: str = ""
    enterprise: str = ""
    provider: int | None = None

    @classmethod
    def system(cls) -> Self:
        """The platform itself: its scheduled jobs."""
        return cls(role=Role.SYSTEM, name="Platform")

    @property
    def key(self) -> str:
        """What tells this actor apart in the keys of repeated requests."""
        return f"{self.role}:{self.person_id or 0}:{self.enterprise or self.provider or ''}"

    def may(self, verb: str, *, enterprise: str | None = None, provider: int | None = None) -> bool:
        """Whether the table lets this actor do this; for an enterprise or provider only for its own."""
        if self.role not in PERMISSIONS[verb]:
            return False
        if self.role is Role.ENTREPRENEUR:
            return bool(self.enterprise) and self.enterprise == enterprise
        if self.role is Role.PROVIDER:
            return self.provider is not None and self.provider == provider
        return True

    def must(self, verb: str, *, enterprise: str | None = None, provider: int | None = None) -> None:
        """Raise NotAllowed unless ``may``."""
        if not self.may(verb, enterprise=enterprise, provider=provider):
            raise NotAllowed(
                "Je mag dit niet doen met de rol waarmee je bent aangemeld. Meld je aan met een andere rol."
            )
