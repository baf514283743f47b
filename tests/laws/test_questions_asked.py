"""How often the database is asked: a bank statement asks as often for many lines as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import PROVIDER_IBAN, World

from portefeuille.identity.roles import Actor
from portefeuille.providers.operations.add_provider import GivenRecognition, add_provider
from portefeuille.wallet.posting import FEW


def apply(world: World, number: int) -> tuple[int, Actor]:
    """An application by an enterprise of its own, at a provider of its own; and who applied."""
    base = f"1999{number:04d}"
    enterprise = f"{base}{97 - int(base) % 97:02d}"
    actor = world.enterprise(enterprise, f"Zaak {number}", "BE29999010000164")
    recognition = f"DV.O91{number:04d}"
    provider = add_provider(
        enterprise_number=enterprise,
        legal_name=f"Zaak {number}",
        trade_name="",
        iban=PROVIDER_IBAN,
        email=f"zaak-{number}@test.example",
        recognitions=[GivenRecognition(recognition, date(2020, 1, 1))],
    )
    return world.apply("1000.00", actor=actor, recognition_number=recognition, provider=provider), actor


def asked(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


@pytest.mark.slow
def test_a_statement_asks_as_often_for_many_lines_as_for_few(world: World) -> None:
    """Deposits and confirmations, each of another enterprise and another provider."""
    world.government_pays_in("100000.00")
    world.statement()
    counted = []
    for first, lines in ((1000, 2), (2000, 2), (3000, FEW + 4)):
        made = [apply(world, number) for number in range(first, first + lines)]
        for application, _ in made:
            world.deposit(application, "600.00")
        deposits = asked(world.statement)
        for application, actor in made:
            world.order(application, actor=actor)
        world.pay()
        confirmations = asked(world.statement)
        counted.append((deposits, confirmations))
        world.pass_days(1)
    assert counted[1] == counted[2]
