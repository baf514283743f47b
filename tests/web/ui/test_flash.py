"""One message for the next page, and only that one."""

from __future__ import annotations

from types import SimpleNamespace

from django.test import Client
from tests.web.conftest import SignIn, capacity_of
from tests.world import World

from portefeuille.web.ui.flash import flash, take


def test_it_is_taken_once() -> None:
    request = SimpleNamespace(session={})
    flash(request, "Bewaard.", tone="info")  # type: ignore[arg-type]
    assert take(request) == {"text": "Bewaard.", "tone": "info"}  # type: ignore[arg-type]
    assert take(request) is None  # type: ignore[arg-type]


def test_the_last_one_counts() -> None:
    request = SimpleNamespace(session={})
    flash(request, "Eerst.")  # type: ignore[arg-type]
    flash(request, "Laatst.")  # type: ignore[arg-type]
    assert (take(request) or {})["text"] == "Laatst."  # type: ignore[arg-type]


def test_a_page_without_a_session_has_none() -> None:
    assert take(SimpleNamespace()) is None  # type: ignore[arg-type]


def test_it_stands_on_the_next_page_only(world: World, sign_in: SignIn) -> None:
    client: Client = sign_in(world.entrepreneur)
    client.post("/wissel", {"hoedanigheid": capacity_of(world.entrepreneur)})
    assert "Je handelt nu voor Bakkerij Korst." in client.get("/mijn-dossier").content.decode()
    assert "Je handelt nu voor" not in client.get("/mijn-dossier").content.decode()
