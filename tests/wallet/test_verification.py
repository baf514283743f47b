"""Proving the books: each law is seen to break when what it guards is tampered with, by whoever can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product

import psycopg
import pytest
from django.db import connection, transaction
from tests.world import World

from portefeuille.applications.operations.stop import cancel
from portefeuille.bank import queries as bank
from portefeuille.bank.operations.settle_exception import assign, return_to_sender
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.database.append_only import APPEND_ONLY
from portefeuille.wallet.verification import Proof, lines, verify


@pytest.fixture
def busy(world: World) -> World:
    """Applications in every stage: paid and closed to be, ordered, stopped with a refund under way, refused; strays."""
    paid, ordered, stopped = (world.apply(amount) for amount in ("3000.00", "4000.00", "2000.00"))
    world.apply("1.00")
    world.government_pays_in()
    world.deposit(paid, "1800.00")
    world.deposit(ordered, "2200.00")
    world.deposit(stopped, "500.00")
    for amount in ("7.00", "8.00", "100.00"):
        world.transfer(amount, text="wie ben ik")
    world.statement()
    world.order(paid)
    world.pay()
    world.statement()
    world.order(ordered, "1000.00")
    _open, sent_back, assigned = bank.exceptions()
    return_to_sender(actor=world.operator, exception=sent_back.id, at=world.now)
    assign(actor=world.operator, exception=assigned.id, application=ordered, at=world.now)
    cancel(actor=world.entrepreneur, application=stopped, at=world.now)
    assert world.view(stopped).state is State.CANCELLED
    world.prove()
    return world


@contextmanager
def unguarded() -> Iterator[Callable[[str], int]]:
    """Change anything, as somebody would who owns the server: no rights, triggers or checks stand in the way."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table that waits for a check can't be altered
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            """SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', conrelid::regclass::text, conname)
               FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"""
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)

        def change(statement: str) -> int:
            cursor.execute(statement)
            return cursor.rowcount

        yield change
        transaction.set_rollback(True)


def broken(proof: Proof) -> list[str]:
    return [finding.law for finding in proof.findings if not finding.holds]


# Figures that no law of money speaks of: what was voted, what an enterprise says of itself, and the price in an
# application that was refused.
SPOKEN_OF_BY_NO_LAW = {
    ("budget_budget", "voted_cents", None),
    ("identity_enterpriseprofile", "turnover_cents", None),
    ("applications_application", "amount_cents", "refused"),
}


def test_a_cent_more_anywhere_is_seen(busy: World) -> None:
    """Every column of money of every table, every row: one cent up, one cent down."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT table_name, column_name
               FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
               WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name LIKE '%\\_cents'
               ORDER BY 1, 2"""
        )
        columns = cursor.fetchall()
    assert len(columns) >= 30
    unseen = set()
    for table, column in columns:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT ctid::text, to_jsonb(t) ->> 'state' FROM {table} t WHERE {column} IS NOT NULL"
            )
            rows = cursor.fetchall()
        for (row, state), by in product(rows, ("+ 1", "- 1")):
            with unguarded() as change:
                assert change(f"UPDATE {table} SET {column} = {column} {by} WHERE ctid = '{row}'") == 1
                if verify().holds:
                    unseen.add((table, column, state))
    assert unseen == SPOKEN_OF_BY_NO_LAW


MONEY_TABLES = (
    "applications_application",
    "applications_ceilinguse",
    "bank_bankaccount",
    "bank_bankexception",
    "bank_movement",
    "bank_paymentrun",
    "bank_statement",
    "budget_budget",
    "wallet_payment",
    "wallet_transfer",
    "wallet_wallet",
)


@pytest.mark.parametrize("table", MONEY_TABLES)
def test_a_row_that_is_gone_is_seen(busy: World, table: str) -> None:
    with connection.cursor() as cursor:
        # An application that was refused and an exception that was settled hold no money any more.
        cursor.execute(f"SELECT ctid::text, to_jsonb(t) FROM {table} AS t")
        rows = [
            (row, content)
            for row, content in cursor.fetchall()
            if '"refused"' not in str(content) and not _is_settled(content)
        ]
    assert rows
    for row, content in rows:
        with unguarded() as change:
            assert change(f"DELETE FROM {table} WHERE ctid = '{row}'") == 1
            assert not verify().holds, (table, content)


