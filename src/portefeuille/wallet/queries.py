"""Reading wallets, their transfers and payments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, Sum

from portefeuille.core.errors import NotFound
from portefeuille.core.ledger import MOVES, Account, Figures, Transfer
from portefeuille.core.money import Money
from portefeuille.wallet.models import Payment, Wallet
from portefeuille.wallet.models import Transfer as TransferRow


@dataclass(frozen=True, slots=True)
class WalletView:
    """A wallet as others may see it. ``id`` is the application's."""

    id: int
    reference: str
    figures: Figures
    is_open: bool
    is_exact: bool
    deposit_until: date


@dataclass(frozen=True, slots=True)
class TransferView:
    """One line of a wallet's history."""

    source: int
    code: Transfer
    amount: Money
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment that leaves or left the bank account; ``own`` and ``subsidy`` are its parts, for one to a provider."""

    id: int
    kind: str
    state: str
    wallet: int
    amount: Money
    own: Money
    subsidy: Money
    creditor_name: str
    creditor_iban: str
    reference: str
    remittance: str
    end_to_end_id: str
    run: int | None
    ordered_at: datetime
    settled_on: date | None


def _view(row: Wallet) -> WalletView:
    return WalletView(row.id, row.reference, row.figures, row.is_open, row.is_exact, row.deposit_until)


def _payment(row: Payment) -> PaymentView:
    return PaymentView(
        id=row.id,
        kind=row.kind,
        state=row.state,
        wallet=row.wallet_id,
        amount=row.amount,
        own=Money(row.own_cents),
        subsidy=Money(row.subsidy_cents),
        creditor_name=row.creditor_name,
        creditor_iban=row.creditor_iban,
        reference=row.reference,
        remittance=row.remittance,
        end_to_end_id=row.end_to_end_id,
        run=row.run_id,
        ordered_at=row.ordered_at,
        settled_on=row.settled_on,
    )


def find(application: int) -> WalletView | None:
    """The wallet of an application; None before its approval."""
    row = Wallet.objects.filter(pk=application).first()
    return None if row is None else _view(row)


def wallet(application: int) -> WalletView:
    """The wallet of an application. Raises NotFound before its approval."""
    found = find(application)
    if found is None:
        raise NotFound("Deze aanvraag heeft nog geen portefeuille: ze is nog niet goedgekeurd.")
    return found


def wallets(applications: Iterable[int]) -> dict[int, WalletView]:
    """The wallets of these applications, by application; those without a wallet are absent."""
    return {row.id: _view(row) for row in Wallet.objects.filter(pk__in=list(applications))}


def known_references(references: Iterable[str]) -> set[str]:
    """Which of these references belong to a wallet."""
    return set(Wallet.objects.filter(reference__in=list(references)).values_list("reference", flat=True))


def open_wallets() -> list[WalletView]:
    """Every wallet that still takes deposits and is not full: among these an unexplained deposit belongs."""
    return [_view(row) for row in Wallet.objects.filter(is_open=True).order_by("id")]


def transfers(application: int) -> list[TransferView]:
    """Everything that moved in a wallet, in the order of booking."""
    rows = TransferRow.objects.filter(wallet_id=application).order_by("booked_at", "source_id", "code")
    return [TransferView(r.source_id, Transfer(r.code), Money(r.amount_cents), r.booked_at) for r in rows]


def payments(application: int) -> list[PaymentView]:
    """All payments out of a wallet, oldest first."""
    return [_payment(row) for row in Payment.objects.filter(wallet_id=application).order_by("id")]


def payments_of(applications: Iterable[int]) -> dict[int, list[PaymentView]]:
    """The payments to the provider out of several wallets, by application."""
    found: dict[int, list[PaymentView]] = {}
    rows = Payment.objects.filter(wallet_id__in=list(applications), kind="provider").order_by("id")
    for row in rows:
        found.setdefault(row.wallet_id, []).append(_payment(row))
    return found


def waiting_payments() -> list[PaymentView]:
    """Payments that were ordered and are in no payment file yet, oldest first."""
    return [_payment(row) for row in Payment.objects.filter(state="ordered").order_by("id")]


def payments_of_run(run: int) -> list[PaymentView]:
    """The payments in a payment file, in the file's order."""
    return [_payment(row) for row in Payment.objects.filter(run_id=run).order_by("id")]


def payments_by_id(ids: Iterable[int]) -> dict[int, PaymentView]:
    """Payments by their id."""
    return {row.id: _payment(row) for row in Payment.objects.filter(pk__in=list(ids))}


def in_transit() -> Money:
    """What payment files ask of the bank and the bank has not confirmed yet."""
    rows = Payment.objects.filter(Q(state="in_run")).values_list("amount_cents", flat=True)
    return Money(sum(rows))


def unfilled_until(day: date) -> list[int]:
    """Applications whose term for depositing ended by that day and whose own share is not complete."""
    rows = Wallet.objects.filter(
        is_open=True, deposit_until__lte=day, deposited_cents__lt=F("own_share_cents")
    )
    return list(rows.order_by("id").values_list("id", flat=True))


def balances() -> dict[Account, Money]:
    """What each account of the books holds, counted from the transfers."""
    sums = {
        Transfer(code): int(cents)
        for code, cents in TransferRow.objects.values_list("code").annotate(Sum("amount_cents"))
    }
    held = dict.fromkeys(Account, 0)
    for code, cents in sums.items():
        move = MOVES[code]
        held[move.leaves] += cents if move.leaves is Account.BANK else -cents
        held[move.reaches] += -cents if move.reaches is Account.BANK else cents
    return {account: Money(cents) for account, cents in held.items()}
