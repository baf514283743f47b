"""The chart of accounts, and every way in which money may move between them.

One transfer moves an amount from the account it *leaves* to the account it *reaches*; so every entry sums to zero by
construction. Accounts are seen from the operator's books: the bank account is what the operator has, all others say
for whom it has it. A balance is what reached an account minus what left it; for ``BANK`` the sign is turned, so that
it reads as the bank prints it: money received is a transfer *from* the bank's side into an account of somebody.

    bank side        ->  government funds, own share, suspense      (a statement's credits)
    government funds ->  subsidy in a wallet                         (top-up)
    wallet           ->  payable ->  bank side                       (order, then the bank pays)
    wallet           ->  refunds ->  bank side                       (cancel, lapse)
    wallet subsidy   ->  government funds                            (top-up given back)
    suspense         ->  own share, refunds, or the bank side        (assigned, returned, a debit nobody explains)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Account(StrEnum):
    """Whose money it is. ``OWN_SHARE`` and ``SUBSIDY`` are kept per wallet, the others once."""

    BANK = "bank"
    FUNDS = "government_funds"
    OWN_SHARE = "own_share"
    SUBSIDY = "subsidy"
    PAYABLE = "payable"
    REFUNDS = "refunds"
    SUSPENSE = "suspense"


class Transfer(IntEnum):
    """Each kind of transfer. The numbers are stored: never renumber, only add."""

    FUNDS_RECEIVED = 1
    DEPOSIT = 2
    TOP_UP = 3
    UNEXPLAINED_IN = 4
    ASSIGNED = 5
    ORDERED_OWN = 6
    ORDERED_SUBSIDY = 7
    PAID = 8
    BOUNCED_OWN = 9
    BOUNCED_SUBSIDY = 10
    REFUNDED_OWN = 11
    TOP_UP_RETURNED = 12
    RETURN_TO_SENDER = 13
    REFUND_PAID = 14
    UNEXPLAINED_OUT = 15
    REFUND_BOUNCED = 16
    FUNDS_WITHDRAWN = 17
    FUNDS_ASSIGNED = 18


@dataclass(frozen=True, slots=True)
class Move:
    """From which account to which, and which columns of the wallet's row follow (each by plus or minus the amount)."""

    leaves: Account
    reaches: Account
    adds: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


MOVES: dict[Transfer, Move] = {
    Transfer.FUNDS_RECEIVED: Move(Account.BANK, Account.FUNDS),
    Transfer.FUNDS_WITHDRAWN: Move(Account.FUNDS, Account.BANK),
    Transfer.FUNDS_ASSIGNED: Move(Account.SUSPENSE, Account.FUNDS),
    Transfer.DEPOSIT: Move(Account.BANK, Account.OWN_SHARE, adds=("deposited_cents",)),
    Transfer.TOP_UP: Move(Account.FUNDS, Account.SUBSIDY, adds=("topped_up_cents",)),
    Transfer.UNEXPLAINED_IN: Move(Account.BANK, Account.SUSPENSE),
    Transfer.UNEXPLAINED_OUT: Move(Account.SUSPENSE, Account.BANK),
    Transfer.ASSIGNED: Move(Account.SUSPENSE, Account.OWN_SHARE, adds=("deposited_cents",)),
    Transfer.ORDERED_OWN: Move(Account.OWN_SHARE, Account.PAYABLE, adds=("own_out_cents", "ordered_cents")),
    Transfer.ORDERED_SUBSIDY: Move(
        Account.SUBSIDY, Account.PAYABLE, adds=("subsidy_out_cents", "ordered_cents")
    ),
    Transfer.PAID: Move(Account.PAYABLE, Account.BANK, adds=("paid_cents",)),
    Transfer.BOUNCED_OWN: Move(
        Account.BANK, Account.OWN_SHARE, takes=("own_out_cents", "ordered_cents", "paid_cents")
    ),
    Transfer.BOUNCED_SUBSIDY: Move(
        Account.BANK, Account.SUBSIDY, takes=("subsidy_out_cents", "ordered_cents", "paid_cents")
    ),
    Transfer.REFUNDED_OWN: Move(Account.OWN_SHARE, Account.REFUNDS, adds=("own_out_cents", "refunded_cents")),
    Transfer.TOP_UP_RETURNED: Move(
        Account.SUBSIDY, Account.FUNDS, adds=("subsidy_out_cents", "returned_cents")
    ),
    Transfer.RETURN_TO_SENDER: Move(Account.SUSPENSE, Account.REFUNDS),
    Transfer.REFUND_PAID: Move(Account.REFUNDS, Account.BANK),
    Transfer.REFUND_BOUNCED: Move(Account.BANK, Account.SUSPENSE),
}

WALLET_COLUMNS = (
    "deposited_cents",
    "topped_up_cents",
    "own_out_cents",
    "subsidy_out_cents",
    "ordered_cents",
    "paid_cents",
    "refunded_cents",
    "returned_cents",
)
