"""Reading the operator's bank account, its statements, exceptions and payment runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portefeuille.bank.models import (
    BankAccount,
    BankException,
    PaymentRun,
    SeenMovement,
    Statement,
    StatementFile,
)
from portefeuille.core.errors import NotFound
from portefeuille.core.money import Money


@dataclass(frozen=True, slots=True)
class AccountView:
    """The account on which all wallets are kept."""

    iban: str
    bic: str
    holder: str
    government_iban: str
    balance: Money
    covered_until: date | None


@dataclass(frozen=True, slots=True)
class StatementView:
    """A booked statement."""

    id: int
    sequence: int
    closing_on: date
    opening: Money
    closing: Money
    movement_count: int
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class FileView:
    """A statement file on its way into the books."""

    id: int
    name: str
    state: str
    done_lines: int
    total_lines: int
    report: dict[str, Any]
    handed_in_at: datetime


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """Money that nobody could explain yet, with the movement as the bank sent it."""

    id: int
    movement: int
    reason: str
    amount: Money
    left: Money
    entry_on: date
    communication: str
    reference: str
    counterparty_name: str
    counterparty_account: str
    raised_at: datetime
    settled_at: datetime | None
    settled_how: str


@dataclass(frozen=True, slots=True)
class RunView:
    """A payment file."""

    id: int
    message_id: str
    made_at: datetime
    execute_on: date
    payment_count: int
    total: Money
    digest: str
    made_by: int | None
    released_at: datetime | None
    handed_over_at: datetime | None


def ibans() -> list[str]:
    """The numbers of the accounts on which wallets are kept."""
    return list(BankAccount.objects.values_list("iban", flat=True))


def account() -> AccountView:
    """The operator's account. Raises NotFound on an installation that has none yet."""
    row = BankAccount.objects.order_by("id").first()
    if row is None:
        raise NotFound("Er is nog geen rekening van de financieel beheerder ingesteld.")
    return AccountView(
        row.iban, row.bic, row.holder, row.government_iban, Money(row.balance_cents), row.covered_until
    )


def statements(limit: int = 100) -> list[StatementView]:
    """The latest booked statements, newest first."""
    rows = Statement.objects.order_by("-id")[:limit]
    return [
        StatementView(
            r.pk,
            r.sequence,
            r.closing_on,
            Money(r.opening_cents),
            Money(r.closing_cents),
            r.movement_count,
            r.booked_at,
        )
        for r in rows
    ]


def _file(row: StatementFile) -> FileView:
    return FileView(
        row.pk, row.name, row.state, row.done_lines, row.total_lines, row.report, row.handed_in_at
    )


def files(limit: int = 50) -> list[FileView]:
    """The latest files that were handed in, newest first."""
    return [_file(row) for row in StatementFile.objects.defer("content").order_by("-id")[:limit]]


def file(number: int) -> FileView:
    """One file that was handed in. Raises NotFound."""
    row = StatementFile.objects.defer("content").filter(pk=number).first()
    if row is None:
        raise NotFound("Dit bestand bestaat niet.")
    return _file(row)


def exceptions(*, settled: bool = False, limit: int = 500) -> list[ExceptionView]:
    """Open exceptions, oldest first; or the settled ones, newest first."""
    rows = list(
        BankException.objects.filter(settled_at__isnull=not settled).order_by("-id" if settled else "id")[
            :limit
        ]
    )
    moved = SeenMovement.objects.in_bulk([row.movement_id for row in rows])
    return [_exception(row, moved[row.movement_id]) for row in rows]


def exception(number: int) -> ExceptionView:
    """One exception. Raises NotFound."""
    row = BankException.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("Deze uitzondering bestaat niet.")
    return _exception(row, SeenMovement.objects.get(pk=row.movement_id))


def _exception(row: BankException, movement: SeenMovement) -> ExceptionView:
    return ExceptionView(
        id=row.pk,
        movement=row.movement_id,
        reason=row.reason,
        amount=Money(row.amount_cents),
        left=Money(row.left_cents),
        entry_on=movement.entry_on,
        communication=movement.communication,
        reference=movement.reference,
        counterparty_name=movement.counterparty_name,
        counterparty_account=movement.counterparty_account,
        raised_at=row.raised_at,
        settled_at=row.settled_at,
        settled_how=row.settled_how,
    )


def _run(row: PaymentRun) -> RunView:
    return RunView(
        row.pk,
        row.message_id,
        row.made_at,
        row.execute_on,
        row.payment_count,
        Money(row.total_cents),
        row.digest,
        row.made_by,
        row.released_at,
        row.handed_over_at,
    )


def runs(limit: int = 100) -> list[RunView]:
    """The latest payment files, newest first."""
    return [_run(row) for row in PaymentRun.objects.order_by("-id")[:limit]]


def run(number: int) -> RunView:
    """One payment file. Raises NotFound."""
    row = PaymentRun.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("Dit betaalbestand bestaat niet.")
    return _run(row)
