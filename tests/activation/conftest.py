"""A newcomer, an administrator, and a live look-up that says what a test wants."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from tests.activation.people import administrator, newcomer
from tests.world import ENTERPRISE, World

from portefeuille.identity.roles import Actor
from portefeuille.register import live
from portefeuille.register.queries import Address


class FakeLookup:
    """A live look-up that says what a test wants, or does not answer."""

    answer: Address | None = None
    is_down = False
    asked: list[str]

    def seat_of(self, number: str) -> Address | None:
        """What was put in."""
        type(self).asked.append(number)
        if self.is_down:
            raise live.LookupUnavailable("De opzoeking antwoordt niet.")
        return self.answer


@pytest.fixture
def lookup(monkeypatch: pytest.MonkeyPatch) -> type[FakeLookup]:
    """The fake in the place of the real one."""
    cache.clear()
    monkeypatch.setattr(FakeLookup, "asked", [], raising=False)
    monkeypatch.setattr(FakeLookup, "answer", None)
    monkeypatch.setattr(FakeLookup, "is_down", False)
    monkeypatch.setattr(live, "seat_of", FakeLookup().seat_of)
    return FakeLookup


@pytest.fixture
def nora(world: World) -> Actor:
    """A newcomer with a confirmed mail address."""
    return newcomer()


@pytest.fixture
def boss(world: World) -> Actor:
    """The administrator of the world's enterprise."""
    actor = administrator("boss")
    assert actor.enterprise == ENTERPRISE
    return actor
