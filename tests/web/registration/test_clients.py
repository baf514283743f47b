"""An office's clients: what lapses first on top, in euro, and no more queries for fifty than for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.activation.people import administrator
from tests.web.conftest import SignIn
from tests.web.test_public import text_of
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.budget.operations.vote import vote
from portefeuille.core.money import Money
from portefeuille.identity.models import Mandate

OFFICE = "1999100615"


def client_number(number: int) -> str:
    base = 19992000 + number
    return f"{base}{97 - base % 97:02d}"


@pytest.fixture
def today(world: World) -> World:
    """The world, on the day of the clock."""
    world.day = timezone.localdate()
    if world.day.year != 2026:
        vote(scheme="gids", year=world.day.year, amount=Money.euros("1000000.00"))
    return world


@pytest.fixture
def office(today: World, sign_in: SignIn) -> Client:
    today.enterprise(OFFICE, "De Cijferhoek", "BE29999010000164")
    return sign_in(administrator("els", OFFICE))


def mandate(enterprise: str) -> None:
    Mandate.objects.create(
        enterprise_number=enterprise, office_number=OFFICE, given_at=timezone.now(), given_by=1
    )


def test_what_lapses_first_stands_first_with_amounts_and_next_step(office: Client, today: World) -> None:
    late = today.enterprise(OTHER_ENTERPRISE, "Brouwerij Mout", "BE29999010000164")
    today.day -= timedelta(days=10)
    today.apply("5000.00", actor=late)  # its term ends ten days earlier
    today.day += timedelta(days=10)
    today.apply("10000.00")
    today.enterprise(client_number(1), "Aardewerk", "BE29999010000164")
    for number in (ENTERPRISE, OTHER_ENTERPRISE, client_number(1)):
        mandate(number)
    told = text_of(office.get("/klanten"))
    places = [told.index(name) for name in ("Brouwerij Mout", "Bakkerij Korst", "Aardewerk")]
    assert places == sorted(places)
    for words in (
        "nog te storten: € 3.000,00",
        "nog te storten: € 6.000,00",
        "Stort nog € 3.000,00.",
        "Er loopt niets voor deze klant",
        "Handel voor deze klant",
    ):
        assert words in told.replace("\u00a0", " "), words


def test_a_client_of_another_office_is_not_there(office: Client, today: World) -> None:
    today.apply()
    told = text_of(office.get("/klanten"))
    assert "Bakkerij" not in told
    Mandate.objects.create(
        enterprise_number=ENTERPRISE, office_number=OTHER_ENTERPRISE, given_at=timezone.now(), given_by=1
    )
    assert "Bakkerij" not in text_of(office.get("/klanten"))
    Mandate.objects.update(ended_at=timezone.now(), office_number=OFFICE)
    assert "Bakkerij" not in text_of(office.get("/klanten"))


def test_fifty_clients_take_as_many_queries_as_one(
    office: Client,
    today: World,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    mandate(ENTERPRISE)
    today.apply("500.00")
    with CaptureQueriesContext(connection) as one:
        assert "Bakkerij Korst" in text_of(office.get("/klanten"))
    for number in range(49):
        actor = today.enterprise(client_number(number), f"Klant {number}", "BE29999010000164")
        today.apply("500.00", actor=actor)
        mandate(client_number(number))
    with django_assert_num_queries(len(one)):
        told = text_of(office.get("/klanten"))
    assert told.count("Handel voor deze klant") == 50


def test_only_people_of_an_enterprise_have_clients(today: World, sign_in: SignIn) -> None:
    for actor in (today.operator, today.office, today.provider):
        assert sign_in(actor).get("/klanten").status_code == 403
