"""The payment code: its lines, its limits, and a picture that a strict page may show."""

from __future__ import annotations

import pytest
from lxml import etree

from portefeuille.core.formats import ogm
from portefeuille.core.formats.epc_qr import payload, svg
from portefeuille.core.money import Money

REFERENCE = ogm.make(4_100_000_001)
ASKED = {
    "name": "Financieel Beheerder KMO",
    "iban": "BE49999000000171",
    "amount": Money.euros("2000.00"),
    "reference": REFERENCE,
}


def test_the_lines_are_those_of_the_standard() -> None:
    assert payload(**ASKED).split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "",
        "Financieel Beheerder KMO",
        "BE49999000000171",
        "EUR2000.00",
        "",
        "",
        ogm.pretty(REFERENCE),
    ]


@pytest.mark.parametrize("cents", [0, -1, 100_000_000_000])
def test_an_amount_that_no_transfer_can_have_is_refused(cents: int) -> None:
    with pytest.raises(ValueError, match="can't be asked"):
        payload(**{**ASKED, "amount": Money(cents)})


def test_a_wrong_reference_is_refused() -> None:
    with pytest.raises(ValueError, match="structured communication"):
        payload(**{**ASKED, "reference": "410000000100"})


def test_a_long_name_is_cut_so_that_the_code_stays_within_its_bytes() -> None:
    assert len(payload(**{**ASKED, "name": "é" * 500}).encode()) <= 331


def test_the_picture_has_a_title_and_nothing_that_a_strict_page_refuses() -> None:
    picture = svg(payload(**ASKED), title="Betaalcode")
    tree = etree.fromstring(picture.encode())
    assert tree.findtext("{http://www.w3.org/2000/svg}title") == "Betaalcode"
    assert tree.get("role") == "img"
    assert not [element for element in tree.iter() if element.get("style")]
    assert "<script" not in picture
