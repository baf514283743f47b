"""Reading persons, capacities and profiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from portefeuille.core.errors import Invalid, NotFound
from portefeuille.core.money import Money
from portefeuille.identity.models import Capacity, EnterpriseProfile, Mandate, Person
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.roles import (
    ADMINISTRATORS,
    OF_A_PROVIDER,
    OF_AN_ENTERPRISE,
    Actor,
    Assurance,
    Role,
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a session remembers of a sign-in: who, in which capacity (or by which mandate), how sure, since when.

    ``told`` are the capacities that this sign-in itself told of.
    """

    person: int
    capacity: int
    mandate: int | None = None
    assurance: Assurance = Assurance.LOW
    proved_at: datetime | None = None
    told: frozenset[int] = frozenset()


# Rights given elsewhere are taken away elsewhere, and we hear of it only from there: by another means of sign-in
# somebody who was dismissed would keep them.
ONLY_WHEN_TOLD = "rights"


def actor_of(session: SignedIn) -> Actor | None:
    """The actor behind a session; None when the capacity or the mandate is not (or no longer) theirs."""
    held = (
        Capacity.objects.select_related("person")
        .filter(pk=session.capacity, person_id=session.person, ended_at=None)
        .first()
    )
    if held is None or (held.basis == ONLY_WHEN_TOLD and held.pk not in session.told):
        return None
    actor = Actor(
        role=Role(held.role),
        person_id=session.person,
        name=held.person.name,
        enterprise=held.enterprise_number,
        provider=held.provider_id,
        assurance=session.assurance,
        proved_at=session.proved_at,
    )
    return actor if session.mandate is None else _by_mandate(actor, session.mandate)


def _by_mandate(actor: Actor, mandate: int) -> Actor | None:
    """The same person, acting for the client who gave this mandate to the person's office."""
    if actor.role not in OF_AN_ENTERPRISE:
        return None
    given = Mandate.objects.filter(pk=mandate, office_number=actor.enterprise, ended_at=None).first()
    if given is None:
        return None
    return replace(
        actor,
        role=Role.ACCOUNTANT,
        enterprise=given.enterprise_number,
        mandate=given.pk,
        office=given.office_number,
    )


@dataclass(frozen=True, slots=True)
class HeldCapacity:
    """A capacity of a person: for an enterprise (number), for a provider (id), or for the platform."""

    id: int
    role: Role
    enterprise: str
    provider: int | None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody who can sign in, with every capacity in which they may act."""

    id: int
    handle: str
    name: str
    email: str
    capacities: tuple[HeldCapacity, ...]


def people() -> list[PersonFacts]:
    """Everybody who can sign in, by name: for the demo's sign-in page, where nobody proves who they are."""
    held = Prefetch("capacities", queryset=Capacity.objects.filter(ended_at=None))
    return [
        PersonFacts(
            id=person.pk,
            handle=person.handle,
            name=person.name,
            email=person.email,
            capacities=_held(person.capacities.all()),
        )
        for person in Person.objects.prefetch_related(held).order_by("name", "pk")
    ]


def names_of(people: Iterable[int]) -> dict[int, str]:
    """The name of each of these people."""
    return dict(Person.objects.filter(pk__in=list(people)).values_list("pk", "name"))


def capacities_of(person: int, *, told: frozenset[int] | None = None) -> tuple[HeldCapacity, ...]:
    """Every capacity of this person; with ``told`` only those in which a session with these may act now."""
    rows = Capacity.objects.filter(person_id=person, ended_at=None)
    if told is not None:
        rows = rows.exclude(~Q(pk__in=told), basis=ONLY_WHEN_TOLD)
    return _held(rows)


def account(number: int) -> Person:
    """The row of the person with this id, to begin a session for. Raises NotFound."""
    found = Person.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("Deze persoon bestaat niet meer.")
    return found


def national_number_hash_of(person: int) -> str | None:
    """The keyed hash of a person's national number; None when no proof told it yet."""
    return Person.objects.filter(pk=person).values_list("national_number_hash", flat=True).first()


def handle_of(*, national_number_hash: str) -> str | None:
    """The handle of the person with this national number; None when nobody proved to have it."""
    found = Person.objects.filter(national_number_hash=national_number_hash)
    return found.values_list("handle", flat=True).first()


