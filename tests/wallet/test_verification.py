"""Proving the books: each law is seen to break when what it guards is tampered with."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection
from tests.world import World

from portefeuille.core.lifecycle import State
from portefeuille.wallet.verification import Proof, lines, verify


@pytest.fixture
def busy(world: World) -> World:
    """An application on its way, another stopped, a stray deposit, a payment ordered."""
    first = world.apply("4000.00")
    second = world.apply("2000.00")
    world.government_pays_in()
    world.deposit(first, "2400.00")
    world.deposit(second, "500.00")
    world.transfer("7.00", text="wie ben ik")
    world.statement()
    world.order(first, "1000.00")
    from portefeuille.applications.operations.stop import cancel

    cancel(actor=world.entrepreneur, application=second, at=world.now)
    assert world.view(second).state is State.CANCELLED
    world.prove()
    return world


TAMPERINGS = {
    "1 Elk saldo": (
        "UPDATE wallet_wallet SET deposited_cents = deposited_cents - 3, topped_up_cents = topped_up_cents - 2 "
        "WHERE is_open"
    ),
    "2 De overheid": "UPDATE wallet_wallet SET topped_up_cents = topped_up_cents - 1 WHERE is_open",
    "3 Geen betaling": "UPDATE applications_application SET amount_cents = 1, subsidy_cents = 0, own_share_cents = 1",
    "4 Geen onderneming": "UPDATE applications_ceilinguse SET granted_cents = granted_cents - 1",
    "5 Per aanvraag": "UPDATE wallet_payment SET state = 'paid', run_id = 1 WHERE kind = 'provider'",
    "5 Opzij": "UPDATE wallet_payment SET amount_cents = amount_cents + 1 WHERE kind = 'refund'",
    "6 Het saldo": "UPDATE bank_bankaccount SET balance_cents = balance_cents + 1",
    "6 Bij de": "UPDATE bank_bankexception SET left_cents = 1",
    "7 Budget": "UPDATE budget_budget SET committed_cents = committed_cents + 1",
}


def broken(proof: Proof) -> list[str]:
    return [finding.law for finding in proof.findings if not finding.holds]


@pytest.mark.parametrize(("law", "tampering"), TAMPERINGS.items(), ids=TAMPERINGS)
def test_tampering_is_seen_and_named(busy: World, law: str, tampering: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    proof = verify()
    assert not proof.holds
    assert [one for one in broken(proof) if one.startswith(law)], broken(proof)
    assert any("FAIL" in line for line in lines(proof))


def test_an_entry_that_was_slipped_in_is_seen(busy: World, owner_url: str) -> None:
    """Web and worker may add transfers; one that moves no wallet and no bank statement shows at once."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO wallet_transfer VALUES (1, 999999, 2, 100, now())")
    assert {law.split()[0] for law in broken(verify())} >= {"1", "6"}


def test_a_trigger_that_was_switched_off_is_seen(world: World, owner_connection: psycopg.Connection) -> None:
    switch: Callable[[str], object] = lambda state: owner_connection.execute(  # noqa: E731
        f"ALTER TABLE wallet_transfer {state} TRIGGER wallet_transfer_append_only"
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
