"""Clients that are somebody without a capacity, or an administrator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.activation.people import administrator, newcomer
from tests.web.conftest import SignIn, StrictClient
from tests.world import World

from portefeuille.identity.roles import Actor

Enter = Callable[..., Client]


def enter(actor: Actor) -> Client:
    """Sign a newcomer in, by the demo's own page."""
    client = StrictClient()
    answer = client.post("/aanmelden/demo", {"persoon": actor.person_id})
    assert answer["Location"] == "/registreren", answer.content
    return client


@pytest.fixture
def nora(world: World) -> Client:
    """Somebody with a confirmed mail address who acts for nobody yet."""
    return enter(newcomer())


@pytest.fixture
def boss(world: World, sign_in: SignIn) -> Client:
    """The administrator of the world's enterprise."""
    return sign_in(administrator("boss"))
