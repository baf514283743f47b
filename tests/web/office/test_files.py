"""The files of every enterprise, for inspector, auditor and office."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.test_public import text_of
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.applications.operations.submit import start_draft
from portefeuille.history.models import Look
from portefeuille.identity.roles import Actor

SignIn = Callable[[Actor], Client]


@pytest.fixture
def at_work(inspector: Actor, sign_in: SignIn) -> Client:
    return sign_in(inspector)


def test_nothing_yet(at_work: Client) -> None:
    assert "Nog niets ingediend" in text_of(at_work.get("/dossiers"))


def test_it_is_where_the_inspector_starts(at_work: Client) -> None:
    page = at_work.get("/dossiers").content.decode()
    for address in ("/dossiers", "/kantoor/ondernemingen", "/hulp"):
        assert f'<a href="{address}"' in page
    assert 'href="/kantoor/brieven"' not in page
    assert at_work.get("/kantoor/ondernemingen").status_code == 200


def test_what_was_applied_for_is_found_by_number_and_by_name(at_work: Client, world: World) -> None:
    first = world.apply("1000.00")
    other = world.enterprise(OTHER_ENTERPRISE, "Fietsatelier", "BE95999020000258")
    second = world.apply("2000.00", actor=other)
    start_draft(actor=world.entrepreneur, at=world.now, answers={"name": "Geheim plan"})
    told = text_of(at_work.get("/dossiers"))
    assert "2 aanvragen" in told
    assert "€ 2.000,00" in told
    assert "Geheim plan" not in told
    number = world.view(second).project_number
    for asked in (number.lower(), "fiets", "1999.100.219", f"BE{OTHER_ENTERPRISE}"):
        told = text_of(at_work.get("/dossiers", {"zoek": asked}))
        assert "1 aanvraag" in told, asked
        assert number in told
        assert world.view(first).project_number not in told
    assert "Niets gevonden" in text_of(at_work.get("/dossiers", {"zoek": "bestaat niet"}))


def test_a_file_is_read_leaves_a_trace_and_offers_nothing(
    at_work: Client, inspector: Actor, world: World
) -> None:
    application = world.apply()
    page = at_work.get(f"/kantoor/{application}")
    assert "Wat de regels zeggen" in text_of(page)
    main = page.content.decode().partition("<main")[2]
    assert "<button" not in main
    assert "<textarea" not in main
    assert at_work.post(f"/kantoor/{application}", {"outcome": "refuse", "reasons": "x"}).status_code == 403
    [seen] = Look.objects.all()
    assert (seen.person_id, seen.role, seen.enterprise_number) == (
        inspector.person_id,
        "inspector",
        ENTERPRISE,
    )


def test_a_draft_is_nobodys_to_see(at_work: Client, world: World) -> None:
    draft = start_draft(actor=world.entrepreneur, at=world.now)
    assert at_work.get(f"/kantoor/{draft}").status_code == 404
    assert not Look.objects.exists()


def test_the_auditor_and_the_office_read_them_too(
    auditor: Actor, office: Client, sign_in: SignIn, world: World
) -> None:
    world.apply()
    client = sign_in(auditor)
    for one in (client, office):
        assert "Bakkerij Korst" in text_of(one.get("/dossiers"))
    page = client.get("/dossiers").content.decode()
    for address in ("/kantoor", "/kantoor/brieven", "/beheer", "/beheer/grootboek"):
        assert f'<a href="{address}"' in page
        assert client.get(address).status_code == 200


def test_the_list_asks_the_database_the_same_however_long(at_work: Client, world: World) -> None:
    world.apply("1000.00")
    at_work.get("/dossiers")
    with CaptureQueriesContext(connection) as few:
        at_work.get("/dossiers")
    for _more in range(3):
        world.apply("1000.00")
    with CaptureQueriesContext(connection) as many:
        at_work.get("/dossiers")
    assert len(many) == len(few)


@pytest.mark.parametrize("role", ["operator", "provider", "entrepreneur"])
def test_it_is_nobody_elses(world: World, sign_in: SignIn, role: str) -> None:
    assert sign_in(getattr(world, role)).get("/dossiers").status_code == 403


def test_a_visitor_is_sent_to_the_sign_in(visitor: Client) -> None:
    assert visitor.get("/dossiers")["Location"].startswith("/aanmelden?volgende=")