def _is_settled(content: object) -> bool:
    return '"settled_how": "' in str(content) and '"settled_how": ""' not in str(content)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE wallet_wallet SET is_open = NOT is_open",
        "UPDATE wallet_payment SET state = 'paid' WHERE state = 'ordered'",
        "UPDATE wallet_payment SET state = 'ordered' WHERE state = 'paid'",
        "UPDATE wallet_payment SET state = 'bounced' WHERE state = 'paid'",
        "UPDATE wallet_payment SET kind = 'return' WHERE kind = 'provider'",
        "UPDATE wallet_payment SET wallet_id = wallet_id + 1 WHERE kind = 'provider'",
        "UPDATE wallet_payment SET run_id = NULL",
        "UPDATE wallet_transfer SET code = 4 WHERE code = 2",
        "UPDATE wallet_transfer SET code = 1 WHERE code = 4",
        "UPDATE wallet_transfer SET source_id = source_id + 1000 WHERE code = 2",
        "UPDATE bank_bankexception SET settled_how = '', settled_at = NULL WHERE settled_how = 'returned'",
        "UPDATE bank_statement SET opening_cents = opening_cents + 5, closing_cents = closing_cents + 5",
        "UPDATE applications_application SET state = 'funded' WHERE state = 'partly_funded'",
        "UPDATE applications_application SET state = 'approved' WHERE state = 'cancelled'",
        "UPDATE applications_application SET ceiling_year = 2025 WHERE ceiling_year IS NOT NULL",
        "UPDATE applications_ceilinguse SET ceiling_cents = 500000",
        "UPDATE applications_decision SET record = record || '\\x20'::bytea",
        "UPDATE applications_decision SET digest = repeat('0', 64)",
        "UPDATE budget_budget SET year = 2025",
        "ALTER TABLE wallet_transfer DISABLE TRIGGER ALL",
        "DROP TRIGGER history_event_append_only ON history_event",
        *(f"GRANT UPDATE ON {table} TO kmo_web" for table in APPEND_ONLY),
        "GRANT TRUNCATE ON bank_movement TO kmo_worker",
    ],
)
def test_tampering_is_seen(busy: World, change: str) -> None:
    with unguarded() as do:
        do(change)
        proof = verify()
        assert not proof.holds
        assert any("FAIL" in line for line in lines(proof))


NAMED = {
    "1 Elk saldo": (
        "UPDATE wallet_wallet SET deposited_cents = deposited_cents - 3, topped_up_cents = topped_up_cents - 2 "
        "WHERE is_open AND paid_cents = 0"
    ),
    "2 De overheid": "UPDATE wallet_wallet SET topped_up_cents = topped_up_cents - 1 WHERE is_open AND paid_cents = 0",
    "3 Geen betaling": "UPDATE applications_application SET amount_cents = 1, subsidy_cents = 0, own_share_cents = 1",
    "4 Geen onderneming": "UPDATE applications_ceilinguse SET granted_cents = granted_cents - 1",
    "5 Per aanvraag": "UPDATE wallet_payment SET state = 'paid', run_id = 1 WHERE state = 'ordered'",
    "5 Opzij": "UPDATE wallet_payment SET amount_cents = amount_cents + 1 WHERE kind = 'refund'",
    "6 Het saldo": "UPDATE bank_bankaccount SET balance_cents = balance_cents + 1",
    "6 Bij de": "UPDATE bank_bankexception SET left_cents = 1, settled_at = NULL",
    "7 Budget": "UPDATE budget_budget SET committed_cents = committed_cents + 1",
}


@pytest.mark.parametrize(("law", "tampering"), NAMED.items(), ids=NAMED)
def test_the_law_that_breaks_is_named(busy: World, law: str, tampering: str) -> None:
    """Already what web and worker may do is seen; these need no more rights than theirs."""
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    assert [one for one in broken(verify()) if one.startswith(law)], broken(verify())


def test_an_entry_that_was_slipped_in_is_seen(busy: World) -> None:
    """Web and worker may add transfers; one that moves no wallet and no bank statement shows at once."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO wallet_transfer VALUES (1, 999999, 2, 100, now())")
    assert {law.split()[0] for law in broken(verify())} >= {"1", "6"}


def test_a_trigger_that_was_switched_off_is_seen(world: World, owner_connection: psycopg.Connection) -> None:
    def switch(state: str) -> None:
        owner_connection.execute(
            f"ALTER TABLE wallet_transfer {state} TRIGGER wallet_transfer_append_only"  # type: ignore[arg-type]
        )

    switch("DISABLE")
    try:
        assert [law for law in broken(verify()) if "gewijzigd of gewist" in law]
    finally:
        switch("ENABLE")
    assert verify().holds


def test_empty_books_hold(world: World) -> None:
    proof = verify()
    assert proof.holds
    assert proof.entries == 0


def test_the_digest_follows_the_entries(busy: World) -> None:
    before = verify().digest
    busy.transfer("1.00")
    busy.statement()
    assert verify().digest != before


def test_the_busy_books_are_busy(busy: World) -> None:
    """Else the tests above would prove little."""
    assert verify().entries > 15
    assert [one.left for one in bank.exceptions()] == [Money.euros("7.00")]
