"""Changing for whom you act: among your own capacities, and no others."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.web.conftest import SignIn, StrictClient, capacity_of
from tests.web.test_public import text_of
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.identity.models import Capacity
from portefeuille.identity.roles import Role


@pytest.fixture
def bookkeeper(world: World, sign_in: SignIn) -> Client:
    """The entrepreneur, who may also act for another enterprise."""
    world.enterprise(OTHER_ENTERPRISE, "Brouwerij Mout", "BE29999010000164")
    Capacity.objects.create(
        person_id=world.entrepreneur.person_id, role=Role.ENTREPRENEUR, enterprise_number=OTHER_ENTERPRISE
    )
    return sign_in(world.entrepreneur)


def second_capacity(world: World) -> int:
    return Capacity.objects.get(person_id=world.entrepreneur.person_id, enterprise_number=OTHER_ENTERPRISE).pk


def test_it_lists_your_own_and_marks_the_one_of_now(bookkeeper: Client) -> None:
    told = text_of(bookkeeper.get("/wissel"))
    assert "Bakkerij Korst Ondernemer · nu" in told
    assert "Brouwerij Mout Ondernemer" in told
    assert told.count("· nu") == 1


def test_it_changes_for_whom_you_act(bookkeeper: Client, world: World) -> None:
    before = bookkeeper.cookies["sessionid"].value
    answer = bookkeeper.post("/wissel", {"hoedanigheid": second_capacity(world)})
    assert answer["Location"] == "/mijn-dossier"
    assert bookkeeper.cookies["sessionid"].value != before
    told = text_of(bookkeeper.get("/mijn-dossier"))
    assert "Brouwerij Mout · wissel" in told
    assert "Bakkerij Korst" not in told


def test_another_site_is_no_place_to_go_on_to(bookkeeper: Client) -> None:
    page = bookkeeper.get("/wissel?volgende=https://elsewhere.example/").content.decode()
    assert "elsewhere" not in page


def test_it_leads_to_registering_one_more(bookkeeper: Client) -> None:
    for page in ("/wissel", "/mijn-aanmelding"):
        assert "Registreer nog een onderneming" in text_of(bookkeeper.get(page)), page


def test_somebody_elses_is_refused_and_nothing_changes(bookkeeper: Client, world: World) -> None:
    for other in (str(capacity_of(world.operator)), "999999", "x", "", "9" * 40, "²"):
        answer = bookkeeper.post("/wissel", {"hoedanigheid": other})
        assert answer.status_code == 403, other
        assert "Je mag niet meer in die naam handelen" in text_of(answer)
    assert "Bakkerij Korst" in text_of(bookkeeper.get("/mijn-dossier"))


def test_who_has_only_one_is_not_offered_to_change(world: World, sign_in: SignIn) -> None:
    assert "/wissel" not in sign_in(world.entrepreneur).get("/mijn-dossier").content.decode()


def test_who_is_not_signed_in_is_asked_to(visitor: Client, world: World) -> None:
    assert visitor.get("/wissel")["Location"] == "/aanmelden?volgende=%2Fwissel"
    assert visitor.post("/wissel", {"hoedanigheid": capacity_of(world.office)}).status_code == 302
    assert visitor.get("/kantoor").status_code == 302


def test_the_sign_in_page_asks_as_much_of_the_database_for_many_as_for_few(
    visitor: Client,
    world: World,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    for number in range(8):
        Capacity.objects.create(
            person_id=world.operator.person_id,
            role=Role.ENTREPRENEUR,
            enterprise_number=f"04031707{number:02d}",
        )
    with django_assert_num_queries(7):  # three of them tell the database for whom it works
        told = text_of(visitor.get("/aanmelden/demo"))
    assert "voor 0403.170.700" in told


def test_signing_in_ends_the_session_of_whoever_was_there(world: World) -> None:
    client = StrictClient()
    client.post("/aanmelden/demo", {"hoedanigheid": capacity_of(world.entrepreneur)})
    before = client.cookies["sessionid"].value
    client.post("/aanmelden/demo", {"hoedanigheid": capacity_of(world.operator)})
    assert client.cookies["sessionid"].value != before
    assert client.get("/beheer").status_code == 200
    assert ENTERPRISE not in client.get("/beheer").content.decode()
