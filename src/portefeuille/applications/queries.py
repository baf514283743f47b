"""Reading applications: what an enterprise, a provider, the office and the operator may see of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from portefeuille.applications.asked import Asked, Person
from portefeuille.applications.facts import facts
from portefeuille.applications.models import Application, CeilingUse, Decision
from portefeuille.bank.suggestions import Candidate
from portefeuille.core import rules
from portefeuille.core.errors import NotFound
from portefeuille.core.lifecycle import STOPPED, State
from portefeuille.core.money import Money
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import FOR_AN_ENTERPRISE, Actor, Role
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.queries import WalletView

LONGEST_TITLE = 200
ENTERPRISE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application as its readers see it. Amounts are zero until they are known."""

    id: int
    state: State
    scheme: str
    regime: str
    project_number: str
    enterprise_number: str
    enterprise_name: str
    service: str
    name: str
    theme: str
    form: str
    nace_version: str
    nace_code: str
    support: str
    agreement_on: date | None
    starts_on: date | None
    ends_on: date | None
    amount: Money
    vat: Money
    vat_basis_points: int | None
    provider: int | None
    recognition_number: str
    subsidy: Money
    own_share: Money
    waiting_for: str
    started_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    answers: dict[str, Any]

    @property
    def title(self) -> str:
        """Its name; of a draft what was typed so far, on one line and not too long; empty when that is nothing."""
        typed = " ".join(str(self.name or self.answers.get("name", "")).split())
        return typed if len(typed) <= LONGEST_TITLE else f"{typed[:LONGEST_TITLE]}…"

    @property
    def vat_exempt(self) -> bool:
        """Whether the provider charges no VAT, for what was submitted."""
        return self.submitted_at is not None and self.vat_basis_points is None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision with the record from which it can be replayed."""

    at: datetime
    outcome: str
    digest: str
    decided_by: int | None
    reasons: str
    decision: rules.Decision


@dataclass(frozen=True, slots=True)
class CeilingView:
    """How much of its yearly ceiling an enterprise used."""

    year: int
    ceiling: Money
    granted: Money

    @property
    def left(self) -> Money:
        """What it can still be granted."""
        return self.ceiling - self.granted


def _view(row: Application) -> ApplicationView:
    return ApplicationView(
        id=row.pk,
        state=State(row.state),
        scheme=row.scheme,
        regime=row.regime,
        project_number=row.project_number or "",
        enterprise_number=row.enterprise_number,
        enterprise_name=row.enterprise_name,
        service=row.service,
        name=row.name,
        theme=row.theme,
        form=row.form,
        nace_version=row.nace_version,
        nace_code=row.nace_code,
        support=row.support,
        agreement_on=row.agreement_on,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        amount=row.amount,
        vat=row.vat,
        vat_basis_points=row.vat_basis_points,
        provider=row.provider_id,
        recognition_number=row.recognition_number,
        subsidy=row.subsidy,
        own_share=row.own_share,
        waiting_for=row.waiting_for,
        started_at=row.started_at,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        answers=row.answers,
    )


def application(number: int, *, actor: Actor) -> ApplicationView:
    """One application. Raises NotFound, also when it is not for this actor to see: its existence is no one else's."""
    row = Application.objects.filter(pk=number).first()
    if row is None or not _may_see(actor, row):
        raise NotFound("Deze aanvraag bestaat niet, of ze is niet van jou.")
    return _view(row)


def _may_see(actor: Actor, row: Application) -> bool:
    if actor.role is Role.SYSTEM:
        return True
    if row.state == State.DRAFT and actor.role not in FOR_AN_ENTERPRISE:
        return False
    return actor.may("see_applications", enterprise=row.enterprise_number, provider=row.provider_id)


def of_enterprise(enterprise: str, *, actor: Actor) -> list[ApplicationView]:
    """All applications of an enterprise but drafts that were thrown away, newest first. Raises NotAllowed."""
    actor.must("see_applications", enterprise=enterprise)
    rows = Application.objects.filter(enterprise_number=enterprise).order_by("-id")
    return [_view(row) for row in rows.exclude(state=State.CANCELLED, project_number=None)]


def of_clients(*, actor: Actor) -> list[ApplicationView]:
    """What runs for the clients of the actor's own office, newest first; one query however many there are.

    Raises NotAllowed.
    """
    clients = {one.enterprise for one in identity.mandates_held(actor=actor)}
    rows = Application.objects.filter(enterprise_number__in=clients).order_by("-id")
    return [_view(row) for row in rows.exclude(state__in=[State.DRAFT, State.CLOSED, *STOPPED])]


def of_provider(provider: int, *, actor: Actor) -> list[ApplicationView]:
    """All submitted applications that name a provider, newest first. Raises NotAllowed."""
    actor.must("see_provider", provider=provider)
    rows = Application.objects.filter(provider_id=provider).exclude(submitted_at=None).order_by("-id")
    return [_view(row) for row in rows]


