"""Booking a whole statement, from the bytes of the file to the commit, against the bare writing of the same rows.

The floor writes what the import must leave behind (movements, transfers, wallets, events, messages) with COPY and one
UPDATE, with every value known beforehand: no reading, no matching, no deciding.
"""

from __future__ import annotations

import contextlib
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from unittest import mock

from django.db import connection, transaction

from benchmarks.database import measured_database
from benchmarks.measuring import Ratio, Story, Target
from portefeuille.core.formats import ogm
from portefeuille.core.formats.coda_writer import Line, write
from portefeuille.core.money import Money

SIZES = (10_000, 100_000)
DAY = date(2026, 3, 5)
AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
OPERATOR, GOVERNMENT, PAYER = "BE49999000000171", "BE80999000000777", "BE29999010000164"


TAIL = ("training", "Leidinggeven", *[""] * 5, 10_000, "", "gids", 4_000, 6_000, 4_000, "")


def head(number: int) -> tuple[object, ...]:
    """The columns of an application that differ, or come first."""
    return (number, "approved", "gids", "1999100120", "Bakkerij", "{}", AT, 1, f"KP2026-{number:06d}")


def lay(count: int) -> list[str]:
    """So many approved applications of one enterprise, each with its wallet of 60.00 and 40.00."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in (
            "wallet_wallet",
            "wallet_transfer",
            "applications_application",
            "bank_movement",
            "bank_statement",
            "bank_statementfile",
            "bank_bankexception",
            "bank_bankaccount",
            "history_event",
            "messages_message",
            "identity_enterpriseprofile",
        ):
            cursor.execute(f"TRUNCATE {table} CASCADE")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(
            "INSERT INTO bank_bankaccount (iban, holder, bic, enterprise_number, government_iban, balance_cents, "
            "statement_sequence) VALUES (%s, 'Beheerder', '', '', %s, 0, 0)",
            [OPERATOR, GOVERNMENT],
        )
        cursor.execute(
            "INSERT INTO identity_enterpriseprofile (enterprise_number, iban, email, size, size_reason, related, "
            "turnover_cents, turnover_is_expected, financial_year_starts, financial_year_ends) VALUES "
            "('1999100120', %s, 'nele@onderneming.example', 'small', '', '[]', 0, false, '01-01', '31-12')",
            [PAYER],
        )
        references = [ogm.make(4_100_000_000 + number) for number in range(1, count + 1)]
        with cursor.copy(
            "COPY applications_application (id, state, scheme, enterprise_number, enterprise_name, answers, "
            "started_at, "
            "started_by, project_number, service, name, theme, form, nace_version, nace_code, support, amount_cents, "
            "recognition_number, regime, subsidy_cents, own_share_cents, counted_cents, waiting_for) FROM STDIN"
        ) as copy:
            for number in range(1, count + 1):
                copy.write_row((*head(number), *TAIL))
        with cursor.copy(
            "COPY wallet_wallet (id, reference, own_share_cents, subsidy_cents, deposited_cents, topped_up_cents, "
            "own_out_cents, subsidy_out_cents, ordered_cents, paid_cents, refunded_cents, returned_cents, is_open, "
            "is_exact, deposit_until) FROM STDIN"
        ) as copy:
            for number, reference in enumerate(references, start=1):
                copy.write_row((number, reference, 6_000, 4_000, *[0] * 8, True, False, "2026-04-01"))
        cursor.execute("ANALYZE")
    return references


def imported(references: list[str]) -> float:
    """Seconds to book a statement with one deposit on each."""
    from portefeuille.bank.operations.import_statement import hand_in, import_file
    from portefeuille.identity.roles import Actor, Assurance, Role

    lines = [
        Line(Money(6_000), name="Bakkerij", account=PAYER, reference=reference) for reference in references
    ]
    random.Random(len(lines)).shuffle(lines)  # a bank knows nothing of the order of our wallets
    content = write(account=OPERATOR, holder="B", sequence=1, day=DAY, opening=Money.ZERO, lines=lines)
    operator = Actor(role=Role.OPERATOR, assurance=Assurance.HIGH)
    file = hand_in(actor=operator, name="x", content=content, at=AT)
    started = time.perf_counter()
    report = import_file(actor=operator, file=file, at=AT)
    seconds = time.perf_counter() - started
    assert report.deposited == Money(6_000 * len(references))
    return seconds


JSONB = 3802
Rows = dict[str, tuple[list[str], list[tuple[object, ...]]]]
TABLES = ("bank_movement", "wallet_transfer", "history_event", "messages_message")


def copied_rows() -> Rows:
    """What the import left behind, to be written again; movements as if of statement 1."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
            columns = [column.name for column in cursor.description]
            types = {column.name: column.type_code for column in cursor.description}
            found = [
                tuple(
                    1 if name == "statement_id" else json.dumps(value) if types[name] == JSONB else value
                    for name, value in zip(columns, row, strict=True)
                )
                for row in cursor.fetchall()
            ]
            rows[table] = (columns, found)
    return rows


