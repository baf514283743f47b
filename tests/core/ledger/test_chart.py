"""The chart of accounts: every transfer has its two ends, and wallet columns follow only the wallet's own accounts."""

from __future__ import annotations

import pytest

from portefeuille.core.ledger import MOVES, WALLET_COLUMNS, Account, Transfer
from portefeuille.core.ledger.book import Book, Entry, digest, export, rebuild

WALLET_ACCOUNTS = {Account.OWN_SHARE, Account.SUBSIDY}


def test_every_kind_of_transfer_has_a_move() -> None:
    assert set(MOVES) == set(Transfer)


@pytest.mark.parametrize("code", Transfer)
def test_a_transfer_leaves_one_account_and_reaches_another(code: Transfer) -> None:
    assert MOVES[code].leaves is not MOVES[code].reaches


@pytest.mark.parametrize("code", Transfer)
def test_what_a_wallet_holds_follows_the_accounts_of_the_move(code: Transfer) -> None:
    """In minus out, by the columns, is what the move does to own share and subsidy."""
    move = MOVES[code]

    def effect(into: str, out: str) -> int:
        plus = move.adds.count(into) + move.takes.count(out)
        return plus - move.adds.count(out) - move.takes.count(into)

    for account, into, out in (
        (Account.OWN_SHARE, "deposited_cents", "own_out_cents"),
        (Account.SUBSIDY, "topped_up_cents", "subsidy_out_cents"),
    ):
        assert effect(into, out) == (move.reaches is account) - (move.leaves is account)


@pytest.mark.parametrize("code", Transfer)
def test_only_known_columns_move(code: Transfer) -> None:
    move = MOVES[code]
    assert {*move.adds, *move.takes} <= set(WALLET_COLUMNS)
    assert not set(move.adds) & set(move.takes)


@pytest.mark.parametrize("code", Transfer)
def test_any_single_entry_keeps_the_book_balanced(code: Transfer) -> None:
    book = rebuild([Entry(7, 1, code, 12_345)])
    assert book.is_balanced
    assert any(book.accounts.values())


def test_a_book_whose_bank_was_tampered_with_is_not_balanced() -> None:
    book = rebuild([Entry(0, 1, Transfer.FUNDS_RECEIVED, 100)])
    book.accounts[Account.BANK] += 1
    assert not book.is_balanced


def test_an_entry_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        Book().add(Entry(1, 1, Transfer.DEPOSIT, 0))


def test_a_deposit_and_its_top_up_fill_the_wallet() -> None:
    book = rebuild(
        [
            Entry(0, 1, Transfer.FUNDS_RECEIVED, 100_000),
            Entry(7, 2, Transfer.DEPOSIT, 400_000),
            Entry(7, 2, Transfer.TOP_UP, 266_666),
        ]
    )
    assert book.accounts[Account.BANK] == 500_000
    assert book.accounts[Account.FUNDS] == 100_000 - 266_666
    assert book.wallets[7]["deposited_cents"] == 400_000
    assert book.wallets[7]["topped_up_cents"] == 266_666


def test_the_export_comes_back_whole_and_its_digest_depends_on_every_entry_but_not_on_their_order() -> None:
    entries = [Entry(7, 2, Transfer.DEPOSIT, 10), Entry(0, 1, Transfer.FUNDS_RECEIVED, 5)]
    assert [Entry.parse(line) for line in export(entries)] == sorted(entries)
    assert digest(entries) == digest(reversed(entries))
    assert digest(entries) != digest([*entries, Entry(7, 3, Transfer.DEPOSIT, 1)])
    assert digest(entries) != digest([entries[0], Entry(0, 1, Transfer.FUNDS_RECEIVED, 6)])
