from __future__ import annotations

from datetime import date

import pytest

from portefeuille.register.operations.add_enterprise import (
    GivenActivity,
    GivenEstablishment,
    add_enterprise,
)
from portefeuille.register.queries import Address, enterprise

pytestmark = pytest.mark.django_db

NUMBER = "1998000159"
SEAT = Address(street="Kaai", house_number="1", box="b", zipcode="9000", municipality="Gent")


def add(name: str = "Bij Ons") -> bool:
    return add_enterprise(
        number=NUMBER,
        name=name,
        start_date=date(2020, 1, 1),
        seat=SEAT,
        establishments=[GivenEstablishment("8998000112", date(2021, 1, 1), SEAT, "Winkel")],
        activities=[GivenActivity("2025", "56111")],
    )


def test_what_was_added_is_read_back() -> None:
    assert add()
    found = enterprise(NUMBER)
    assert (found.name, found.kind, found.legal_form, found.is_active) == ("Bij Ons", "legal", "610", True)
    assert found.seat == SEAT
    assert [(place.number, place.name, place.address) for place in found.establishments] == [
        ("8998000112", "Winkel", SEAT)
    ]
    assert [(activity.code, activity.is_main) for activity in found.activities] == [("56111", True)]


def test_a_number_that_the_register_knows_is_left_alone() -> None:
    add()
    assert not add("Andere Naam")
    assert enterprise(NUMBER).name == "Bij Ons"
    assert len(enterprise(NUMBER).establishments) == 1


def test_a_natural_person_has_no_legal_form() -> None:
    add_enterprise(number=NUMBER, name="Mia Janssens", kind="natural", start_date=date(2020, 1, 1))
    found = enterprise(NUMBER)
    assert (found.kind, found.legal_form, found.seat) == ("natural", "", None)
