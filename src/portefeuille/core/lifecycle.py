"""The life of an application: one table of verbs, each with the states it may start from and where it leads.

A verb outside this table is refused and changes nothing. Verbs of money (``deposit``, ``order_payment``,
``bank_paid``, ``payment_bounced``) lead to the state that the wallet's figures say (``funding_state``); the table
lists every state that they can lead to. The diagram in docs/lifecycle.md is rendered from this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portefeuille.core.money import Money


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PARTLY_FUNDED = "partly_funded"
    FUNDED = "funded"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    CLOSED = "closed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What can be done to an application."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REFUSE = "refuse"
    DEPOSIT = "deposit"
    ORDER_PAYMENT = "order_payment"
    BANK_PAID = "bank_paid"
    PAYMENT_BOUNCED = "payment_bounced"
    CLOSE = "close"
    LAPSE = "lapse"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Step:
    """A verb's row in the table."""

    starts: frozenset[State]
    leads: frozenset[State]


_MONEY_INSIDE = frozenset({State.PARTLY_FUNDED, State.FUNDED, State.PARTLY_PAID})

TABLE: dict[Verb, Step] = {
    Verb.SUBMIT: Step(frozenset({State.DRAFT}), frozenset({State.SUBMITTED})),
    Verb.APPROVE: Step(frozenset({State.SUBMITTED}), frozenset({State.APPROVED})),
    Verb.REFUSE: Step(frozenset({State.SUBMITTED}), frozenset({State.REFUSED})),
    Verb.DEPOSIT: Step(
        frozenset({State.APPROVED, State.PARTLY_FUNDED, State.PARTLY_PAID}),
        frozenset({State.PARTLY_FUNDED, State.FUNDED, State.PARTLY_PAID}),
    ),
    Verb.ORDER_PAYMENT: Step(_MONEY_INSIDE, _MONEY_INSIDE),
    Verb.BANK_PAID: Step(_MONEY_INSIDE, frozenset({State.PARTLY_PAID, State.PAID})),
    Verb.PAYMENT_BOUNCED: Step(
        frozenset({State.PARTLY_PAID, State.PAID, State.CLOSED}),
        frozenset({State.PARTLY_FUNDED, State.FUNDED, State.PARTLY_PAID}),
    ),
    Verb.CLOSE: Step(frozenset({State.PAID}), frozenset({State.CLOSED})),
    Verb.LAPSE: Step(frozenset({State.APPROVED, State.PARTLY_FUNDED}), frozenset({State.LAPSED})),
    Verb.CANCEL: Step(
        frozenset({State.DRAFT, State.SUBMITTED, State.APPROVED, *_MONEY_INSIDE}),
        frozenset({State.CANCELLED}),
    ),
}

# In these states the application stopped for good; its room in the ceiling and the budget may have been given back.
STOPPED = frozenset({State.REFUSED, State.LAPSED, State.CANCELLED})
# In these states an approved application counts as use of the scheme in its year.
USED = frozenset(
    {State.APPROVED, State.PARTLY_FUNDED, State.FUNDED, State.PARTLY_PAID, State.PAID, State.CLOSED}
)


class OutOfOrder(ValueError):
    """This verb does not start from this state."""

    def __init__(self, verb: Verb, state: State) -> None:
        super().__init__(f"{verb} does not start from {state}")
        self.verb = verb
        self.state = state


def must(verb: Verb, state: State) -> None:
    """Raise OutOfOrder unless the table lets ``verb`` start from ``state``."""
    if state not in TABLE[verb].starts:
        raise OutOfOrder(verb, state)


def allows(verb: Verb, state: State) -> bool:
    """Whether the table lets ``verb`` start from ``state``."""
    return state in TABLE[verb].starts


def funding_state(*, own_share: Money, subsidy: Money, deposited: Money, paid: Money) -> State:
    """The state that a wallet's own figures say, as long as the application has not stopped."""
    if paid >= own_share + subsidy:
        return State.PAID
    if paid > Money.ZERO:
        return State.PARTLY_PAID
    if deposited >= own_share:
        return State.FUNDED
    return State.PARTLY_FUNDED if deposited > Money.ZERO else State.APPROVED


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.DRAFT}"]
    lines += [
        f"    {start} --> {lead}: {verb}"
        for verb, step in TABLE.items()
        for start in sorted(step.starts)
        for lead in sorted(step.leads)
    ]
    lines += [f"    {state} --> [*]" for state in sorted([*STOPPED, State.CLOSED])]
    return "\n".join(lines) + "\n"
