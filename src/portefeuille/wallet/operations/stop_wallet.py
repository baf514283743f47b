"""Empty a wallet whose application lapsed or was cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portefeuille.core.errors import WrongState
from portefeuille.core.ledger import Transfer
from portefeuille.core.money import Money
from portefeuille.wallet.models import Payment, PaymentKind, Wallet
from portefeuille.wallet.posting import Line, new_sources, post


@dataclass(frozen=True, slots=True)
class Stopped:
    """What went where: the own share to the enterprise, the top-up to the government's funds.

    ``released`` is the part of the granted subsidy that no payment used, and that the budget gets back.
    """

    refund: Money
    returned: Money
    released: Money


def stop_wallet(
    *,
    wallet: Wallet,
    project_number: str,
    creditor_name: str,
    creditor_iban: str,
    remittance: str,
    ordered_by: int | None,
    at: datetime,
) -> Stopped:
    """Close the (locked) wallet for deposits and send back all that it holds.

    Called again for a wallet that was closed before and in which a payment came back: that money is sent back too.
    Raises WrongState while a payment is on its way to the bank: it may still bounce.
    """
    figures = wallet.figures
    if figures.in_transit:
        raise WrongState(
            f"Er is nog een betaling van € {figures.in_transit.belgian} onderweg naar de bank. "
            "Wacht tot de bank ze bevestigt en probeer het dan opnieuw."
        )
    Wallet.objects.filter(pk=wallet.pk).update(is_open=False)
    [source] = new_sources(1)
    if figures.own_held:
        Payment.objects.create(
            id=source,
            kind=PaymentKind.REFUND,
            wallet_id=wallet.id,
            project_number=project_number,
            amount_cents=figures.own_held.cents,
            own_cents=figures.own_held.cents,
            creditor_name=creditor_name,
            creditor_iban=creditor_iban,
            remittance=remittance,
            ordered_at=at,
            ordered_by=ordered_by,
        )
    post(
        [
            Line(wallet.id, source, Transfer.REFUNDED_OWN, figures.own_held),
            Line(wallet.id, source, Transfer.TOP_UP_RETURNED, figures.subsidy_held),
        ],
        at=at,
    )
    # The first time, everything that no payment used; after that, what a payment used until it came back.
    released = figures.subsidy - figures.subsidy_out if wallet.is_open else figures.subsidy_held
    return Stopped(refund=figures.own_held, returned=figures.subsidy_held, released=released)
