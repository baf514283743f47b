"""The look-up of one enterprise at this moment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from portefeuille.core.errors import CannotDecide
from portefeuille.register import live
from portefeuille.register.queries import Address

MIA = "1998000258"


@pytest.fixture
def recorded(settings: Settings) -> None:
    settings.LIVE_REGISTER = f"recorded:{Path(__file__).parent / 'fixtures' / 'live'}"


def test_where_none_is_set_up_nobody_is_asked(settings: Settings) -> None:
    settings.LIVE_REGISTER = ""
    assert not live.is_set_up()
    assert live.enterprise(MIA) is None
    assert live.seat_of(MIA) is None


def test_the_address_of_a_natural_person_is_told(recorded: None) -> None:
    assert live.is_set_up()
    assert live.seat_of("1998.000.258") == Address("Naaldstraat", "12", "3", "9000", "Gent")
    assert live.seat_of(MIA, on=date(2015, 1, 1)) == Address("Oude Weg", "1", "", "5000", "Namen")
    found = live.enterprise(MIA)
    assert found is not None
    assert found.is_active


def test_a_number_that_the_kbo_does_not_know_has_no_address(recorded: None) -> None:
    assert live.seat_of("1998000654") is None


def test_a_number_that_is_none_is_not_asked(recorded: None) -> None:
    assert live.seat_of("geen nummer") is None


@pytest.mark.parametrize("how", ["unreachable", "recorded:/nowhere"])
def test_a_look_up_that_is_down_says_so_and_never_nothing(settings: Settings, how: str) -> None:
    settings.LIVE_REGISTER = how
    with pytest.raises(live.LookupUnavailable, match="antwoordt nu niet") as unavailable:
        live.seat_of(MIA)
    assert isinstance(unavailable.value, CannotDecide)


def test_an_answer_that_can_not_be_read_is_no_answer(settings: Settings, tmp_path: Path) -> None:
    settings.LIVE_REGISTER = f"recorded:{tmp_path}"
    (tmp_path / f"GeefOnderneming_{MIA}.xml").write_text("<html>Onderhoud</html>")
    with pytest.raises(live.LookupUnavailable):
        live.seat_of(MIA)


@pytest.mark.parametrize("name", ["recorded", "recorded:", "magda", "http://x"])
def test_another_name_is_a_mistake_of_the_installation(settings: Settings, name: str) -> None:
    settings.LIVE_REGISTER = name
    with pytest.raises(ValueError, match="LIVE_REGISTER"):
        live.seat_of(MIA)
