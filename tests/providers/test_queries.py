from __future__ import annotations

from datetime import date

import pytest

from portefeuille.core.errors import NotFound
from portefeuille.providers import queries
from portefeuille.providers.operations.add_provider import add_provider

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text",
    [
        "DV.O910001",
        "dv.o910001",
        " DV.0910001 ",
        "DVO910001",
        "DV.O91OOO1",
        "O910001",
        "0910001",
        "910001",
        "bremb",
        "BRÊMB",
        "academie",
        "school",
    ],
)
def test_a_provider_is_found_by_number_or_by_either_name(academy: int, text: str) -> None:
    assert [one.id for one in queries.find(text)] == [academy]


@pytest.mark.parametrize("text", ["", " ", "DV.O910002", "DV.O999999", "%", "onbekend"])
def test_nothing_is_found_for_another_number_or_name(academy: int, text: str) -> None:
    assert queries.find(text) == []


def test_a_provider_is_found_by_a_recognition_that_ended(academy: int) -> None:
    (found,) = queries.find("DV.A910002")
    assert found.recognition("advice", date(2026, 1, 1)) is None


def test_providers_come_in_order_of_the_name_that_people_know_up_to_a_limit(academy: int) -> None:
    for number, name in [("1998.000.258", "Zwin Academie"), ("1998.000.357", "academie Aa")]:
        add_provider(enterprise_number=number, legal_name=name, iban="BE59999001111126", email="x@y.example")
    names = [one.display_name for one in queries.find("academie")]
    assert names == ["academie Aa", "Brembergschool", "Zwin Academie"]
    assert len(queries.find("academie", limit=2)) == 2


@pytest.mark.parametrize(
    ("service", "day", "number"),
    [
        ("training", date(2012, 1, 1), "DV.O910001"),
        ("training", date(2011, 12, 31), None),
        ("training", date(2099, 1, 1), "DV.O910001"),
        ("advice", date(2017, 12, 31), "DV.A910002"),
        ("advice", date(2018, 1, 1), None),
    ],
)
def test_a_recognition_holds_from_its_first_to_its_last_day(
    academy: int, service: str, day: date, number: str | None
) -> None:
    held = queries.provider(academy).recognition(service, day)
    assert (held.number if held else None) == number


def test_recognitions_are_told_by_number(academy: int) -> None:
    assert [one.number for one in queries.recognitions(academy)] == ["DV.A910002", "DV.O910001"]
    assert queries.recognitions(academy + 1) == ()


def test_an_unknown_provider_is_not_found(academy: int) -> None:
    with pytest.raises(NotFound, match="bestaat niet"):
        queries.provider(academy + 1)


def test_a_provider_is_found_as_an_enterprise_and_named(academy: int) -> None:
    found = queries.provider_of_enterprise("1998000159")
    assert found is not None
    assert found.id == academy
    assert queries.provider_of_enterprise("1998000258") is None
    assert queries.names([academy, academy + 1]) == {academy: "Brembergschool"}
