"""Put aside money of a wallet for the provider, and order its payment."""

from __future__ import annotations

from datetime import datetime

from portefeuille.core.errors import Invalid, MoreThanAvailable
from portefeuille.core.ledger import Transfer
from portefeuille.core.money import Money
from portefeuille.wallet.models import Payment, PaymentKind, Wallet
from portefeuille.wallet.posting import Line, new_sources, post


def lock(application: int) -> Wallet | None:
    """The wallet's row, locked until the end of the transaction; None before the approval."""
    return Wallet.objects.select_for_update(no_key=True).filter(pk=application).first()


def order(
    *,
    wallet: Wallet,
    amount: Money,
    project_number: str,
    creditor_name: str,
    creditor_iban: str,
    reference: str,
    remittance: str,
    ordered_by: int | None,
    at: datetime,
) -> Payment:
    """Split the amount into own share and subsidy, take both out of the (locked) wallet, and order the payment.

    Raises MoreThanAvailable when the wallet holds less, Invalid for an amount of nothing.
    """
    figures = wallet.figures
    if amount <= Money.ZERO:
        raise Invalid("Vul een bedrag in dat hoger is dan € 0,00.", field="amount")
    if figures.held < amount:
        raise MoreThanAvailable(
            f"In je portefeuille zit € {figures.held.belgian}. Je kunt er dus geen € {amount.belgian} uit betalen. "
            f"Vul hoogstens € {figures.held.belgian} in.",
            field="amount",
        )
    split = figures.split(amount)
    [source] = new_sources(1)
    payment = Payment.objects.create(
        id=source,
        kind=PaymentKind.PROVIDER,
        wallet_id=wallet.id,
        project_number=project_number,
        amount_cents=amount.cents,
        own_cents=split.own.cents,
        subsidy_cents=split.subsidy.cents,
        creditor_name=creditor_name,
        creditor_iban=creditor_iban,
        reference=reference,
        remittance="" if reference else remittance,
        ordered_at=at,
        ordered_by=ordered_by,
    )
    post(
        [
            Line(wallet.id, source, Transfer.ORDERED_OWN, split.own),
            Line(wallet.id, source, Transfer.ORDERED_SUBSIDY, split.subsidy),
        ],
        at=at,
    )
    return payment
