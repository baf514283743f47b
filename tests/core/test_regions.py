from __future__ import annotations

import pytest

from portefeuille.core.regions import region_of_postcode


@pytest.mark.parametrize(
    ("postcode", "region"),
    [
        ("1000", "brussels"),
        ("1299", "brussels"),
        ("1300", "wallonia"),
        ("1499", "wallonia"),
        ("1500", "flanders"),
        ("3999", "flanders"),
        ("4000", "wallonia"),
        ("7999", "wallonia"),
        ("8000", "flanders"),
        ("9999", "flanders"),
    ],
)
def test_regions_begin_and_end_at_their_postcodes(postcode: str, region: str) -> None:
    assert region_of_postcode(postcode) == region


@pytest.mark.parametrize("postcode", ["", "0999", "999", "10000", "6222 NV", "９０００", "B-9000"])
def test_what_is_no_belgian_postcode_lies_in_no_known_region(postcode: str) -> None:
    assert region_of_postcode(postcode) == "unknown"