def floor(rows: Rows) -> float:
    """Seconds to write the same rows, in one transaction."""
    started = time.perf_counter()
    with transaction.atomic():
        for table in TABLES:
            written(table, rows)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE wallet_wallet SET deposited_cents = 6000, topped_up_cents = 4000")
            cursor.execute("UPDATE applications_application SET state = 'funded'")
    return time.perf_counter() - started


def written(table: str, rows: Rows) -> None:
    """Put the rows of a table in it with COPY."""
    columns, found = rows[table]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in found:
            copy.write_row(row)


def books(rows: Rows) -> float:
    """Seconds to stage the movements and post them: matching, fitting, top-up and totals; no letters, no history."""
    from portefeuille.wallet.posting import post_statement

    started = time.perf_counter()
    with transaction.atomic():
        written("bank_movement", rows)
        placed = post_statement(1, at=AT)
    took = time.perf_counter() - started
    assert sum(line.top_up.cents for line in placed) == 4_000 * len(placed)
    assert not any(line.left_over for line in placed)
    return took


def bare_books(rows: Rows) -> float:
    """Seconds to write the same movements and transfers, and the wallets' totals."""
    started = time.perf_counter()
    with transaction.atomic():
        written("bank_movement", rows)
        written("wallet_transfer", rows)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE wallet_wallet SET deposited_cents = 6000, topped_up_cents = 4000")
    return time.perf_counter() - started


def lay_statement() -> None:
    """The row to which movements belong."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bank_statement (id, account_id, sequence, closing_on, opening_cents, closing_cents, digest, "
            "movement_count, booked_at) OVERRIDING SYSTEM VALUE "
            "SELECT 1, id, 1, %s, 0, 0, 'x', 0, now() FROM bank_bankaccount",
            [DAY],
        )


def measure(rounds: int) -> Story:
    """R1, for two sizes, whole and for the books alone; and where the time goes."""
    story = Story()
    with measured_database():
        connection.settings_dict["USER"] = "kmo_owner"  # to empty the tables between rounds
        for size in SIZES:
            whole: dict[str, list[float]] = {"ours": [], "floor": []}
            ledger: dict[str, list[float]] = {"ours": [], "floor": []}
            parts: list[dict[str, float]] = []
            for _ in range(rounds):
                references = lay(size)
                with timed(parts):
                    whole["ours"].append(size / imported(references))
                rows = copied_rows()
                lay(size)
                lay_statement()
                whole["floor"].append(size / floor(rows))
                prove(size)
                for name, act in (("floor", bare_books), ("ours", books)):
                    lay(size)
                    lay_statement()
                    ledger[name].append(size / act(rows))
            story.ratios += [
                _ratio(f"a statement of {size:,} lines, from file to commit", whole),
                _ratio(f"of that the books alone, {size:,} lines", ledger),
            ]
            story.notes[f"{size:,} lines, median seconds by step"] = {
                step: round(statistics.median(part[step] for part in parts), 3) for step in parts[0]
            }
    return story


def _ratio(what: str, found: dict[str, list[float]]) -> Ratio:
    over = "writing the same rows, no match, no checks"
    return Ratio("R1", what, over, "lines/s", found["ours"], found["floor"], Target(at_least=0.6))


@contextlib.contextmanager
def timed(parts: list[dict[str, float]]) -> Iterator[None]:
    """Keep how long the larger steps of an import take."""
    from portefeuille.applications.operations import follow_money
    from portefeuille.bank.operations import import_statement

    steps: dict[str, tuple[Any, str]] = {
        "read": (import_statement.coda, "read"),
        "post": (import_statement, "post_statement"),
        "states, history, letters": (follow_money, "follow_deposits"),
        "of which letters into the outbox": (follow_money.messages, "write"),
    }
    spent = dict.fromkeys(steps, 0.0)
    with contextlib.ExitStack() as stack:
        for step, (module, name) in steps.items():
            stack.enter_context(mock.patch.object(module, name, _watched(getattr(module, name), step, spent)))
        yield
    parts.append(spent)


def _watched(call: Callable[..., Any], step: str, spent: dict[str, float]) -> Callable[..., Any]:
    def watched(*args: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return call(*args, **named)
        finally:
            spent[step] += time.perf_counter() - started

    return watched


def prove(size: int) -> None:
    """The floor left what the import leaves: else it would be a floor of something else."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM wallet_transfer),
                      (SELECT count(*) FROM history_event WHERE verb = 'deposit'),
                      (SELECT count(*) FROM messages_message), (SELECT count(*) FROM bank_movement),
                      (SELECT sum(topped_up_cents) FROM wallet_wallet)"""
        )
        assert cursor.fetchone() == (2 * size, size, size, size, 4_000 * size)
