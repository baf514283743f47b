"""What happens to applications when money moved in their wallets: their state, their history, and a letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portefeuille.applications import letters
from portefeuille.applications.models import Application
from portefeuille.applications.operations.stop import send_back
from portefeuille.core.ledger import Figures
from portefeuille.core.lifecycle import STOPPED, State, funding_state
from portefeuille.core.money import Money
from portefeuille.history.operations import record_many
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.posting import Placed
from portefeuille.wallet.queries import WalletView


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment to a provider that the bank confirmed, or sent back."""

    payment: int
    application: int
    amount: Money
    reference: str


def follow_deposits(
    placed: Sequence[Placed], *, actor: Actor, at: datetime, rebuilt: Collection[int] = ()
) -> None:
    """After deposits: the states, one event and one confirmation of receipt per deposit.

    ``rebuilt`` are the movements whose reference the bank put together itself: the history says so.
    """
    taken = [line for line in placed if line.taken]
    if not taken:
        return
    rows, views = _refresh({line.wallet for line in taken})
    record_many(
        actor=actor,
        verb="deposit",
        subject="application",
        at=at,
        each=[
            (line.wallet, rows[line.wallet].enterprise_number, _deposit_facts(line, line.source in rebuilt))
            for line in taken
        ],
    )
    desk = letters.Desk.for_applications(rows.values())
    messages.write(
        (
            letters.deposit_received(
                desk,
                rows[line.wallet],
                views[line.wallet],
                source=line.source,
                taken=line.taken,
                top_up=line.top_up,
            )
            for line in taken
        ),
        at=at,
    )


def _deposit_facts(line: Placed, is_rebuilt: bool) -> dict[str, Any]:
    facts = {"source": line.source, "deposit": str(line.taken), "top_up": str(line.top_up)}
    return facts | ({"reference_rebuilt_by_bank": True} if is_rebuilt else {})


def follow_paid(settled: Sequence[Settled], *, actor: Actor, at: datetime) -> None:
    """After the bank's confirmations: the states, and the notices to provider and enterprise."""
    if not settled:
        return
    rows, views = _refresh({done.application for done in settled})
    _tell_history("bank_paid", settled, rows, actor, at)
    desk = letters.Desk.for_applications(rows.values())
    messages.write(
        (
            notice
            for done in settled
            for notice in letters.provider_paid(
                desk,
                rows[done.application],
                views[done.application],
                payment=done.payment,
                amount=done.amount,
                reference=done.reference,
            )
        ),
        at=at,
    )


def follow_bounced(settled: Sequence[Settled], *, actor: Actor, at: datetime) -> None:
    """After payments that came back: the states, and a letter that says what to do.

    An application that stopped meanwhile has no use for the money: it goes on to where the rest went.
    """
    if not settled:
        return
    rows, _ = _refresh({done.application for done in settled})
    _tell_history("payment_bounced", settled, rows, actor, at)
    stopped = {number for number, row in rows.items() if row.state in STOPPED}
    desk = letters.Desk.for_applications(rows.values())
    messages.write(
        (
            letters.payment_bounced(desk, rows[done.application], payment=done.payment, amount=done.amount)
            for done in settled
            if done.application not in stopped
        ),
        at=at,
    )
    for application in sorted(stopped):
        payment = min(done.payment for done in settled if done.application == application)
        send_back(actor=actor, application=application, payment=payment, at=at)


def _tell_history(
    verb: str, settled: Iterable[Settled], rows: dict[int, Application], actor: Actor, at: datetime
) -> None:
    record_many(
        actor=actor,
        verb=verb,
        subject="application",
        at=at,
        each=[
            (
                done.application,
                rows[done.application].enterprise_number,
                {"payment": done.payment, "amount": str(done.amount)},
            )
            for done in settled
        ],
    )


def _refresh(applications: set[int]) -> tuple[dict[int, Application], dict[int, WalletView]]:
    """Set the states that the wallets' figures say, and return what was read."""
    views = wallets.wallets(applications)
    rows = Application.objects.defer("answers", "support").in_bulk(sorted(applications))
    moves: dict[State, list[int]] = defaultdict(list)
    for number, row in rows.items():
        state = _state_of(views[number].figures)
        if row.state != state and row.state not in STOPPED:
            moves[state].append(number)
            row.state = state
    for state, numbers in moves.items():
        Application.objects.filter(pk__in=numbers).update(state=state)
    return rows, views


def _state_of(figures: Figures) -> State:
    return funding_state(
        own_share=figures.own_share, subsidy=figures.subsidy, deposited=figures.deposited, paid=figures.paid
    )