def holder_of(capacity: int) -> int | None:
    """Whose capacity this is; None when it does not exist (any more)."""
    return Capacity.objects.filter(pk=capacity, ended_at=None).values_list("person_id", flat=True).first()


def _held(rows: Iterable[Capacity]) -> tuple[HeldCapacity, ...]:
    return tuple(
        HeldCapacity(
            id=held.pk, role=Role(held.role), enterprise=held.enterprise_number, provider=held.provider_id
        )
        for held in sorted(rows, key=lambda held: held.pk)
    )


@dataclass(frozen=True, slots=True)
class ActingPerson:
    """Somebody who acts for an enterprise or a provider: in which role, since when, on what ground."""

    capacity: int
    person: int
    name: str
    email: str
    role: Role
    basis: str
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate that runs: who gave it to which office, since when."""

    id: int
    enterprise: str
    office: str
    given_at: datetime


def people_acting(*, actor: Actor) -> list[ActingPerson]:
    """Who acts for the actor's own enterprise or provider, administrators first. Raises NotAllowed."""
    actor.must("see_people", enterprise=actor.enterprise, provider=actor.provider)
    rows = Capacity.objects.filter(
        enterprise_number=actor.enterprise,
        provider_id=actor.provider,
        role__in=OF_AN_ENTERPRISE | OF_A_PROVIDER,
        ended_at=None,
    ).select_related("person")
    found = [
        ActingPerson(
            row.pk,
            row.person_id,
            row.person.name,
            row.person.email,
            Role(row.role),
            row.basis,
            row.given_at,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.role not in ADMINISTRATORS, one.name.casefold(), one.capacity))


def mandates_given(*, actor: Actor) -> list[MandateView]:
    """The mandates that the actor's enterprise gave and that run, oldest first. Raises NotAllowed."""
    actor.must("see_people", enterprise=actor.enterprise, provider=actor.provider)
    return _mandates(Mandate.objects.filter(enterprise_number=actor.enterprise, ended_at=None))


def mandates_held(*, actor: Actor) -> list[MandateView]:
    """The mandates that the actor's own office holds now: its clients. Raises NotAllowed."""
    actor.must("see_clients", enterprise=actor.enterprise)
    return _mandates(Mandate.objects.filter(office_number=actor.enterprise, ended_at=None))


def mandates_of_offices(offices: Iterable[str]) -> list[MandateView]:
    """The mandates that these offices hold now, for the page on which somebody chooses for whom to act."""
    return _mandates(Mandate.objects.filter(office_number__in=list(offices), ended_at=None))


def have_clients(offices: Iterable[str]) -> frozenset[str]:
    """Which of these enterprises hold a mandate of another one."""
    held = Mandate.objects.filter(office_number__in=list(offices), ended_at=None)
    return frozenset(held.values_list("office_number", flat=True).distinct())


def offices_of(mandates: Iterable[int]) -> dict[int, str]:
    """The office of each of these mandates, ended ones too: what was done by them keeps its ground."""
    return dict(Mandate.objects.filter(pk__in=list(mandates)).values_list("pk", "office_number"))


def is_administrator(person: int, *, enterprise: str = "", provider: int | None = None) -> bool:
    """Whether this person decides, now, who acts for it."""
    return Capacity.objects.filter(
        person_id=person,
        role__in=ADMINISTRATORS,
        enterprise_number=enterprise,
        provider_id=provider,
        ended_at=None,
    ).exists()


def acts_for(person: int, *, enterprise: str = "", provider: int | None = None) -> int | None:
    """The capacity in which this person acts for it now, if there is one."""
    rows = Capacity.objects.filter(
        person_id=person, enterprise_number=enterprise, provider_id=provider, ended_at=None
    )
    return rows.order_by("pk").values_list("pk", flat=True).first()


def ever_had_a_hand_in(person: int, *, enterprise: str, provider: int | None = None) -> bool:
    """Whether this person acts or once acted for the enterprise, for an office that it mandated, or for the provider.

    Ended ones count: ending a capacity must not be how somebody becomes impartial.
    """
    offices = Mandate.objects.filter(enterprise_number=enterprise).values("office_number")
    tied = Q(enterprise_number=enterprise) | Q(enterprise_number__in=offices)
    if provider is not None:
        tied |= Q(provider_id=provider)
    return Capacity.objects.filter(tied, person_id=person).exists()


