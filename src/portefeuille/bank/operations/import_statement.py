"""Booking a bank statement: read it, check that it continues the last one, stage its lines, post them in one statement.

A file is booked whole or refused whole. Each statement in it is booked once, however often it is handed in: its
digest is unique. The account's row is locked first, so that statements are booked one after another.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.db import connection, transaction

from portefeuille.applications.operations import follow_money
from portefeuille.applications.operations.follow_money import Settled
from portefeuille.bank.chain import digest_of, must_follow
from portefeuille.bank.models import BankAccount, BankException, Statement, StatementFile
from portefeuille.bank.sorting import Kind, Sorted, sort_movements
from portefeuille.core.errors import FileRefused
from portefeuille.core.formats import coda
from portefeuille.core.formats import statement as formats
from portefeuille.core.ledger import Transfer
from portefeuille.core.money import Money
from portefeuille.history.operations import record
from portefeuille.identity.roles import Actor
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.operations import settle_payment
from portefeuille.wallet.posting import Line, Placed, new_sources, post, post_statement

Progress = Callable[[int, int], None]
CHUNK = 5_000


@dataclass(slots=True)
class Report:
    """What a file brought. Counts of movements by kind, and of what became an exception."""

    statements: int = 0
    known_statements: int = 0
    movements: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    exceptions: int = 0
    deposited: Money = Money.ZERO
    topped_up: Money = Money.ZERO

    def as_dict(self) -> dict[str, Any]:
        """JSON for the report page; amounts as decimal strings."""
        return {
            "statements": self.statements,
            "known_statements": self.known_statements,
            "movements": self.movements,
            "kinds": dict(self.kinds),
            "exceptions": self.exceptions,
            "deposited": str(self.deposited),
            "topped_up": str(self.topped_up),
        }

    @classmethod
    def of_dict(cls, told: Mapping[str, Any]) -> Self:
        """The report that ``as_dict`` told."""
        amounts = {name: Money.euros(told[name]) for name in ("deposited", "topped_up")}
        return cls(**{**told, **amounts, "kinds": Counter(told["kinds"])})


def hand_in(*, actor: Actor, name: str, content: bytes, at: datetime) -> int:
    """Keep a statement file, to be booked by ``import_file``; returns its id. Nothing is read yet."""
    actor.must("import_statement")
    row = StatementFile.objects.create(
        name=name[:200],
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        handed_in_at=at,
        handed_in_by=actor.person_id,
    )
    return row.pk


def import_file(
    *, actor: Actor, file: int, at: datetime, progress: Progress = lambda done, total: None
) -> Report:
    """Book the statements of a file that was handed in.

    Raises FileRefused, with the reason kept in the file's row, when anything in it is wrong: then nothing is booked.
    """
    actor.must("import_statement")
    row = StatementFile.objects.get(pk=file)
    try:
        return _book_file(actor, row, at, progress)
    except FileRefused as refused:
        StatementFile.objects.filter(pk=file).exclude(state="booked").update(
            state="refused",
            report={"refused": refused.sentence, "problems": list(refused.problems)},
        )
        raise


def _read(content: bytes) -> Sequence[formats.Statement]:
    reading = coda.read(content)
    if reading.accepted:
        return reading.statements
    first = next(problem for problem in reading.problems if problem.severity == "error")
    raise FileRefused(
        f"Dit bestand is niet geboekt. Regel {first.line}: {first.text}",
        problems=[problem.as_dict() for problem in reading.problems],
    )


@transaction.atomic
def _book_file(actor: Actor, row: StatementFile, at: datetime, progress: Progress) -> Report:
    statements = _read(bytes(row.content))
    accounts = _lock_accounts({statement.account for statement in statements})
    row.refresh_from_db(fields=["state", "report"])
    if row.state == "booked":  # by a worker that was stopped before it could say so, or by a twin
        return Report.of_dict(row.report)
    total = sum(len(statement.movements) for statement in statements)
    report = Report()
    for statement in statements:
        done = report.movements
        _book_statement(
            accounts[statement.account],
            statement,
            row,
            report,
            actor=actor,
            at=at,
            progress=lambda lines, done=done: progress(done + lines, total),
        )
    row.state = "booked"
    row.done_lines = row.total_lines = total
    row.report = report.as_dict()
    row.save(update_fields=["state", "done_lines", "total_lines", "report"])
    record(
        actor=actor,
        verb="import_statement",
        subject="statement_file",
        subject_id=row.pk,
        at=at,
        facts=report.as_dict(),
    )
    return report


def _lock_accounts(ibans: set[str]) -> dict[str, BankAccount]:
    found = {
        account.iban: account
        for account in BankAccount.objects.select_for_update().filter(iban__in=ibans).order_by("id")
    }
    for iban in sorted(ibans - found.keys()):
        raise FileRefused(
            f"Dit uittreksel is van rekening {iban}. Dat is geen rekening van de portefeuille. "
            "Kijk na of je het juiste bestand koos."
        )
    return found


def _book_statement(
    account: BankAccount,
    statement: formats.Statement,
    file: StatementFile,
    report: Report,
    *,
    actor: Actor,
    at: datetime,
    progress: Callable[[int], None],
) -> None:
    digest = digest_of(statement)
    if Statement.objects.filter(account=account, digest=digest).exists():
        report.known_statements += 1
        return
    must_follow(account, statement)
    row = Statement.objects.create(
        account=account,
        file=file,
        sequence=statement.sequence,
        closing_on=statement.closing_date,
        opening_cents=statement.opening.cents,
        closing_cents=statement.closing.cents,
        digest=digest,
        movement_count=len(statement.movements),
        booked_at=at,
    )
    lines = _sort(account, [line for movement in statement.movements for line in movement.lines()])
    sources = new_sources(len(lines)) if lines else []
    _stage(row.pk, sources, lines, progress)
    placed = post_statement(row.pk, at=at)
    debits = _post_known(sources, lines, at)
    _raise_exceptions(placed, debits, at)
    account.balance_cents = statement.closing.cents
    account.statement_sequence = statement.sequence
    account.covered_until = statement.closing_date
    account.save(update_fields=["balance_cents", "statement_sequence", "covered_until"])
    rebuilt = {source for source, line in zip(sources, lines, strict=True) if line.movement.reference_rebuilt}
    follow_money.follow_deposits(placed, actor=actor, at=at, rebuilt=rebuilt)
    _settle(lines, actor, at)
    _count(report, lines, placed, debits)


def _sort(account: BankAccount, movements: Sequence[formats.Movement]) -> list[Sorted]:
    payments = settle_payment.by_end_to_end_id({movement.end_to_end_id for movement in movements})
    known = frozenset(wallets.known_references({r for m in movements for r in m.references}))
    return sort_movements(
        movements, government_iban=account.government_iban, payments=payments, known_references=known
    )


def _stage(
    statement: int, sources: Iterable[int], lines: Sequence[Sorted], progress: Callable[[int], None]
) -> None:
    """Write the movements with COPY; this is both the record of what the bank sent and the stage for the posting."""
    columns = (
        "id, statement_id, line, amount_cents, entry_on, reference, end_to_end_id, kind, communication, "
        "counterparty_name, counterparty_account"
    )
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY bank_movement ({columns}) FROM STDIN") as copy,
    ):
        for done, (source, line) in enumerate(zip(sources, lines, strict=True), start=1):
            m = line.movement
            copy.write_row(
                (
                    source,
                    statement,
                    m.line,
                    m.amount.cents,
                    m.entry_date,
                    line.reference,
                    m.end_to_end_id,
                    line.kind,
                    m.communication,
                    m.counterparty_name[:140],
                    m.counterparty_account[:37],
                )
            )
            if done % CHUNK == 0:
                progress(done)


def _post_known(
    sources: Sequence[int], lines: Sequence[Sorted], at: datetime
) -> list[tuple[int, str, Money]]:
    """Post everything but deposits; returns what is unexplained as (movement, reason, signed amount)."""
    transfers: list[Line] = []
    unexplained: list[tuple[int, str, Money]] = []
    for source, line in zip(sources, lines, strict=True):
        amount = line.movement.amount
        match line.kind:
            case Kind.FUNDS:
                transfers.append(Line(0, source, Transfer.FUNDS_RECEIVED, amount))
            case Kind.PAID:
                assert line.payment is not None
                transfers.append(settle_payment.paid_line(line.payment, source))
            case Kind.BOUNCED:
                assert line.payment is not None
                lines_back, reason = settle_payment.bounced_lines(line.payment, source)
                transfers.extend(lines_back)
                if reason:
                    unexplained.append((source, reason, amount))
            case Kind.UNKNOWN_DEBIT:
                transfers.append(Line(0, source, Transfer.UNEXPLAINED_OUT, -amount))
                unexplained.append((source, "unknown_debit", amount))
            case Kind.DEPOSIT | Kind.NOTHING:
                pass
    post(transfers, at=at)
    return unexplained


def _raise_exceptions(
    placed: Iterable[Placed], unexplained: Iterable[tuple[int, str, Money]], at: datetime
) -> None:
    raised = [(line.source, line.reason, line.left_over) for line in placed if line.left_over]
    BankException.objects.bulk_create(
        [
            BankException(
                movement_id=source,
                reason=reason,
                amount_cents=amount.cents,
                left_cents=amount.cents,
                raised_at=at,
            )
            for source, reason, amount in [*raised, *unexplained]
        ],
        batch_size=CHUNK,
    )


def _settle(lines: Sequence[Sorted], actor: Actor, at: datetime) -> None:
    """Mark payments as paid or come back, and let the applications follow."""
    for kind, follow in ((Kind.PAID, follow_money.follow_paid), (Kind.BOUNCED, follow_money.follow_bounced)):
        done = [line for line in lines if line.kind is kind and line.payment is not None]
        settle_payment.mark(
            [(line.payment.id, line.movement.entry_date) for line in done if line.payment], state=kind.value
        )
        settled = [
            Settled(
                payment=line.payment.id,
                application=line.payment.wallet,
                amount=line.payment.amount,
                reference=line.payment.reference,
            )
            for line in done
            if line.payment is not None and line.payment.kind == "provider"
        ]
        follow(settled, actor=actor, at=at)


def _count(
    report: Report, lines: Sequence[Sorted], placed: Sequence[Placed], unexplained: Sequence[object]
) -> None:
    report.statements += 1
    report.movements += len(lines)
    report.kinds.update(line.kind.value for line in lines)
    report.exceptions += sum(1 for line in placed if line.left_over) + len(unexplained)
    report.deposited += Money(sum(line.taken.cents for line in placed))
    report.topped_up += Money(sum(line.top_up.cents for line in placed))
