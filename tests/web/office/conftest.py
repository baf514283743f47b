"""The office's people, and letters that have no address yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from tests.activation.people import SOLE, newcomer, sole_trader
from tests.signin.people import HERE, HOMELESS, register
from tests.world import World

from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.cases.models import Case
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.signin.operations.order_card import order_card
from portefeuille.signin.operations.write_card import write_waiting_cards


@pytest.fixture(autouse=True)
def _today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: world.now)


@pytest.fixture
def colleague(world: World) -> Actor:
    """A second one of the office."""
    return world.person("collega", GivenCapacity(Role.OFFICE))


@pytest.fixture
def auditor(world: World) -> Actor:
    """Reads all."""
    return world.person("auditor", GivenCapacity(Role.AUDITOR))


@pytest.fixture
def inspector(world: World) -> Actor:
    """Reads what was applied for."""
    return world.person("inspecteur", GivenCapacity(Role.INSPECTOR))


@pytest.fixture
def office(world: World, sign_in: Callable[[Actor], Client]) -> Client:
    """The first one of the office, at a browser."""
    return sign_in(world.office)


@pytest.fixture
def second(colleague: Actor, sign_in: Callable[[Actor], Client]) -> Client:
    """The second one, at another browser."""
    return sign_in(colleague)


@pytest.fixture
def letter_case(world: World) -> int:
    """The case of a letter to a sole trader of whom the KBO tells no address."""
    sole_trader(shop=None)
    nora = replace(newcomer(), proved_at=world.now)
    ask_letter(actor=nora, enterprise=SOLE, at=world.now)
    return Case.objects.get(kind="letter_address").pk


@pytest.fixture
def card_case(world: World) -> int:
    """The case of a card for somebody without an address in the national register."""
    order_card(national_number=HOMELESS, source=HERE, at=world.now)
    write_waiting_cards(register=register(), at=world.now)
    return Case.objects.get(kind="card_address").pk