def _mandates(rows: QuerySet[Mandate]) -> list[MandateView]:
    return [
        MandateView(row.pk, row.enterprise_number, row.office_number, row.given_at)
        for row in rows.order_by("pk")
    ]


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody who signed in, and the mail address that they proved to be theirs (empty when they did not)."""

    id: int
    name: str
    email: str
    confirmed_email: str


def person(number: int) -> PersonView:
    """One person. Raises NotFound."""
    found = Person.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("Deze persoon bestaat niet.")
    return _person(found)


def _person(row: Person) -> PersonView:
    return PersonView(row.pk, row.name, row.email, row.email if row.email_confirmed_at else "")


def person_of_number(national_number: str, *, actor: Actor) -> PersonView | None:
    """Who has this national number (bare digits), if they ever signed in. Raises NotAllowed."""
    actor.must("release_sign_in")
    found = Person.objects.filter(national_number_hash=hash_of(national_number)).first()
    return _person(found) if found else None


def people_named(name: str, *, enterprise: str, actor: Actor, limit: int = 20) -> list[PersonView]:
    """Who acts for this enterprise and has this in their name, by name. Raises NotAllowed."""
    actor.must("release_sign_in")
    acting = Capacity.objects.filter(enterprise_number=enterprise, ended_at=None).values("person_id")
    rows = Person.objects.filter(pk__in=acting, name__icontains=name.strip()).order_by("name", "pk")
    return [_person(row) for row in rows[:limit]]


def ever_acted_for(enterprise: str) -> dict[int, str]:
    """The name of everybody who acts or once acted for this enterprise."""
    held = Capacity.objects.filter(enterprise_number=enterprise)
    return dict(held.values_list("person_id", "person__name"))


@dataclass(frozen=True, slots=True)
class RelatedView:
    """A partner or linked enterprise, as it was told."""

    name: str
    tie: str
    share: int
    people_hundredths: int
    turnover: Money
    balance_total: Money


@dataclass(frozen=True, slots=True)
class Profile:
    """What an enterprise told about itself. ``people_hundredths`` and ``balance_total`` are None when it never did."""

    enterprise: str
    iban: str
    email: str
    size: str
    turnover: Money
    turnover_is_expected: bool
    people_hundredths: int | None
    balance_total: Money | None
    related: tuple[RelatedView, ...]
    size_reason: str
    financial_year_starts: str
    financial_year_ends: str


def has_profile(enterprise: str) -> bool:
    """Whether the enterprise told about itself yet."""
    return EnterpriseProfile.objects.filter(pk=enterprise).exists()


def profile(enterprise: str) -> Profile:
    """The profile of an enterprise. Raises Invalid when it was never filled in."""
    found = EnterpriseProfile.objects.filter(pk=enterprise).first()
    if found is None:
        raise Invalid("Vul eerst de gegevens van je onderneming in: rekeningnummer, omzet en boekjaar.")
    return Profile(
        enterprise=enterprise,
        iban=found.iban,
        email=found.email,
        size=found.size,
        turnover=Money(found.turnover_cents),
        turnover_is_expected=found.turnover_is_expected,
        people_hundredths=found.people_hundredths,
        balance_total=None if found.balance_total_cents is None else Money(found.balance_total_cents),
        related=tuple(
            RelatedView(
                one["name"],
                one["tie"],
                one["share"],
                one["people_hundredths"],
                Money(one["turnover_cents"]),
                Money(one["balance_cents"]),
            )
            for one in found.related
        ),
        size_reason=found.size_reason,
        financial_year_starts=found.financial_year_starts,
        financial_year_ends=found.financial_year_ends,
    )


def accounts_of(enterprises: Iterable[str]) -> dict[str, str]:
    """The account number that each of these enterprises gave."""
    rows = EnterpriseProfile.objects.filter(pk__in=list(enterprises))
    return dict(rows.values_list("enterprise_number", "iban"))


def emails_of(enterprises: Iterable[str]) -> dict[str, str]:
    """The mail address that each of these enterprises gave."""
    rows = EnterpriseProfile.objects.filter(pk__in=list(enterprises))
    return dict(rows.values_list("enterprise_number", "email"))
