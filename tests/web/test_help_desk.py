"""The help desk's own page."""

from __future__ import annotations

from tests.web.conftest import SignIn
from tests.web.test_public import text_of
from tests.world import World

from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Role


def test_the_help_desk_starts_with_what_callers_ask(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person("hulp", GivenCapacity(Role.HELP_DESK)))
    assert "Vraag nooit een code aan de telefoon" in text_of(client.get("/helpdesk"))
    assert sign_in(world.operator).get("/helpdesk").status_code == 403
