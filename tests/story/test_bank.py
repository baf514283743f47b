"""The bank of a story does what it is told, and writes it down in files that the platform's own reader accepts."""

from __future__ import annotations

from datetime import date

import pytest
from tests.world import World

from portefeuille.bank.operations.pay import hand_over
from portefeuille.core.formats import coda, ogm
from portefeuille.core.formats.statement import Statement
from portefeuille.core.money import Money
from portefeuille.story.bank import StoryBank

DAY = date(2026, 3, 5)


@pytest.fixture
def bank() -> StoryBank:
    return StoryBank("BE49999000000171", "Financieel Beheerder")


def closed(bank: StoryBank) -> Statement:
    """The statement of the day, as the platform reads it."""
    reading = coda.read(bank.close_day(DAY))
    assert reading.accepted, reading.problems
    [statement] = reading.statements
    return statement


def test_a_day_without_movements_is_a_statement_too(bank: StoryBank) -> None:
    statement = closed(bank)
    assert (statement.opening, statement.closing, list(statement.movements)) == (Money.ZERO, Money.ZERO, [])


def test_each_statement_continues_the_last_one(bank: StoryBank) -> None:
    bank.credit(Money(60_000), name="Bakkerij", account="BE29999010000164", reference=ogm.make(12))
    first = closed(bank)
    bank.credit(Money(1), name="Bakkerij", account="BE29999010000164", text="zonder mededeling")
    second = closed(bank)
    assert (first.closing, second.opening, second.closing) == (Money(60_000), Money(60_000), Money(60_001))
    assert second.sequence == first.sequence + 1
    assert [list(one.movements[0].references) for one in (first, second)] == [[ogm.make(12)], []]


def test_a_reference_is_written_as_it_was_typed(bank: StoryBank) -> None:
    wrong = ogm.make(12)[:-1] + str((int(ogm.make(12)[-1]) + 1) % 10)
    bank.credit(Money(1), name="Bakkerij", account="BE29999010000164", reference=wrong)
    [movement] = closed(bank).movements
    assert list(movement.references) == []


def test_a_payment_file_leaves_the_account_to_the_cent_under_its_own_ids(world: World) -> None:
    application = world.apply()
    world.government_pays_in()
    world.deposit(application, "6000.00")
    world.statement()
    payment = world.order(application)
    before = world.bank.balance
    run = world.released_run()
    assert world.bank.execute(hand_over(actor=world.operator, run=run, at=world.now)) == 1
    [movement] = closed(world.bank).movements
    assert movement.amount == -Money.euros("10000.00")
    assert movement.end_to_end_id.endswith(str(payment))
    assert movement.counterparty_name == "Kompas en Co BV"
    assert world.bank.balance == before - Money.euros("10000.00")