def in_queue(numbers: Iterable[int], *, actor: Actor) -> dict[int, ApplicationView]:
    """These applications, by number, for the office's queue; one query however many. Raises NotAllowed."""
    actor.must("see_queue")
    return {row.pk: _view(row) for row in Application.objects.filter(pk__in=list(numbers))}


def files(text: str = "", *, actor: Actor, limit: int) -> list[ApplicationView]:
    """What was applied for, newest first, narrowed to a project number, an enterprise's number or a part of its name.

    For those who read the files of all. Raises NotAllowed.
    """
    actor.must("see_files")
    rows = Application.objects.exclude(submitted_at=None).order_by("-id")
    if text:
        bare = "".join(sign for sign in text if sign.isdigit())
        asked = Q(project_number__iexact=text) | Q(enterprise_name__icontains=text)
        rows = rows.filter(asked | Q(enterprise_number=bare) if len(bare) == ENTERPRISE_DIGITS else asked)
    return [_view(row) for row in rows[:limit]]


def people_of(application: int) -> tuple[Person, ...]:
    """Who takes part in an application."""
    row = Application.objects.get(pk=application)
    return tuple(Person(one.name, one.tie) for one in row.participants.order_by("id"))


def asked_of(row: Application) -> Asked:
    """What a submitted application asks for, as it was typed in."""
    return Asked(
        service=row.service,
        nace_version=row.nace_version,
        nace_code=row.nace_code,
        name=row.name,
        theme=row.theme,
        form=row.form,
        support=row.support,
        agreement_on=row.agreement_on,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        amount=row.amount,
        vat_basis_points=row.vat_basis_points,
        vat_exempt=row.vat_basis_points is None,
        recognition_number=row.recognition_number,
        provider=row.provider_id,
        people=people_of(row.pk),
        declared=True,
    )


def preview(*, actor: Actor, asked: Asked, scheme: str, on: date) -> rules.Decision:
    """What would be decided if this were submitted on that day; the decision's own code, and nothing is kept."""
    actor.must("apply", enterprise=actor.enterprise)
    return rules.decide(
        facts(actor.enterprise, scheme, asked, on=on), scheme=rules.load_scheme(scheme), on=on
    )


def decisions(application: int) -> list[DecisionView]:
    """Every decision on an application, oldest first, replayed from its record."""
    return [
        DecisionView(
            row.at, row.outcome, row.digest, row.decided_by, row.reasons, rules.replay(bytes(row.record))
        )
        for row in Decision.objects.filter(application_id=application).order_by("id")
    ]


def open_questions(numbers: Iterable[int]) -> dict[int, list[str]]:
    """What the latest decision on each of these could not tell, by the titles of its rules; one query."""
    latest = (
        Decision.objects.filter(application_id__in=list(numbers))
        .order_by("application_id", "-id")
        .distinct("application_id")
    )
    return {
        row.application_id: [
            rule.title
            for rule in rules.replay(bytes(row.record)).rules
            if rule.verdict is rules.Verdict.UNKNOWN
        ]
        for row in latest
    }


def ceiling(enterprise: str, scheme: str, *, on: date) -> CeilingView:
    """The ceiling of an enterprise in the year of that day."""
    row = CeilingUse.objects.filter(enterprise_number=enterprise, scheme=scheme, year=on.year).first()
    if row is not None:
        return CeilingView(on.year, Money(row.ceiling_cents), Money(row.granted_cents))
    return CeilingView(on.year, Money(rules.load_scheme(scheme).on(on).highest_ceiling), Money.ZERO)


def candidates() -> list[Candidate]:
    """The applications that still expect money, for the suggestions beside an exception."""
    expecting = {wallet.id: wallet for wallet in wallets.open_wallets() if wallet.figures.still_due}
    rows = Application.objects.filter(pk__in=expecting).order_by("pk")
    accounts = identity.accounts_of(row.enterprise_number for row in rows)
    return [_candidate(row, expecting[row.pk], accounts.get(row.enterprise_number, "")) for row in rows]


def _candidate(row: Application, wallet: WalletView, iban: str) -> Candidate:
    return Candidate(
        application=row.pk,
        project_number=row.project_number or "",
        enterprise_name=row.enterprise_name,
        enterprise_iban=iban,
        reference=wallet.reference,
        still_due=wallet.figures.still_due,
    )


def enterprises_of(applications: Iterable[int]) -> list[tuple[int, str]]:
    """Each of these applications with the number of the enterprise whose it is."""
    rows = Application.objects.filter(pk__in=list(applications)).order_by("pk")
    return list(rows.values_list("pk", "enterprise_number"))


def names(applications: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The project number and the enterprise's name of each application."""
    rows: Sequence[tuple[int, str, str]] = list(
        Application.objects.filter(pk__in=list(applications)).values_list(
            "pk", "project_number", "enterprise_name"
        )
    )
    return {number: (project or "", name) for number, project, name in rows}
