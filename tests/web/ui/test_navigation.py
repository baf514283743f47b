"""The menu: each role starts somewhere, and every line of it opens."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.world import ENTERPRISE, World

from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import OF_A_PROVIDER, OF_AN_ENTERPRISE, OF_THE_PLATFORM, Actor, Role
from portefeuille.web.ui.navigation import home_of, menu

ROLES = sorted(OF_AN_ENTERPRISE | OF_A_PROVIDER | OF_THE_PLATFORM)


@pytest.fixture(autouse=True)
def _today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: world.now)


def somebody(world: World, role: Role) -> Actor:
    if role in OF_AN_ENTERPRISE:
        return world.person(f"een-{role}", GivenCapacity(role, enterprise=ENTERPRISE))
    if role in OF_A_PROVIDER:
        return world.person(f"een-{role}", GivenCapacity(role, provider=world.provider_id))
    return world.person(f"een-{role}", GivenCapacity(role))


@pytest.mark.parametrize("role", ROLES)
def test_every_line_opens_for_whom_it_is(world: World, sign_in, role: Role) -> None:  # type: ignore[no-untyped-def]
    actor = somebody(world, role)
    client: Client = sign_in(actor)
    for item in menu(actor, home_of(actor)):
        assert client.get(item.address).status_code == 200, item


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.OFFICE, "/kantoor"),
        (Role.AUDITOR, "/kantoor"),
        (Role.INSPECTOR, "/dossiers"),
        (Role.HELP_DESK, "/helpdesk"),
        (Role.OPERATOR, "/beheer"),
    ],
)
def test_staff_start_where_their_work_is(role: Role, home: str) -> None:
    assert home_of(Actor(role=role)) == home


def test_the_most_precise_line_is_marked() -> None:
    office = Actor(role=Role.OFFICE)
    here = {
        path: [item.address for item in menu(office, path) if item.is_here]
        for path in ("/kantoor", "/kantoor/7", "/kantoor/brieven", "/kantoor/vrijgeven/3", "/dossiers")
    }
    assert here == {
        "/kantoor": ["/kantoor"],
        "/kantoor/7": ["/kantoor"],
        "/kantoor/brieven": ["/kantoor/brieven"],
        "/kantoor/vrijgeven/3": ["/kantoor/vrijgeven"],
        "/dossiers": ["/dossiers"],
    }
