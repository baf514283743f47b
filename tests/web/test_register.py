"""The register's pages: the search box, what it finds or doesn't, and one enterprise."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from tests.web.conftest import SignIn
from tests.web.test_staff import text_of
from tests.world import ENTERPRISE, World

from portefeuille.register import models
from portefeuille.register.operations.add_enterprise import add_enterprise
from portefeuille.register.operations.load_nace import load_nace
from portefeuille.register.operations.load_open_data import load

EXTRACT = Path(__file__).parents[1] / "register" / "fixtures" / "extract"
SEARCH = "/kantoor/ondernemingen"


@pytest.fixture
def office(world: World, sign_in: SignIn) -> Client:
    load_nace()
    load(EXTRACT, at=datetime(2026, 3, 2, tzinfo=UTC))
    return sign_in(world.office)


def test_it_begins_with_an_empty_box(office: Client) -> None:
    told = text_of(office.get(SEARCH))
    assert "Naam of ondernemingsnummer" in told
    assert "uittreksel 130 van 4 januari 2025" in told
    assert "Niets gevonden" not in told
    assert "Dit klopt nog niet" not in told


@pytest.mark.parametrize(
    ("zoek", "plaats"), [("pannenk", ""), ("1998.000.159", ""), ("panekoekenhuis", "elsene"), ("", "1050")]
)
def test_it_finds_by_name_number_and_place(office: Client, zoek: str, plaats: str) -> None:
    answer = office.get(SEARCH, {"zoek": zoek, "plaats": plaats})
    told = text_of(answer)
    assert 'Pannenkoekenhuis "Bij Ons"' in told
    assert "1998.000.159" in told
    assert "Elsene" in told
    assert "Ingeschreven" in told
    assert f'href="{SEARCH}/1998000159"' in answer.content.decode()


def test_nothing_found_says_what_to_do(office: Client) -> None:
    told = text_of(office.get(SEARCH, {"zoek": "xyzzy xyzzy", "plaats": ""}))
    assert "Niets gevonden" in told
    assert "laat de gemeente weg" in told


@pytest.mark.parametrize("sent", [{"zoek": "", "plaats": ""}, {"zoek": "   "}, {"plaats": ""}])
def test_an_empty_question_is_asked_to_be_filled_in(office: Client, sent: dict[str, str]) -> None:
    told = text_of(office.get(SEARCH, sent))
    assert "Dit klopt nog niet" in told
    assert "Vul een naam, een nummer of een gemeente in." in told


def test_many_are_cut_and_said_to_be(office: Client) -> None:
    for serial in range(21):
        base = f"19970{serial:03}"
        number = f"{base}{97 - int(base) % 97:02d}"
        add_enterprise(number=number, name=f"Wasserij {serial}", start_date=date(2020, 1, 1))
    told = text_of(office.get(SEARCH, {"zoek": "wasserij"}))
    assert "20 ondernemingen" in told
    assert "Er zijn er meer" in told


def test_one_enterprise_in_full(office: Client) -> None:
    told = text_of(office.get(f"{SEARCH}/1998000159"))
    for words in (
        'Pannenkoekenhuis "Bij Ons"',
        "Actief",
        "1998.000.159",
        "Besloten Vennootschap",
        "Normale toestand",
        "29 februari 2000",
        "Wafelstraat 1, 1050 Elsene",
        "info@bijons.example",
        "Beslagkaai 2 bus b, 9000 Gent",
        "8.998.000.112",
        "56111",
        "NACE-BEL 2025",
        "Hoofdactiviteit",
        "NACE-BEL 2003",
        "Zonder omschrijving",
    ):
        assert words in told, words
    assert "niet meer in de Kruispuntbank" not in told


def test_a_natural_person_has_no_seat_there(office: Client) -> None:
    told = text_of(office.get(f"{SEARCH}/1998000258"))
    assert "Natuurlijk persoon" in told
    assert "Het adres van een natuurlijk persoon staat niet in de open gegevens." in told


def test_one_without_establishments_or_activities_says_so(office: Client) -> None:
    told = text_of(office.get(f"{SEARCH}/1998000456"))
    assert "geen vestigingen" in told
    assert "geen activiteiten" in told


def test_one_that_ceased_says_since_when(office: Client) -> None:
    models.Enterprise.objects.filter(pk="1998000159").update(ceased_on=date(2025, 2, 1))
    told = text_of(office.get(f"{SEARCH}/1998000159"))
    assert "niet meer in de Kruispuntbank" in told
    assert "1 februari 2025" in told
    assert "Niet actief" in told
    assert "Gestopt" in text_of(office.get(SEARCH, {"zoek": "pannenkoekenhuis"}))


@pytest.mark.parametrize(("number", "status"), [("1998000654", 404), ("123", 400), ("x'y", 400)])
def test_a_number_that_is_not_there_is_a_page_that_says_so(office: Client, number: str, status: int) -> None:
    assert office.get(f"{SEARCH}/{number}").status_code == status


def test_without_an_extract_it_says_so(world: World, sign_in: SignIn) -> None:
    told = text_of(sign_in(world.office).get(SEARCH))
    assert "nog geen uittreksel" in told


@pytest.mark.parametrize("role", ["entrepreneur", "provider"])
def test_the_register_is_for_staff(world: World, sign_in: SignIn, role: str) -> None:
    client = sign_in(getattr(world, role))
    assert client.get(SEARCH).status_code == 403
    assert client.get(f"{SEARCH}/{ENTERPRISE}").status_code == 403


def test_a_visitor_is_sent_to_the_sign_in(visitor: Client) -> None:
    assert visitor.get(SEARCH).status_code == 302
