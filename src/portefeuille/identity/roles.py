"""Who may do what: roles, the table of permissions, and the actor on whose behalf an operation runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Self

from portefeuille.core.errors import NotAllowed, ProofNeeded, StrongerSignInNeeded


class Role(StrEnum):
    """In which capacity somebody acts."""

    ENTREPRENEUR = "entrepreneur"
    ENTERPRISE_ADMIN = "enterprise_admin"
    ACCOUNTANT = "accountant"
    PROVIDER = "provider"
    PROVIDER_ADMIN = "provider_admin"
    OPERATOR = "operator"
    OFFICE = "office"
    INSPECTOR = "inspector"
    REGIME_EDITOR = "regime_editor"
    AUDITOR = "auditor"
    HELP_DESK = "help_desk"
    NEWCOMER = "newcomer"
    SYSTEM = "system"


# A newcomer is anybody who signed in, whatever else they may do: it is how one asks to be linked. Like the accountant
# and the platform itself it is never given as a capacity.
# Whose capacity names an enterprise, a provider, or neither. An accountant acts by a mandate, never by a capacity.
OF_AN_ENTERPRISE = frozenset({Role.ENTREPRENEUR, Role.ENTERPRISE_ADMIN})
FOR_AN_ENTERPRISE = OF_AN_ENTERPRISE | {Role.ACCOUNTANT}
OF_A_PROVIDER = frozenset({Role.PROVIDER, Role.PROVIDER_ADMIN})
ADMINISTRATORS = frozenset({Role.ENTERPRISE_ADMIN, Role.PROVIDER_ADMIN})
OF_THE_PLATFORM = frozenset(
    {Role.OPERATOR, Role.OFFICE, Role.INSPECTOR, Role.REGIME_EDITOR, Role.AUDITOR, Role.HELP_DESK}
)


class Assurance(IntEnum):
    """How sure a sign-in makes us of who somebody is. Source: Regulation (EU) 910/2014, article 8."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


PROOF_LASTS = timedelta(minutes=15)  # our reading


@dataclass(frozen=True, slots=True)
class Permission:
    """Which roles may do something, from which assurance, and whether they must have proved themselves just now."""

    roles: frozenset[Role]
    assurance: Assurance = Assurance.LOW
    is_fresh: bool = False


def _look(*roles: Role | Iterable[Role]) -> Permission:
    return Permission(_flat(roles))


def _act(*roles: Role | Iterable[Role]) -> Permission:
    return Permission(_flat(roles), Assurance.SUBSTANTIAL)


def _flat(roles: Iterable[Role | Iterable[Role]]) -> frozenset[Role]:
    return frozenset(one for role in roles for one in ([role] if isinstance(role, Role) else role))


# The auditor reads all that staff reads; the help desk and the inspector read what was applied for.
_READERS = (Role.INSPECTOR, Role.AUDITOR, Role.HELP_DESK)

