"""Open the wallet of an application that was approved."""

from __future__ import annotations

from datetime import date

from portefeuille.core.formats import ogm
from portefeuille.core.money import Money
from portefeuille.wallet.models import Wallet

# Keeps our references apart from small numbers that other people's systems print on payments.
_FIRST_BASE = 4_100_000_000


def open_wallet(
    *, application: int, own_share: Money, subsidy: Money, deposit_until: date, is_exact: bool
) -> str:
    """Make the (empty) wallet and return its payment reference, twelve digits."""
    reference = ogm.make(_FIRST_BASE + application)
    Wallet.objects.create(
        id=application,
        reference=reference,
        own_share_cents=own_share.cents,
        subsidy_cents=subsidy.cents,
        deposit_until=deposit_until,
        is_exact=is_exact,
    )
    return reference
