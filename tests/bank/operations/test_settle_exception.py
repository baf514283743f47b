"""What an operator does with money that found no place."""

from __future__ import annotations

import pytest
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.applications import queries as applications
from portefeuille.applications.operations.stop import cancel
from portefeuille.bank import queries as bank
from portefeuille.bank.operations.settle_exception import assign, assign_to_funds, return_to_sender
from portefeuille.bank.suggestions import suggest
from portefeuille.core.errors import Invalid, MoneyRefused, NotAllowed, NotFound, WrongState
from portefeuille.core.formats.coda_writer import Line
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.messages import queries as messages
from portefeuille.wallet import queries as wallets


def euros(text: str) -> Money:
    return Money.euros(text)


@pytest.fixture
def stray(world: World) -> int:
    """2,000.00 with a mistyped reference; the exception's id."""
    application = world.apply()
    world.government_pays_in()
    world.deposit(application, "4000.00")
    right = wallets.wallet(application).reference
    world.transfer("2000.00", text=f"{right[:4]}{(int(right[4]) + 1) % 10}{right[5:]}")
    world.statement()
    [waiting] = bank.exceptions()
    return waiting.id


def the_application() -> int:
    [one] = [wallet.id for wallet in wallets.open_wallets()]
    return one


def test_it_is_assigned_by_hand_with_its_top_up(world: World, stray: int) -> None:
    placed = assign(actor=world.operator, exception=stray, application=the_application(), at=world.now)
    assert (placed.taken, placed.top_up) == (euros("2000.00"), euros("1333.34"))
    assert world.view(the_application()).state is State.FUNDED
    assert bank.exceptions() == []
    assert "geef nu je betaalopdracht" in messages.of_application(the_application())[-1].subject
    world.prove()


def test_what_does_not_fit_stays(world: World, stray: int) -> None:
    neighbour = world.enterprise(OTHER_ENTERPRISE, "Buur", "BE95999020000258")
    small = world.apply("100.00", actor=neighbour)
    placed = assign(actor=world.operator, exception=stray, application=small, at=world.now)
    assert placed.taken == wallets.wallet(small).figures.own_share
    [waiting] = bank.exceptions()
    assert waiting.left == euros("2000.00") - placed.taken
    world.prove()


def test_it_is_suggested_with_the_signs_that_speak_for_it(world: World, stray: int) -> None:
    [suggestion] = suggest(bank.exception(stray), applications.candidates())
    assert suggestion.candidate.application == the_application()
    assert suggestion.signs == ("reference", "account", "amount")


def test_nothing_is_suggested_for_a_stranger(world: World, stray: int) -> None:
    world.transfer("7.77", text="hallo", account="BE95999020000258")
    world.statement()
    stranger = bank.exceptions()[-1]
    assert suggest(stranger, applications.candidates()) == []


def test_it_is_sent_back(world: World, stray: int) -> None:
    payment = return_to_sender(actor=world.operator, exception=stray, at=world.now)
    view = wallets.payments_by_id([payment])[payment]
    assert (view.kind, view.amount) == ("return", euros("2000.00"))
    world.prove()
    world.pay()
    world.statement()
    assert wallets.payments_by_id([payment])[payment].state == "paid"
    world.prove()


def test_it_is_counted_to_the_governments_funds(world: World, stray: int) -> None:
    assign_to_funds(actor=world.operator, exception=stray, at=world.now)
    assert bank.exceptions() == []
    assert bank.exceptions(settled=True)[0].settled_how == "funds"
    world.prove()


def test_it_is_settled_once(world: World, stray: int) -> None:
    return_to_sender(actor=world.operator, exception=stray, at=world.now)
    for again in (return_to_sender, assign_to_funds):
        with pytest.raises(WrongState):
            again(actor=world.operator, exception=stray, at=world.now)
    with pytest.raises(WrongState):
        assign(actor=world.operator, exception=stray, application=the_application(), at=world.now)
    world.prove()


def test_a_stopped_application_takes_nothing(world: World, stray: int) -> None:
    application = the_application()
    cancel(actor=world.entrepreneur, application=application, at=world.now)
    with pytest.raises(MoneyRefused, match="gestopt"):
        assign(actor=world.operator, exception=stray, application=application, at=world.now)
    world.prove()


def test_a_full_wallet_takes_nothing(world: World, stray: int) -> None:
    application = the_application()
    world.deposit(application, "2000.00")
    world.statement()
    with pytest.raises(MoneyRefused, match="al volledig"):
        assign(actor=world.operator, exception=stray, application=application, at=world.now)


def test_an_application_that_is_not_approved_has_no_wallet(world: World, stray: int) -> None:
    with pytest.raises(NotFound):
        assign(actor=world.operator, exception=stray, application=999_999, at=world.now)


def test_money_that_left_can_not_be_given_a_place(world: World) -> None:
    world.government_pays_in("100.00")
    world.bank.waiting.append(Line(euros("-12.34"), name="Bank", text="kosten"))
    world.statement()
    [debit] = bank.exceptions()
    application = world.apply()
    with pytest.raises(Invalid):
        assign(actor=world.operator, exception=debit.id, application=application, at=world.now)
    with pytest.raises(Invalid):
        assign_to_funds(actor=world.operator, exception=debit.id, at=world.now)
    with pytest.raises(Invalid):
        return_to_sender(actor=world.operator, exception=debit.id, at=world.now)
    world.prove()


def test_without_the_senders_account_nothing_is_sent_back(world: World) -> None:
    world.transfer("5.00", text="hallo", account="")
    world.statement()
    [waiting] = bank.exceptions()
    with pytest.raises(Invalid, match="geen rekeningnummer"):
        return_to_sender(actor=world.operator, exception=waiting.id, at=world.now)


def test_only_the_operator_settles(world: World, stray: int) -> None:
    for attempt in (return_to_sender, assign_to_funds):
        with pytest.raises(NotAllowed):
            attempt(actor=world.entrepreneur, exception=stray, at=world.now)
