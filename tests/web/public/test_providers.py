"""The public register of providers: search, a page for each, and open data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.providers.asking import ask, decide, ends_in, owner
from tests.web.test_public import text_of
from tests.world import World

from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.providers import queries as providers
from portefeuille.providers.models import Provider, Recognition
from portefeuille.providers.operations.supervise import strike_off, suspend
from portefeuille.web.public.providers import COLUMNS

WHY = "Geheime reden"


@pytest.fixture(autouse=True)
def _today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: world.now)


@pytest.fixture
def school(world: World) -> int:
    """A second provider, in Kortrijk, for advice."""
    nele = owner(world)
    decide(world, ask(world, nele, service="advice"))
    found = providers.provider_of_enterprise(nele.enterprise)
    assert found is not None
    return found.id


def suspended(world: World) -> None:
    row = Recognition.objects.get(provider_id=world.provider_id, service="training")
    suspend(actor=world.office, recognition=row.pk, reasons=WHY, at=world.now)


def test_without_a_question_everybody_is_there(visitor: Client, world: World, school: int) -> None:
    told = text_of(visitor.get("/dienstverleners"))
    for words in ("2 dienstverleners", "Kompas", "Leerschool", "8500 Kortrijk", "DV.A900503", "Erkend"):
        assert words in told, words


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?zoek=leersch", ["Leerschool"]),
        ("?zoek=DV.A900503", ["Leerschool"]),
        ("?zoek=dv.0900501", ["Kompas"]),
        ("?zoek=900501", ["Kompas"]),
        ("?dienst=training", ["Kompas"]),
        ("?dienst=advice", ["Kompas", "Leerschool"]),
        ("?plaats=kortr", ["Leerschool"]),
        ("?plaats=8500", ["Leerschool"]),
        ("?plaats=Kortrijk&dienst=training", []),
        ("?zoek=kompas&plaats=&dienst=", ["Kompas"]),
        ("?zoek=niemand", []),
        ("?zoek=%25", []),
    ],
)
def test_it_is_searched_by_name_number_place_and_service(
    visitor: Client, world: World, school: int, asked: str, found: list[str]
) -> None:
    answer = visitor.get(f"/dienstverleners{asked}")
    table = answer.context["table"]
    assert [row[0] for row in table.rows] == found if found else table is None
    assert ("Niemand gevonden" in text_of(answer)) == (not found)


def test_a_question_that_makes_no_sense_is_told_so(visitor: Client, world: World) -> None:
    told = text_of(visitor.get("/dienstverleners?dienst=koffie"))
    assert "Dit klopt nog niet" in told
    assert "Niemand gevonden" not in told


def test_an_empty_register_says_so(visitor: Client, world: World) -> None:
    Recognition.objects.all().delete()
    assert "Nog niemand erkend" in text_of(visitor.get("/dienstverleners"))


def test_a_page_tells_how_each_recognition_stands_today(visitor: Client, world: World) -> None:
    address = f"/dienstverleners/{world.provider_id}"
    assert "Kompas is vandaag erkend" in text_of(visitor.get(address))
    ends_in(world, -1, service="advice")
    suspended(world)
    told = text_of(visitor.get(address))
    for words in ("Geschorst", "Niet meer erkend", "geen subsidie voor aanvragen", "gaat het gewoon door"):
        assert words in told, words
    Recognition.objects.update(suspended_from=None)
    row = Recognition.objects.get(service="training")
    strike_off(actor=world.office, recognition=row.pk, reasons=WHY, at=world.now)
    told = text_of(visitor.get(address))
    assert "geschrapt vanaf 2 maart 2026" in told
    assert "is vandaag niet erkend" in told
    assert visitor.get("/dienstverleners/0").status_code == 404


def test_nothing_is_told_that_is_not_public(visitor: Client, world: World) -> None:
    suspended(world)
    for address in (
        "/dienstverleners",
        f"/dienstverleners/{world.provider_id}",
        "/dienstverleners.csv",
        "/dienstverleners.json",
    ):
        told = visitor.get(address).content.decode()
        for hidden in (WHY, "BE64", "hallo@kompas.example"):
            assert hidden not in told, (address, hidden)


def test_the_open_data_say_the_same_in_both_forms(visitor: Client, world: World, school: int) -> None:
    suspended(world)
    as_csv, as_json = visitor.get("/dienstverleners.csv"), visitor.get("/dienstverleners.json")
    rows = list(csv.DictReader(io.StringIO(as_csv.content.decode())))
    told = json.loads(as_json.content)
    assert told["as_of"] == "2026-03-02"
    assert rows == [{name: value or "" for name, value in one.items()} for one in told["recognitions"]]
    assert [one["number"] for one in rows] == ["DV.A900502", "DV.O900501", "DV.A900503"]
    assert list(rows[0]) == list(COLUMNS)
    [training] = [one for one in told["recognitions"] if one["service"] == "training"]
    assert (training["standing"], training["suspended_from"], training["suspended_until"]) == (
        "suspended",
        "2026-03-02",
        None,
    )
    [school_row] = [one for one in rows if one["name"] == "Leerschool"]
    assert (school_row["zipcode"], school_row["municipality"], school_row["valid_to"]) == (
        "8500",
        "Kortrijk",
        date(2031, 3, 1).isoformat(),
    )
    for answer, kind in ((as_csv, "text/csv"), (as_json, "application/json")):
        assert answer["Content-Type"] == f"{kind}; charset=utf-8"
        assert answer["Cache-Control"] == "public, max-age=3600"
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_every_column_is_explained_on_the_page(visitor: Client, world: World) -> None:
    told = text_of(visitor.get("/dienstverleners"))
    for name, words in COLUMNS.items():
        assert f"{name} {words}" in told


def test_a_name_that_a_spreadsheet_would_calculate_is_quoted(visitor: Client, world: World) -> None:
    Provider.objects.update(trade_name='=HYPERLINK("http://x.example")')
    [row, _] = csv.DictReader(io.StringIO(visitor.get("/dienstverleners.csv").content.decode()))
    assert row["name"] == '\'=HYPERLINK("http://x.example")'


def test_who_is_signed_in_leaves_nothing_in_a_cache(world: World, sign_in: Callable[[Actor], Client]) -> None:
    assert sign_in(world.office).get("/dienstverleners.csv")["Cache-Control"] == "no-store"


def test_the_office_finds_its_way_to_the_file_and_others_to_a_request(
    visitor: Client, world: World, sign_in: Callable[[Actor], Client]
) -> None:
    address, file = f"/dienstverleners/{world.provider_id}", f"/dienstverleners/{world.provider_id}/dossier"
    assert file in sign_in(world.office).get(address).content.decode()
    assert file not in visitor.get(address).content.decode()
    assert "Wil je zelf erkend worden?" in text_of(visitor.get("/dienstverleners"))
    colleague = world.person("collega", GivenCapacity(Role.PROVIDER, provider=world.provider_id))
    assert "Wil je zelf erkend worden?" not in text_of(sign_in(colleague).get("/dienstverleners"))


def thirty_more() -> None:
    for number in range(30):
        row = Provider.objects.create(
            enterprise_number=f"19980{number:05d}",
            legal_name=f"School {number:02d}",
            iban="x",
            email="x@y.example",
        )
        Recognition.objects.create(
            provider=row, number=f"DV.O80{number:04d}", service="training", valid_from=date(2020, 1, 1)
        )


def test_many_are_shown_page_by_page(visitor: Client, world: World) -> None:
    thirty_more()
    assert "31 dienstverleners" in text_of(visitor.get("/dienstverleners"))
    assert "School 29" in text_of(visitor.get("/dienstverleners?zoek=school&pagina=2"))


@pytest.mark.parametrize("address", ["/dienstverleners", "/dienstverleners.csv", "/dienstverleners.json"])
def test_many_cost_no_more_questions_than_few(visitor: Client, world: World, address: str) -> None:
    with CaptureQueriesContext(connection) as few:
        visitor.get(address)
    thirty_more()
    with CaptureQueriesContext(connection) as many:
        visitor.get(address)
    assert len(many) == len(few) < 10


def test_search_engines_may_read_the_register_and_not_a_providers_own_pages(visitor: Client) -> None:
    lines = visitor.get("/robots.txt").content.decode().splitlines()
    assert "Allow: /dienstverleners" in lines
    assert "Disallow: /dienstverlener" in lines
