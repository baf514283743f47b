"""What the matrix of routes (tests/walls/test_routes.py) does not hold: two people who send the same key."""

from __future__ import annotations

import pytest
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.core.money import Money
from portefeuille.wallet import queries as wallets


@pytest.fixture(autouse=True)
def _today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: world.now)


@pytest.fixture
def funded(world: World) -> int:
    """It can be paid."""
    application = world.apply("1000.00")
    world.government_pays_in()
    world.deposit(application, "600.00")
    world.statement()
    return application


def test_a_key_of_somebody_else_is_no_way_in(world: World, sign_in, funded: int) -> None:
    """The key of a repeated request counts for its own actor only."""
    own = sign_in(world.entrepreneur)
    own.post(f"/project/{funded}/betalen", {"amount": "1.000,00", "reference": "", "key": "same"})
    other = world.enterprise(OTHER_ENTERPRISE, "Vreemd", "BE95999020000258")
    theirs = world.apply("1000.00", actor=other)
    world.transfer("600.00", wallets.wallet(theirs).reference, account="BE95999020000258")
    world.statement()
    sign_in(other).post(f"/project/{theirs}/betalen", {"amount": "1.000,00", "reference": "", "key": "same"})
    assert world.figures(funded).ordered == world.figures(theirs).ordered == Money.euros("1000.00")
