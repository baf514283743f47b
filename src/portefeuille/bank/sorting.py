"""What a movement on the account is: a deposit, the government's money, a confirmation, something that came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from portefeuille.core.formats.statement import Movement
from portefeuille.core.money import Money
from portefeuille.wallet.queries import PaymentView


class Kind(StrEnum):
    """The kinds that the books know; stored with each movement."""

    DEPOSIT = "deposit"
    FUNDS = "funds"
    PAID = "paid"
    BOUNCED = "bounced"
    UNKNOWN_DEBIT = "unknown_debit"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Sorted:
    """A movement with its kind; ``reference`` for a deposit, ``payment`` for a confirmation or a return."""

    movement: Movement
    kind: Kind
    reference: str = ""
    payment: PaymentView | None = None


def sort_movements(
    movements: Iterable[Movement],
    *,
    government_iban: str,
    payments: Mapping[str, PaymentView],
    known_references: frozenset[str],
) -> list[Sorted]:
    """Say what each movement of a statement is. ``payments`` are ours, by end-to-end id.

    One after another: what a line settles, the next one finds settled. So a payment that the bank made and got back on
    one day is both, and one that it made or sent back twice is explained once only.
    """
    left = dict(payments)
    found = []
    for movement in movements:
        line = sort_movement(
            movement, government_iban=government_iban, payments=left, known_references=known_references
        )
        if line.payment is not None:
            left[movement.end_to_end_id] = replace(line.payment, state=line.kind.value)
        found.append(line)
    return found


def sort_movement(
    movement: Movement,
    *,
    government_iban: str,
    payments: Mapping[str, PaymentView],
    known_references: frozenset[str],
) -> Sorted:
    """Say what a movement is. ``payments`` are ours, by end-to-end id."""
    if not movement.amount:
        return Sorted(movement, Kind.NOTHING)
    payment = payments.get(movement.end_to_end_id)
    same = payment is not None and payment.amount in (movement.amount, -movement.amount)
    if movement.amount < Money.ZERO:
        if same and payment is not None and payment.state == "in_run":
            return Sorted(movement, Kind.PAID, payment=payment)
        return Sorted(movement, Kind.UNKNOWN_DEBIT)
    # Not every credit that bears an id of ours came back: the bank says so, and senders choose their ids themselves.
    if movement.kind == "returned" and same and payment is not None and payment.state == "paid":
        return Sorted(movement, Kind.BOUNCED, payment=payment)
    if movement.counterparty_account == government_iban:
        return Sorted(movement, Kind.FUNDS)
    return Sorted(movement, Kind.DEPOSIT, reference=choose(movement.references, known_references))


def choose(references: Iterable[str], known: frozenset[str]) -> str:
    """The reference to match on: the only one that is ours, else the only one at all, else none.

    Two references of ours in one communication are never guessed between.
    """
    found = set(references)
    ours = found & known
    if len(ours) == 1:
        return ours.pop()
    return found.pop() if len(found) == 1 and not ours else ""
