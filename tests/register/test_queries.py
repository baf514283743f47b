from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from portefeuille.core.errors import Invalid, NotFound
from portefeuille.register import models, queries
from portefeuille.register.operations.add_enterprise import GivenEstablishment, add_enterprise
from portefeuille.register.operations.load_nace import load_nace
from portefeuille.register.operations.load_open_data import load

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register(extract: Path) -> None:
    load_nace()
    load(extract, at=datetime(2026, 3, 2, tzinfo=UTC))


def test_an_enterprise_is_read_in_one_piece() -> None:
    found = queries.enterprise("BE 1998.000.159")
    assert found.number == "1998000159"
    assert found.dotted_number == "1998.000.159"
    assert found.name == 'Pannenkoekenhuis "Bij Ons"'
    assert (found.kind, found.legal_form, found.is_active) == ("legal", "610", True)
    assert found.situation_label == "Normale toestand"
    assert found.start_date == date(2000, 2, 29)
    assert found.seat is not None
    assert found.seat.lines == ("Wafelstraat 1", "1050 Elsene")
    assert found.region == "brussels"
    assert found.has_flemish_establishment is True
    assert found.establishments[0].address is not None
    assert found.establishments[0].address.lines == ("Beslagkaai 2 bus b", "9000 Gent")


def test_an_old_legal_form_counts_as_the_form_that_the_code_of_companies_gives_it() -> None:
    assert models.Enterprise.objects.get(pk="1998000159").legal_form == "015"
    assert queries.enterprise("1998000159").legal_form_label == "Besloten Vennootschap"
    assert queries.enterprise("1998000357").legal_form_label == "Naamloze vennootschap"


@pytest.mark.parametrize("before", [True, False])
def test_the_seat_wins_from_another_address_of_the_same_number(before: bool) -> None:
    seat = models.Address.objects.get(entity_number="1998000159")
    other = {
        "entity_number": seat.entity_number,
        "kind": "ABBR",
        "zipcode": "9000",
        "street_nl": "Bijkantoor",
    }
    if before:  # the database gives rows in the order in which they came
        models.Address.objects.filter(entity_number=seat.entity_number).delete()
    models.Address.objects.create(**other)
    if before:
        seat.save(force_insert=True)
    found = queries.enterprise("1998000159").seat
    assert found is not None
    assert found.street == "Wafelstraat"


def test_a_seat_that_was_struck_off_is_no_seat() -> None:
    models.Address.objects.filter(entity_number="1998000357", struck_off_on=None).delete()
    assert queries.enterprise("1998000357").seat is None
    assert queries.enterprise("1998000357").region == "unknown"


def test_an_activity_is_told_once_newest_version_and_main_first() -> None:
    activities = queries.enterprise("1998000159").activities
    assert [(one.version, one.code, one.is_main) for one in activities] == [
        ("2025", "56111", True),
        ("2025", "01110", False),
        ("2008", "56101", True),
        ("2003", "55301", True),
    ]
    assert activities[0].label == "Activiteiten van eetgelegenheden met volledige bediening"
    assert activities[2].label == "Eetgelegenheden met volledige bediening"
    assert activities[3].label == ""


def test_a_natural_person_has_no_seat_and_the_region_of_its_establishment_counts() -> None:
    found = queries.enterprise("1998000258")
    assert (found.kind, found.legal_form, found.legal_form_label, found.seat) == ("natural", "", "", None)
    assert found.name == "Janssens, Mia"
    assert found.region == "unknown"
    assert found.has_flemish_establishment is False
    assert found.establishments[0].name == "Mia knipt"
    assert found.establishments[0].address is not None
    assert found.establishments[0].address.street == "Rue des Ciseaux"


def test_a_bankrupt_enterprise_is_not_active_and_an_address_that_was_struck_off_does_not_count() -> None:
    found = queries.enterprise("1998000357")
    assert (found.situation, found.situation_label, found.is_active) == (
        "050",
        "Opening faillissement",
        False,
    )
    assert found.seat is not None
    assert found.seat.street == "Nieuwe Weg"
    assert found.name == "Lindehof"


def test_a_seat_abroad_lies_in_no_region() -> None:
    found = queries.enterprise("1998000456")
    assert found.seat is not None
    assert found.seat.lines == ("Tulpenlaan 68", "6222 NV Maastricht", "Nederland")
    assert found.region == "unknown"
    assert found.name == r"Tulp \ Zonen B.V."


def test_without_establishments_nobody_knows_whether_one_is_flemish() -> None:
    assert queries.enterprise("1998000357").has_flemish_establishment is None


@pytest.mark.parametrize(
    ("zipcodes", "flemish"),
    [(["1000"], False), (["1000", ""], None), (["1000", "", "9000"], True), (["1000", "4000"], False)],
)
def test_a_flemish_establishment_is_known_unknown_or_absent(
    zipcodes: list[str], flemish: bool | None
) -> None:
    places = [
        GivenEstablishment(
            f"89980003{place:02}",
            date(2020, 1, 1),
            queries.Address("Straat", "1", "", zipcode, "Stad") if zipcode else None,
        )
        for place, zipcode in enumerate(zipcodes)
    ]
    add_enterprise(number="1998000555", name="X", start_date=date(2020, 1, 1), establishments=places)
    assert queries.enterprise("1998000555").has_flemish_establishment is flemish


def test_an_unknown_number_and_a_wrong_number_are_told_apart() -> None:
    with pytest.raises(NotFound, match=r"1998\.000\.654 staat niet in de Kruispuntbank"):
        queries.enterprise("1998000654")
    with pytest.raises(Invalid, match="geen ondernemingsnummer"):
        queries.enterprise("1998000154")


def test_an_enterprise_takes_a_fixed_number_of_questions(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in ("1998000159", "1998000258"):
        with django_assert_num_queries(7):
            queries.enterprise(number)


@pytest.mark.parametrize("text", ["creperie", "CHEZ NOUS", "Crêp", "bij ons", "1998.000.159", "BE1998000159"])
def test_an_enterprise_is_found_by_number_or_by_part_of_any_name(text: str) -> None:
    assert queries.search(text) == [
        queries.Found(number="1998000159", name='Pannenkoekenhuis "Bij Ons"', municipality="Elsene")
    ]


@pytest.mark.parametrize("text", ["", "  ", "bestaat niet", "%", "_", "1998.000.654"])
def test_nothing_is_found_for_nothing_or_for_a_name_that_is_not_there(text: str) -> None:
    assert queries.search(text) == []


def test_a_search_stops_at_its_limit() -> None:
    for number in ("1998000555", "1998000654", "1998000753"):
        add_enterprise(number=number, name=f"Bakkerij {number[-3]}", start_date=date(2020, 1, 1))
    assert len(queries.search("bak")) == 3
    assert len(queries.search("bak", limit=2)) == 2


def test_names_are_told_for_enterprises_and_establishments() -> None:
    assert queries.names(["1998000357", "8998000211", "1998000654"]) == {
        "1998000357": "Lindehof",
        "8998000211": "Mia knipt",
    }
