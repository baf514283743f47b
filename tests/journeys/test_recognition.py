"""A provider's recognition in a browser: refused, asked again, granted, found, suspended; and a project still paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.journeys.conftest import Visitor, world_of
from tests.providers.asking import PDF, owner
from tests.world import World

from portefeuille.core.lifecycle import State
from portefeuille.providers import queries as providers

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]


def fill(nele: Visitor, files: Path, today: date) -> None:
    """The whole form but for the declaration."""
    page = nele.page
    page.get_by_label("Opleiding").check()
    page.get_by_label("Naam waaronder klanten je kennen").fill("Leerschool")
    page.get_by_label("Rekening waarop je betaald wilt worden").fill("BE59 9990 0111 1126")
    page.get_by_label("E-mailadres van je onderneming").fill("hallo@leerschool.example")
    page.get_by_label("Wie deed je audit?").select_option("Kiwa")
    audited = today - timedelta(days=7)
    page.get_by_label("Wanneer was de audit?").fill(f"{audited.day}/{audited.month}/{audited.year}")
    choose(nele, files)


def choose(nele: Visitor, files: Path) -> None:
    for label, name in (("Auditverslag", "verslag.pdf"), ("Certificaat", "certificaat.pdf")):
        (files / name).write_bytes(PDF)
        nele.page.get_by_label(label).set_input_files(files / name)


def decide(greet: Visitor, outcome: str, reasons: str) -> None:
    greet.page.get_by_label(outcome).check()
    greet.page.get_by_label("Waarom?").fill(reasons)
    greet.press("Leg mijn beslissing vast")


def running_project(world: World) -> int:
    """A customer applied with the new number, and deposited."""
    [found] = providers.find("Leerschool")
    number = world.apply("1000.00", provider=found.id, recognition_number=found.recognitions[0].number)
    world.government_pays_in()
    world.deposit(number, "600.00")
    world.statement()
    return number


def test_recognition(visit: Visit, today: date, tmp_path: Path) -> None:
    """From the first request to a suspension, with a customer whose project goes on."""
    world = world_of(today)
    owner(world)
    nele, greet, anybody = visit(), visit(refusals=(409,)), visit()

    nele.sign_in("Ga verder als Eigenaar")
    nele.go("/dienstverlener/erkenning")
    nele.sees("Nog geen erkenning")
    nele.look("nog-geen")
    nele.press("Vraag een erkenning")
    fill(nele, tmp_path, today)
    nele.press("Verstuur mijn aanvraag")
    nele.sees("Dit klopt nog niet", "Vink de verklaring aan", "Je koos “verslag.pdf”")
    nele.look("aanvraag-fout")
    choose(nele, tmp_path)
    nele.page.get_by_label("Ik verklaar op mijn eer").check()
    nele.press("Verstuur mijn aanvraag")
    nele.sees("Je aanvraag is verstuurd", "Wordt bekeken")
    nele.look("verstuurd")

    greet.sign_in("Ga verder als Office")
    greet.sees("Leerschool BV", "Nieuwe erkenning voor opleiding")
    greet.look("wachtrij")
    greet.press("Neem Leerschool BV")
    greet.sees("Deze zaak is nu van jou.", "Wat wij al nakeken")
    greet.look("zaak")
    with greet.page.expect_download() as download:
        greet.page.get_by_role("link", name="Certificaat").click()
    assert download.value.path().read_bytes() == PDF
    decide(greet, "Weigeren", "Het auditverslag gaat over een andere onderneming.")
    greet.sees("De aanvraag is geweigerd.")

    nele.go("/dienstverlener/erkenning")
    nele.sees("Geweigerd", "Het auditverslag gaat over een andere onderneming.")
    nele.look("geweigerd")
    nele.press("Vraag een erkenning")
    fill(nele, tmp_path, today)
    nele.page.get_by_label("Ik verklaar op mijn eer").check()
    nele.press("Verstuur mijn aanvraag")

    greet.go("/kantoor")
    greet.press("Leerschool BV")
    decide(greet, "Goedkeuren", "Nu klopt alles.")
    greet.sees("Goedgekeurd: DV.O900503")

    anybody.go("/dienstverleners")
    anybody.look("register")
    anybody.page.get_by_label("Naam of erkenningsnummer").fill("dv.0900503")
    anybody.press("Zoek")
    anybody.sees("1 dienstverlener", "Leerschool")
    anybody.look("gevonden")
    anybody.page.get_by_role("link", name="Leerschool").click()
    anybody.sees("Leerschool is vandaag erkend")
    anybody.look("erkend")

    running = running_project(world)
    greet.go("/dienstverleners?zoek=leerschool")
    greet.page.get_by_role("link", name="Leerschool").click()
    greet.press("Open het dossier van deze dienstverlener")
    greet.look("dossier")
    greet.page.get_by_label("Schors DV.O900503").check()
    greet.press("Leg dit vast")
    greet.sees("Schrijf waarom")
    greet.look("dossier-fout")
    greet.page.get_by_label("Schors DV.O900503").check()
    greet.page.get_by_label("Waarom?").fill("De aanwezigheidslijsten ontbreken.")
    greet.press("Leg dit vast")
    greet.sees("DV.O900503 is geschorst.")
    greet.look("geschorst-door-het-kantoor")

    anybody.page.reload()
    anybody.sees("Geschorst", "Is jouw project al goedgekeurd? Dan gaat het gewoon door")
    anybody.look("geschorst")
    [found] = providers.find("Leerschool")
    nele.go("/wissel")
    nele.press("beheerder van de dienstverlener")
    nele.go("/dienstverlener/erkenning")
    nele.sees("DV.O900503 is geschorst", "De aanwezigheidslijsten ontbreken.", "mag je afwerken")
    nele.look("mijn-erkenning-geschorst")

    refused = world.apply("1000.00", provider=found.id, recognition_number="DV.O900503")
    assert world.view(refused).state is State.REFUSED
    world.order(running)
    world.pay()
    world.statement()
    nele.go("/dienstverlener")
    nele.sees("Bakkerij Korst", "Betaald")
    nele.look("toch-betaald")
    world.prove()
