"""Wallets without an application, for tests of the posting alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from portefeuille.core.formats import ogm
from portefeuille.core.money import Money
from portefeuille.wallet.models import Wallet

MakeWallet = Callable[..., Wallet]


@pytest.fixture
def make_wallet(db: None) -> MakeWallet:
    """A wallet of 6,000.00 own share and 4,000.00 subsidy, open until the first of April, unless told otherwise."""

    def make(
        number: int = 1,
        *,
        own: str = "6000.00",
        subsidy: str = "4000.00",
        until: date = date(2026, 4, 1),
        is_open: bool = True,
        is_exact: bool = False,
    ) -> Wallet:
        return Wallet.objects.create(
            id=number,
            reference=ogm.make(4_100_000_000 + number),
            own_share_cents=Money.euros(own).cents,
            subsidy_cents=Money.euros(subsidy).cents,
            deposit_until=until,
            is_open=is_open,
            is_exact=is_exact,
        )

    return make
