"""Payment files: never more than the account carries, never a payment twice, always the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.world import World

from portefeuille.applications.operations.stop import cancel
from portefeuille.bank import queries as bank
from portefeuille.bank.models import PaymentRun
from portefeuille.bank.operations.pay import hand_over, make_run, release
from portefeuille.core.errors import BankCannotCarry, Invalid, NotAllowed, NotFound, WrongState
from portefeuille.core.money import Money
from portefeuille.wallet import queries as wallets


@pytest.fixture
def ordered(world: World) -> int:
    """An application of 10,000.00 of which all is ordered; its id. The government has paid in."""
    application = world.funded()
    world.order(application)
    return application


def test_a_run_holds_every_payment_that_waits(world: World, ordered: int) -> None:
    run = bank.run(make_run(actor=world.operator, at=world.now))
    assert (run.payment_count, run.total) == (1, Money.euros("10000.00"))
    assert wallets.waiting_payments() == []
    assert [payment.state for payment in wallets.payments_of_run(run.id)] == ["in_run"]


def test_making_the_file_again_gives_the_same_bytes_whatever_happened_since(
    world: World, ordered: int
) -> None:
    run = world.pay()
    first = hand_over(actor=world.operator, run=run, at=world.now)
    world.statement()
    world.pass_days(200)
    assert hand_over(actor=world.operator, run=run, at=world.now) == first
    assert hashlib.sha256(first).hexdigest() == bank.run(run).digest


@pytest.mark.parametrize("reference", ["", "+++123/4567/89002+++"])
def test_every_payment_names_the_project_and_the_providers_legal_name(world: World, reference: str) -> None:
    application = world.apply()
    world.government_pays_in()
    world.deposit(application, "6000.00")
    world.statement()
    world.order(application, "1000.00", reference=reference)
    run = world.released_run()
    content = hand_over(actor=world.operator, run=run, at=world.now).decode()
    [payment] = wallets.payments_of_run(run)
    project = world.view(application).project_number
    assert payment.end_to_end_id == f"{project}-KMOP{payment.id:012d}"
    assert f"<EndToEndId>{payment.end_to_end_id}</EndToEndId>" in content
    assert "<Nm>Kompas en Co BV</Nm>" in content
    assert ("<Ref>123456789002</Ref>" in content) is bool(reference)
    assert (f"<Ustrd>{project} " in content) is not bool(reference)


def test_a_refund_names_the_project_too(world: World) -> None:
    application = world.apply()
    world.deposit(application, "100.00")
    world.statement()
    cancel(actor=world.entrepreneur, application=application, at=world.now)
    [refund] = wallets.payments(application)
    assert refund.end_to_end_id.startswith(world.view(application).project_number)


def test_a_file_that_would_differ_is_not_handed_out(world: World, ordered: int) -> None:
    run = world.pay()
    PaymentRun.objects.update(execute_on=date(2026, 12, 31))
    with pytest.raises(RuntimeError, match="no longer makes the file"):
        hand_over(actor=world.operator, run=run, at=world.now)


def test_nothing_to_pay_makes_no_file(world: World, ordered: int) -> None:
    make_run(actor=world.operator, at=world.now)
    with pytest.raises(Invalid, match="geen betalingen"):
        make_run(actor=world.operator, at=world.now)


def test_what_the_account_can_not_carry_is_refused_with_what_is_free(world: World) -> None:
    """The government has not paid in yet: the top-up stands in the books, but not on the account."""
    application = world.apply()
    world.deposit(application, "6000.00")
    world.statement()
    world.order(application)
    with pytest.raises(BankCannotCarry, match=r"€ 10\.000,00.*€ 6\.000,00"):
        make_run(actor=world.operator, at=world.now)
    assert len(wallets.waiting_payments()) == 1
    world.prove()
    world.government_pays_in("4000.00")
    world.statement()
    make_run(actor=world.operator, at=world.now)
    world.prove()


def test_what_earlier_files_asked_for_is_not_free(world: World) -> None:
    first, second = world.apply("5000.00"), world.apply("5000.00")
    world.government_pays_in("2000.00")
    world.deposit(first, "3000.00")
    world.deposit(second, "3000.00")
    world.statement()
    world.order(first)
    make_run(actor=world.operator, at=world.now)
    world.order(second)
    with pytest.raises(BankCannotCarry, match=r"€ 5\.000,00.*€ 3\.000,00"):
        make_run(actor=world.operator, at=world.now)


def test_it_is_executed_on_a_working_day(world: World, ordered: int) -> None:
    world.day = date(2026, 3, 7)  # a Saturday
    assert bank.run(make_run(actor=world.operator, at=world.now)).execute_on == date(2026, 3, 9)


def test_the_first_hand_over_is_noted(world: World, ordered: int) -> None:
    run = world.released_run()
    assert bank.run(run).handed_over_at is None
    hand_over(actor=world.operator, run=run, at=world.now)
    assert bank.run(run).handed_over_at == world.now


def test_a_run_that_does_not_exist(world: World) -> None:
    with pytest.raises(NotFound):
        hand_over(actor=world.operator, run=999, at=world.now)


def test_only_the_operator_pays(world: World, ordered: int) -> None:
    with pytest.raises(NotAllowed):
        make_run(actor=world.entrepreneur, at=world.now)


def test_whoever_made_a_file_does_not_release_it(world: World, ordered: int) -> None:
    run = make_run(actor=world.operator, at=world.now)
    with pytest.raises(NotAllowed, match="Iemand anders"):
        release(actor=world.operator, run=run, at=world.now)
    with pytest.raises(WrongState, match="nakijken"):
        hand_over(actor=world.operator, run=run, at=world.now)
    assert bank.run(run).handed_over_at is None
    release(actor=world.second_operator, run=run, at=world.now)
    assert hand_over(actor=world.operator, run=run, at=world.now)


def test_a_file_that_nobody_in_person_made_is_released_by_nobody(world: World, ordered: int) -> None:
    run = make_run(actor=replace(world.operator, person_id=None), at=world.now)
    with pytest.raises(NotAllowed):
        release(actor=world.second_operator, run=run, at=world.now)


def test_to_release_twice_changes_nothing(world: World, ordered: int) -> None:
    run = world.released_run()
    first = bank.run(run).released_at
    world.pass_days(1)
    release(actor=world.second_operator, run=run, at=world.now)
    assert bank.run(run).released_at == first


def test_releasing_what_does_not_exist(world: World) -> None:
    with pytest.raises(NotFound):
        release(actor=world.second_operator, run=999, at=world.now)


def test_only_an_operator_releases(world: World, ordered: int) -> None:
    run = make_run(actor=world.operator, at=world.now)
    with pytest.raises(NotAllowed):
        release(actor=world.office, run=run, at=world.now)


def test_the_database_holds_four_eyes_too(world: World, ordered: int) -> None:
    make_run(actor=world.operator, at=world.now)
    for changes in ({"released_by": world.operator.person_id, "released_at": world.now}, {"released_by": 5}):
        with pytest.raises(IntegrityError, match="payment_run_seen_by_four_eyes"), transaction.atomic():
            PaymentRun.objects.update(**changes)
    with pytest.raises(IntegrityError, match="payment_run_released_before_handed_over"), transaction.atomic():
        PaymentRun.objects.update(handed_over_at=world.now)
