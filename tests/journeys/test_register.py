"""The office looks an enterprise up, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.journeys.conftest import Site, Visitor
from tests.world import World

from portefeuille.register import models
from portefeuille.register.operations.load_nace import load_nace
from portefeuille.register.operations.load_open_data import load

pytestmark = pytest.mark.browser

EXTRACT = Path(__file__).parents[1] / "register" / "fixtures" / "extract"


def test_looking_up_an_enterprise(site: Site, visit: Callable[..., Visitor]) -> None:
    World()
    load_nace()
    load(EXTRACT, at=datetime(2026, 3, 2, tzinfo=UTC))
    office = visit()
    office.sign_in("Office")
    office.press("Ondernemingen")
    office.look("leeg")
    office.press("Zoek")
    office.sees("Dit klopt nog niet", "Vul een naam, een nummer of een gemeente in.")
    office.look("niets-ingevuld")
    office.page.get_by_label("Naam of ondernemingsnummer").fill("xyzzy")
    office.press("Zoek")
    office.sees("Niets gevonden")
    office.look("niets-gevonden")
    office.page.get_by_label("Naam of ondernemingsnummer").fill("panekoekenhuis")
    office.page.get_by_label("Gemeente of postcode").fill("Elsene")
    office.press("Zoek")
    office.sees('Pannenkoekenhuis "Bij Ons"')
    office.look("gevonden")
    office.press('Pannenkoekenhuis "Bij Ons"')
    office.sees("Besloten Vennootschap", "Wafelstraat 1", "NACE-BEL 2025", "info@bijons.example")
    office.look("onderneming")
    models.Enterprise.objects.filter(pk="1998000357").update(ceased_on=date(2025, 1, 11))
    office.go("/kantoor/ondernemingen?plaats=3600")
    office.press("Lindehof")
    office.sees("Deze onderneming staat niet meer in de Kruispuntbank")
    office.look("gestopt")