# Verb -> who may do it. Where an enterprise or provider is named, it must be the actor's own.
PERMISSIONS: dict[str, Permission] = {
    "see_applications": _look(FOR_AN_ENTERPRISE, OF_A_PROVIDER, Role.OFFICE, Role.OPERATOR, _READERS),
    "apply": _look(FOR_AN_ENTERPRISE),
    "submit": _act(FOR_AN_ENTERPRISE),
    "cancel": _act(FOR_AN_ENTERPRISE),
    "order_payment": Permission(FOR_AN_ENTERPRISE, Assurance.SUBSTANTIAL, is_fresh=True),
    "see_profile": _look(FOR_AN_ENTERPRISE),
    "save_profile": _act(OF_AN_ENTERPRISE),
    "change_account": Permission(OF_AN_ENTERPRISE, Assurance.HIGH),
    "confirm_delivery": _act(OF_A_PROVIDER),
    "see_provider": _look(OF_A_PROVIDER),
    "request_recognition": _act(ADMINISTRATORS),
    "see_recognition": _look(OF_A_PROVIDER, Role.ENTERPRISE_ADMIN),
    "see_recognition_requests": _look(Role.OFFICE, Role.AUDITOR),
    "decide_recognition": _act(Role.OFFICE),
    "see_supervision": _look(Role.OFFICE, Role.INSPECTOR, Role.AUDITOR),
    "supervise_provider": _act(Role.OFFICE),
    "decide": _act(Role.OFFICE),
    "see_register": _look(Role.OFFICE, Role.OPERATOR, _READERS),
    "see_files": _look(Role.OFFICE, Role.INSPECTOR, Role.AUDITOR),
    "see_queue": _look(Role.OFFICE, Role.AUDITOR),
    "take_case": _act(Role.OFFICE),
    "import_statement": _act(Role.OPERATOR),
    "settle_exception": _act(Role.OPERATOR),
    "pay": _act(Role.OPERATOR),
    "confirm_email": _act(Role.NEWCOMER),
    "register": _act(Role.NEWCOMER),
    "accept_invitation": _act(Role.NEWCOMER),
    "settle_address": _act(Role.OFFICE),
    "see_addresses": _look(Role.OFFICE, Role.AUDITOR),
    "see_looks": _look(OF_AN_ENTERPRISE),
    "see_people": _look(ADMINISTRATORS),
    "invite": _act(ADMINISTRATORS),
    "make_administrator": _act(ADMINISTRATORS),
    "end_capacity": _act(ADMINISTRATORS),
    "give_mandate": _act(Role.ENTERPRISE_ADMIN),
    "end_mandate": _act(Role.ENTERPRISE_ADMIN),
    "see_clients": _look(OF_AN_ENTERPRISE),
    # The page of an office's clients is also where one goes back to while acting for one of them.
    "see_own_office": _look(FOR_AN_ENTERPRISE),
    "see_help_desk": _look(Role.HELP_DESK),
    # Of anybody who is known, about themselves. Whoever holds a session that lies open must not be able to give
    # themselves a key that stays, so another means of sign-in asks a proof of just now.
    "manage_oneself": _look(Role.NEWCOMER),
    "change_sign_in": Permission(frozenset({Role.NEWCOMER}), Assurance.SUBSTANTIAL, is_fresh=True),
    "print_letters": _act(Role.OFFICE),
    "send_card": _act(Role.OFFICE),
    "release_sign_in": _act(Role.OFFICE),
    "see_books": _look(Role.OPERATOR, Role.OFFICE, Role.AUDITOR),
    "lapse": _act(Role.SYSTEM),
    "remind_providers": _act(Role.SYSTEM),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one capacity, for as long as one request or job lasts.

    ``mandate`` is the mandate by which an accountant acts for ``enterprise``, and ``office`` the number of the
    accountant's own enterprise. ``assurance`` and ``proved_at`` come from
    the sign-in; without one, nobody is sure of anything.
    """

    role: Role
    person_id: int | None = None
    name: str = ""
    enterprise: str = ""
    provider: int | None = None
    mandate: int | None = None
    office: str = ""
    assurance: Assurance = Assurance.LOW
    proved_at: datetime | None = None

    @classmethod
    def system(cls) -> Self:
        """The platform itself: its scheduled jobs."""
        return cls(role=Role.SYSTEM, name="Platform", assurance=Assurance.HIGH)

    def proving(self, at: datetime, *, assurance: Assurance = Assurance.HIGH) -> Actor:
        """The same actor, after a sign-in at that instant."""
        return replace(self, assurance=assurance, proved_at=at)

    @property
    def key(self) -> str:
        """What tells this actor apart in the keys of repeated requests."""
        return f"{self.role}:{self.person_id or 0}:{self.enterprise or self.provider or ''}"

    def may(self, verb: str, *, enterprise: str | None = None, provider: int | None = None) -> bool:
        """Whether the role allows this; for an enterprise or provider only for its own. Not how sure the sign-in is."""
        if self.role not in PERMISSIONS[verb].roles:
            return False
        if self.role in FOR_AN_ENTERPRISE:
            return bool(self.enterprise) and self.enterprise == enterprise
        if self.role in OF_A_PROVIDER:
            return self.provider is not None and self.provider == provider
        return True

    def must(
        self,
        verb: str,
        *,
        enterprise: str | None = None,
        provider: int | None = None,
        at: datetime | None = None,
    ) -> None:
        """Raise NotAllowed unless ``may``, StrongerSignInNeeded when the sign-in is too weak for this verb, and
        ProofNeeded when the verb wants a proof of who acts from the quarter of an hour before ``at``.
        """
        if not self.may(verb, enterprise=enterprise, provider=provider):
            raise NotAllowed(
                "Je mag dit niet doen met de rol waarmee je bent aangemeld. Meld je aan met een andere rol."
            )
        wanted = PERMISSIONS[verb]
        if self.assurance < wanted.assurance:
            raise StrongerSignInNeeded(
                "Hiervoor moeten we zekerder zijn van wie je bent. Meld je aan met je identiteitskaart."
                if wanted.assurance is Assurance.HIGH
                else "Hiervoor moeten we zekerder zijn van wie je bent. "
                "Meld je aan met je identiteitskaart, je codekaart of je app.",
                level=wanted.assurance,
            )
        if wanted.is_fresh and not self._proved_just_before(at):
            raise ProofNeeded("Bevestig nog eens wie je bent. Dat beschermt je als je even weg was.")

    def _proved_just_before(self, at: datetime | None) -> bool:
        if at is None or self.proved_at is None:
            return False
        return self.proved_at <= at <= self.proved_at + PROOF_LASTS
