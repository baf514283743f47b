"""Send money that belongs to no wallet back to where it came from."""

from __future__ import annotations

from datetime import datetime

from portefeuille.core.ledger import Transfer
from portefeuille.core.money import Money
from portefeuille.wallet.models import Payment, PaymentKind
from portefeuille.wallet.posting import Line, new_sources, post


def return_money(
    *,
    amount: Money,
    creditor_name: str,
    creditor_iban: str,
    remittance: str,
    ordered_by: int | None,
    at: datetime,
) -> int:
    """Order the payment and move the amount from suspense to the refunds; returns the payment's id."""
    [source] = new_sources(1)
    Payment.objects.create(
        id=source,
        kind=PaymentKind.RETURN,
        amount_cents=amount.cents,
        creditor_name=creditor_name,
        creditor_iban=creditor_iban,
        remittance=remittance,
        ordered_at=at,
        ordered_by=ordered_by,
    )
    post([Line(0, source, Transfer.RETURN_TO_SENDER, amount)], at=at)
    return source
