"""What an operator does with money that nobody could explain: give it its place, or send it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.applications.operations import follow_money
from portefeuille.bank.models import BankException, SeenMovement
from portefeuille.core.errors import Invalid, MoneyRefused, NotFound, WrongState
from portefeuille.core.identifiers import NotANumber, iban
from portefeuille.core.ledger import Transfer
from portefeuille.core.money import Money
from portefeuille.history.operations import record
from portefeuille.identity.roles import Actor
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.operations.return_money import return_money
from portefeuille.wallet.posting import Deposit, Line, Placed, post, post_deposits

_WHY_NOT = {
    "wallet_closed": "Deze aanvraag is gestopt en neemt geen stortingen meer aan. Stuur het geld terug.",
    "too_late": "Dit geld kwam aan na de uiterste dag van deze aanvraag. Stuur het terug.",
    "not_exact": "Deze regeling vraagt één storting van precies het eigen deel. Stuur het geld terug.",
    "too_much": "Het eigen deel van deze aanvraag is al volledig gestort. Kies een andere aanvraag of stuur het terug.",
}


@transaction.atomic
def assign(*, actor: Actor, exception: int, application: int, at: datetime) -> Placed:
    """Put the money on an application's wallet, as if its reference had been right. What does not fit stays.

    Raises NotAllowed, NotFound, WrongState (settled already), MoneyRefused (the wallet can't take it, and why).
    """
    actor.must("settle_exception")
    row, movement = _lock(exception)
    if row.left_cents < 0:
        raise Invalid("Dit is geld dat vertrokken is. Dat kun je niet aan een aanvraag toewijzen.")
    wallet = wallets.wallet(application)
    [placed] = post_deposits(
        [Deposit(row.movement_id, wallet.reference, Money(row.left_cents), movement.entry_on)],
        at=at,
        code=Transfer.ASSIGNED,
    )
    if not placed.taken:
        raise MoneyRefused(_WHY_NOT[placed.reason])
    _leave(row, placed.left_over, how="assigned", at=at)
    _tell(actor, "assign", row, at, {"application": application, "amount": str(placed.taken)})
    follow_money.follow_deposits([placed], actor=actor, at=at)
    return placed


@transaction.atomic
def assign_to_funds(*, actor: Actor, exception: int, at: datetime) -> None:
    """Count the money to the government's funds: it came from another account of the government."""
    actor.must("settle_exception")
    row, _ = _lock(exception)
    if row.left_cents < 0:
        raise Invalid("Dit is geld dat vertrokken is. Dat kun je niet bij het geld van de overheid tellen.")
    post([Line(0, row.movement_id, Transfer.FUNDS_ASSIGNED, Money(row.left_cents))], at=at)
    _tell(actor, "assign_to_funds", row, at, {"amount": str(Money(row.left_cents))})
    _leave(row, Money.ZERO, how="funds", at=at)


@transaction.atomic
def return_to_sender(*, actor: Actor, exception: int, at: datetime) -> int:
    """Order a payment of what is left back to the account that it came from; returns the payment's id.

    Raises NotAllowed, NotFound, WrongState, Invalid (the bank named no account).
    """
    actor.must("settle_exception")
    row, movement = _lock(exception)
    if row.left_cents < 0:
        raise Invalid("Dit is geld dat vertrokken is. Dat kun je niet terugsturen.")
    try:
        account = iban(movement.counterparty_account)
    except NotANumber as unknown:
        raise Invalid(
            "De bank gaf geen rekeningnummer van de afzender. Vraag het aan de bank voor je het geld terugstuurt."
        ) from unknown
    left = Money(row.left_cents)
    payment = return_money(
        amount=left,
        creditor_name=movement.counterparty_name or "Onbekend",
        creditor_iban=account,
        remittance=f"Terugbetaling van je storting van {movement.entry_on:%d/%m/%Y}",
        ordered_by=actor.person_id,
        at=at,
    )
    _leave(row, Money.ZERO, how="returned", at=at)
    _tell(actor, "return_to_sender", row, at, {"payment": payment, "amount": str(left)})
    return payment


def _lock(exception: int) -> tuple[BankException, SeenMovement]:
    row = BankException.objects.select_for_update(no_key=True).filter(pk=exception).first()
    if row is None:
        raise NotFound("Deze uitzondering bestaat niet.")
    if row.settled_at is not None:
        raise WrongState("Deze uitzondering is al afgehandeld. Laad de pagina opnieuw.")
    return row, SeenMovement.objects.get(pk=row.movement_id)


def _leave(row: BankException, left: Money, *, how: str, at: datetime) -> None:
    row.left_cents = left.cents
    if not left:
        row.settled_at = at
        row.settled_how = how
    row.save(update_fields=["left_cents", "settled_at", "settled_how"])


def _tell(actor: Actor, verb: str, row: BankException, at: datetime, facts: dict[str, object]) -> None:
    record(actor=actor, verb=verb, subject="bank_exception", subject_id=row.pk, at=at, facts=facts)
