from __future__ import annotations

import re

import pytest

from portefeuille.register.models import NaceCode
from portefeuille.register.operations.load_nace import load_nace
from portefeuille.register.queries import nace_label

pytestmark = pytest.mark.django_db


def test_both_versions_are_loaded_whole_and_loading_again_changes_nothing() -> None:
    assert load_nace() == load_nace() == {"2008": 3324, "2025": 3276}
    assert NaceCode.objects.count() == 3324 + 3276


def test_a_code_means_what_its_version_says() -> None:
    load_nace()
    assert nace_label("2008", "62010") == "Ontwerpen en programmeren van computerprogramma's"
    assert nace_label("2025", "62010") is None
    assert nace_label("2025", "62100") == "Ontwerpen van computerprogramma’s"
    assert nace_label("2008", "43320") == nace_label("2025", "43320") == "Schrijnwerk"


def test_a_code_keeps_its_leading_zero() -> None:
    load_nace()
    assert nace_label("2025", "01110") is not None
    assert nace_label("2025", "1110") is None


def test_every_code_has_a_label_without_stray_spaces() -> None:
    load_nace()
    for version, code, label in NaceCode.objects.values_list("version", "code", "label"):
        assert re.fullmatch("[A-V]|[0-9]{2,7}", code), (version, code)
        assert label, (version, code)
        assert label == " ".join(label.split()), (version, code)


def test_a_label_that_was_changed_is_brought_back() -> None:
    load_nace()
    NaceCode.objects.filter(version="2025", code="43320").update(label="iets anders")
    load_nace()
    assert nace_label("2025", "43320") == "Schrijnwerk"
