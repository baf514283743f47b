"""Posting: where each deposit goes, what it earns, and what the database refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portefeuille.core.ledger import MOVES, WALLET_COLUMNS, Figures, Transfer
from portefeuille.core.ledger.book import rebuild
from portefeuille.core.ledger.shares import topped_up_at
from portefeuille.core.money import Money
from portefeuille.wallet.models import Transfer as Row
from portefeuille.wallet.models import Wallet
from portefeuille.wallet.posting import Deposit, Line, Placed, new_sources, post, post_deposits
from portefeuille.wallet.verification import read_entries

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
DAY = date(2026, 3, 5)


def deposit(reference: str, amount: str, *, on: date = DAY, source: int | None = None) -> Deposit:
    return Deposit(source or new_sources(1)[0], reference, Money.euros(amount), on)


def one(reference: str, amount: str, **more: object) -> Placed:
    [placed] = post_deposits([deposit(reference, amount, **more)], at=AT)  # type: ignore[arg-type]
    return placed


def euros(*amounts: str) -> list[Money]:
    return [Money.euros(amount) for amount in amounts]


def test_a_deposit_fills_the_wallet_and_earns_its_top_up(make_wallet) -> None:
    wallet = make_wallet()
    placed = one(wallet.reference, "4000.00")
    assert [placed.taken, placed.top_up, placed.left_over] == euros("4000.00", "2666.66", "0.00")
    wallet.refresh_from_db()
    assert wallet.figures.held == Money.euros("6666.66")
    assert wallet.figures.still_due == Money.euros("2000.00")


def test_the_last_deposit_completes_the_subsidy(make_wallet) -> None:
    wallet = make_wallet()
    one(wallet.reference, "4000.00")
    assert one(wallet.reference, "2000.00").top_up == Money.euros("1333.34")
    wallet.refresh_from_db()
    assert wallet.figures.held == wallet.figures.total


def test_what_exceeds_the_own_share_stays_out_of_the_wallet(make_wallet) -> None:
    wallet = make_wallet()
    placed = one(wallet.reference, "6000.01")
    assert [placed.taken, placed.top_up, placed.left_over] == euros("6000.00", "4000.00", "0.01")
    assert placed.reason == "too_much"


@pytest.mark.parametrize(
    ("wallet_is", "amount", "on", "reason"),
    [
        ({"is_open": False}, "100.00", DAY, "wallet_closed"),
        ({"until": date(2026, 3, 4)}, "100.00", DAY, "too_late"),
        ({"is_exact": True}, "5999.99", DAY, "not_exact"),
        ({"is_exact": True}, "6000.01", DAY, "not_exact"),
    ],
)
def test_a_deposit_that_the_wallet_can_not_take_goes_whole_to_suspense(
    make_wallet, wallet_is: dict[str, object], amount: str, on: date, reason: str
) -> None:
    wallet = make_wallet(**wallet_is)
    placed = one(wallet.reference, amount, on=on)
    assert (placed.taken, placed.left_over, placed.reason) == (Money.ZERO, Money.euros(amount), reason)
    assert list(Row.objects.values_list("wallet_id", "code")) == [(0, Transfer.UNEXPLAINED_IN)]


@pytest.mark.parametrize("reference", ["", "410000000142"])
def test_a_deposit_without_a_wallet_goes_to_suspense(db: None, reference: str) -> None:
    placed = one(reference, "100.00")
    assert placed.reason == ("unknown_reference" if reference else "no_reference")
    assert placed.left_over == Money.euros("100.00")


def test_a_deposit_on_its_last_day_is_in_time(make_wallet) -> None:
    wallet = make_wallet(until=DAY)
    assert one(wallet.reference, "100.00").reason == ""


def test_the_exact_own_share_is_taken_once(make_wallet) -> None:
    wallet = make_wallet(is_exact=True)
    first, second = post_deposits(
        [deposit(wallet.reference, "6000.00"), deposit(wallet.reference, "6000.00")], at=AT
    )
    assert (first.taken, first.top_up) == (Money.euros("6000.00"), Money.euros("4000.00"))
    assert (second.taken, second.left_over, second.reason) == (Money.ZERO, Money.euros("6000.00"), "too_much")


def test_lines_of_one_wallet_are_taken_in_the_order_of_their_source(make_wallet) -> None:
    wallet = make_wallet()
    [low, high] = new_sources(2)
    placed = post_deposits(
        [
            deposit(wallet.reference, "5000.00", source=high),
            deposit(wallet.reference, "4000.00", source=low),
        ],
        at=AT,
    )
    assert [(p.source, p.taken) for p in placed] == [
        (low, Money.euros("4000.00")),
        (high, Money.euros("2000.00")),
    ]


def test_two_equal_deposits_are_both_booked(make_wallet) -> None:
    wallet = make_wallet()
    post_deposits([deposit(wallet.reference, "100.00"), deposit(wallet.reference, "100.00")], at=AT)
    wallet.refresh_from_db()
    assert wallet.figures.deposited == Money.euros("200.00")


def test_the_same_source_is_never_booked_twice(make_wallet) -> None:
    wallet = make_wallet()
    once = deposit(wallet.reference, "100.00")
    post_deposits([once], at=AT)
    with pytest.raises(IntegrityError, match="wallet_transfer_pkey"), transaction.atomic():
        post_deposits([once], at=AT)
    wallet.refresh_from_db()
    assert wallet.figures.deposited == Money.euros("100.00")


def test_nothing_to_post_is_no_statement(make_wallet, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        post([], at=AT)
        post([Line(1, 1, Transfer.DEPOSIT, Money.ZERO)], at=AT)


@pytest.mark.parametrize("lines", [1, 50])
def test_a_posting_is_one_statement_however_many_lines(
    make_wallet, django_assert_num_queries, lines: int
) -> None:
    wallets = [make_wallet(number) for number in range(1, lines + 1)]
    deposits = [deposit(wallet.reference, "100.00") for wallet in wallets]
    with django_assert_num_queries(1):
        post_deposits(deposits, at=AT)


def test_money_assigned_by_hand_comes_out_of_suspense(make_wallet) -> None:
    wallet = make_wallet()
    stray = one("", "7000.00")
    [placed] = post_deposits(
        [deposit(wallet.reference, "7000.00", source=stray.source)], at=AT, code=Transfer.ASSIGNED
    )
    assert (placed.taken, placed.left_over) == (Money.euros("6000.00"), Money.euros("1000.00"))
    book = rebuild(read_entries())
    assert book.is_balanced
    assert book.accounts["suspense"] == 100_000


# A top-up alone would outgrow its share of the deposits; the tests of deposits show its move.
MOVING = [
    code for code in Transfer if {*MOVES[code].adds, *MOVES[code].takes} and code is not Transfer.TOP_UP
]


@pytest.mark.parametrize("code", MOVING)
def test_each_kind_of_transfer_moves_just_its_columns(make_wallet, code: Transfer) -> None:
    """Before it, the wallet is filled and partly paid, refunded and returned, so that every move is possible."""
    wallet = make_wallet(own="600.00", subsidy="400.00")
    Wallet.objects.filter(pk=wallet.pk).update(
        deposited_cents=30_000,
        topped_up_cents=20_000,
        own_out_cents=15_000,
        subsidy_out_cents=10_000,
        ordered_cents=20_000,
        paid_cents=10_000,
        refunded_cents=3_000,
        returned_cents=2_000,
    )
    wallet.refresh_from_db()
    before = {column: getattr(wallet, column) for column in WALLET_COLUMNS}
    post([Line(wallet.pk, 1, code, Money(100))], at=AT)
    wallet.refresh_from_db()
    for column in WALLET_COLUMNS:
        moved = 100 * (column in MOVES[code].adds) - 100 * (column in MOVES[code].takes)
        assert getattr(wallet, column) == before[column] + moved, column


# Every law that the wallet's row carries, tripped by name.
TRIPS = {
    "wallet_shares_bounded": {"own_share_cents": 0},
    "wallet_deposit_within_own_share": {"deposited_cents": 600_001},
    "wallet_top_up_within_its_share": {"deposited_cents": 400_000, "topped_up_cents": 266_667},
    "wallet_never_overdrawn": {"own_out_cents": 1, "ordered_cents": 1},
    "wallet_outs_add_up": {
        "deposited_cents": 3,
        "topped_up_cents": 2,
        "own_out_cents": 2,
        "ordered_cents": 1,
    },
    "wallet_paid_within_ordered": {"paid_cents": 1},
}


@pytest.mark.parametrize(("constraint", "columns"), TRIPS.items())
def test_the_wallets_constraints_refuse(make_wallet, constraint: str, columns: dict[str, int]) -> None:
    wallet = make_wallet()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Wallet.objects.filter(pk=wallet.pk).update(**columns)


def test_every_constraint_of_the_wallet_is_tripped_by_a_test() -> None:
    named = {constraint.name for constraint in Wallet._meta.constraints}
    assert named == {*TRIPS, "wallet_reference_unique"}


def test_a_reference_belongs_to_one_wallet(make_wallet) -> None:
    wallet = make_wallet(1)
    other = make_wallet(2)
    with pytest.raises(IntegrityError, match="wallet_reference_unique"), transaction.atomic():
        Wallet.objects.filter(pk=other.pk).update(reference=wallet.reference)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [({"amount_cents": 0}, "transfer_amount_positive"), ({"code": 19}, "transfer_code_known")],
)
def test_the_transfers_constraints_refuse(db: None, columns: dict[str, int], constraint: str) -> None:
    row = {"wallet_id": 0, "source_id": 1, "code": 1, "amount_cents": 1, "booked_at": AT, **columns}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Row.objects.create(**row)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wallet_transfer SET amount_cents = 1",
        "DELETE FROM wallet_transfer",
        "TRUNCATE wallet_transfer",
    ],
)
class TestAppendOnly:
    """Entries are never changed: web and worker lack the right, and a trigger refuses the owner."""

    def test_web_and_worker_lack_the_right(self, make_wallet, statement: str) -> None:
        one(make_wallet().reference, "1.00")
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_a_trigger_refuses_the_owner(self, owner_connection: psycopg.Connection, statement: str) -> None:
        with pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
            owner_connection.execute(statement)


amounts = st.integers(min_value=1, max_value=2_000_000)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    own=amounts,
    subsidy=amounts,
    deposits=st.lists(st.lists(amounts, min_size=1, max_size=4), min_size=1, max_size=4),
)
def test_the_database_and_the_core_agree_to_the_cent(
    db: None, own: int, subsidy: int, deposits: list[list[int]]
) -> None:
    """Whatever comes in, in whatever batches: SQL's figures are those of the pure functions, and nothing gets lost."""
    with transaction.atomic():
        _check_batches(own, subsidy, deposits)
        transaction.set_rollback(True)


def _check_batches(own: int, subsidy: int, deposits: list[list[int]]) -> None:
    wallet = Wallet.objects.create(
        id=1,
        reference="410000000195",
        own_share_cents=own,
        subsidy_cents=subsidy,
        deposit_until=DAY,
    )
    came_in = left_over = 0
    for batch in deposits:
        lines = [
            Deposit(source, wallet.reference, Money(cents), DAY)
            for source, cents in zip(new_sources(len(batch)), batch, strict=True)
        ]
        placed = post_deposits(lines, at=AT)
        came_in += sum(batch)
        left_over += sum(one.left_over.cents for one in placed)
    wallet.refresh_from_db()
    figures: Figures = wallet.figures
    assert figures.deposited.cents == min(came_in, own)
    assert figures.topped_up == topped_up_at(figures.deposited, own_share=Money(own), subsidy=Money(subsidy))
    assert came_in == figures.deposited.cents + left_over
    book = rebuild(read_entries())
    assert book.is_balanced
    assert book.accounts["bank"] == came_in
    assert book.accounts["suspense"] == left_over
