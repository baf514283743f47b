"""The guide's story, clicked through by three people in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.journeys.conftest import Site, Visitor, world_of
from tests.world import ENTERPRISE_IBAN, World

from portefeuille.bank import queries as bank
from portefeuille.bank.operations.pay import release
from portefeuille.wallet import queries as wallets

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]


@pytest.fixture
def here(site: Site, today: date) -> World:
    """The small world, today, with money from the government."""
    world = world_of(today)
    world.government_pays_in()
    world.statement()
    return world


def apply_for_training(visitor: Visitor, world: World, today: date) -> int:
    """The wizard, from the first step to the project's page; the application's number."""
    page = visitor.page
    visitor.press("Nieuwe subsidie aanvragen")
    visitor.look("nieuw")
    visitor.press("Begin een nieuwe aanvraag")
    visitor.press("Bewaar en ga verder")
    visitor.sees("Dit klopt nog niet", "Kies een thema.")
    visitor.look("wat-met-fouten")
    page.get_by_label("Opleiding", exact=True).check()
    page.locator("input[name=nace]").first.check()
    page.get_by_label("Naam van de opleiding of het advies").fill("Leidinggeven op de werkvloer")
    page.get_by_label("Thema").select_option("business_strategy")
    page.get_by_label("Online", exact=True).check()
    page.get_by_text("Dit is niet in orde").wait_for()  # the live verdict, before anything is sent
    page.get_by_label("Klassikaal").check()
    page.get_by_label("Hoe helpt dit je activiteit?").fill("We groeien, en ik leer een ploeg aansturen.")
    visitor.press("Bewaar en ga verder")

    page.get_by_label("Eerste dag").fill((today + timedelta(days=1)).isoformat())
    page.get_by_label("Laatste dag").fill((today + timedelta(days=5)).isoformat())
    visitor.look("wie-en-wanneer")
    visitor.press("Bewaar en ga verder")

    page.get_by_label("Bedrag zonder btw").fill("10.000")
    page.locator("#vooruitblik").get_by_text("6.000,00").wait_for()
    page.get_by_label("Btw", exact=True).select_option("2100")
    page.get_by_label("Je dienstverlener", exact=True).fill("DV.0900501")
    visitor.press("Zoek")
    visitor.sees("Kompas")
    visitor.look("prijs")
    visitor.press("Bewaar en ga verder")

    visitor.sees("Aan alle voorwaarden voldaan", "€ 6.000,00", "€ 4.000,00", "€ 2.100,00")
    visitor.look("nakijken")
    page.get_by_label("Ik verklaar").check()
    visitor.press("Aanvraag indienen")
    [number] = re.findall(r"/project/(\d+)$", page.url)
    return int(number)


def hand_in(visitor: Visitor, content: bytes, folder: Path, work: Callable[[], None]) -> None:
    """The operator uploads a statement, and the worker books it."""
    path = folder / "uittreksel.cod"
    path.write_bytes(content)
    visitor.go("/beheer/uittreksels")
    visitor.page.get_by_label("CODA-bestand").set_input_files(path)
    visitor.press("Inladen")
    visitor.sees("wacht op zijn beurt")
    work()
    visitor.page.get_by_text("Geboekt", exact=True).wait_for()


def test_from_an_application_to_a_paid_provider(
    here: World, visit: Visit, today: date, work: Callable[[], None], tmp_path: Path
) -> None:
    entrepreneur, operator, provider = visit(), visit(), visit()
    entrepreneur.sign_in(f"Ga verder als {here.entrepreneur.name}")
    entrepreneur.sees("Geen lopende projecten")
    entrepreneur.look("dossier-leeg")
    application = apply_for_training(entrepreneur, here, today)
    reference = wallets.wallet(application).reference
    entrepreneur.sees("Stort € 6.000,00", "niet aan je dienstverlener")
    entrepreneur.look("project-goedgekeurd")

    # Step 2 of the guide, to the letter: she pays in 4,000.00 of her 6,000.00.
    operator.sign_in("Ga verder als Operator")
    here.transfer("4000.00", reference)
    hand_in(operator, here.bank.close_day(today), tmp_path, work)
    operator.sees("€ 4.000,00", "€ 2.666,66")
    operator.look("uittreksel-geboekt")
    entrepreneur.go(f"/project/{application}")
    entrepreneur.sees("Stort € 2.000,00", "€ 6.666,66")
    entrepreneur.look("project-half-gestort")

    # The rest, with a mistyped reference: it waits for the operator.
    mistyped = f"{reference[:4]}{(int(reference[4]) + 1) % 10}{reference[5:]}"
    here.transfer("2000.00", text=f"rest {mistyped}")
    hand_in(operator, here.bank.close_day(today), tmp_path, work)
    operator.press("Uitzonderingen")
    operator.sees("Geen bruikbare mededeling", here.view(application).project_number)
    operator.look("uitzonderingen")
    operator.press("Bakkerij Korst")
    operator.look("uitzondering")
    operator.press("Wijs toe aan")
    operator.sees("de overheid legde er € 1.333,34 bij", "Geen uitzonderingen")

    # She orders all of it; half, as people often think, warns first.
    entrepreneur.go(f"/project/{application}")
    entrepreneur.press("Ik betaal")
    entrepreneur.page.get_by_label("Bedrag dat je dienstverlener krijgt").fill("4000")
    entrepreneur.press("Ik betaal")
    entrepreneur.sees("Er blijft € 6.000,00 onbetaald")
    entrepreneur.look("te-weinig")
    entrepreneur.page.get_by_label("Bedrag dat je dienstverlener krijgt").fill("10.000,00")
    entrepreneur.press("Ik betaal")
    entrepreneur.sees("Je betaalopdracht van € 10.000,00 is gegeven.")

    # The operator pays by a file; the bank confirms it in its next statement.
    operator.press("Betalingen")
    operator.look("betalingen")
    operator.press("Maak een betaalbestand van")
    operator.look("betaalbestand")
    release(actor=here.second_operator, run=bank.runs()[0].id, at=here.now)
    operator.page.reload()
    with operator.page.expect_download() as waiting:
        operator.press("Haal het betaalbestand op")
    file = Path(waiting.value.path()).read_bytes()
    assert here.bank.execute(file) == 1
    hand_in(operator, here.bank.close_day(today), tmp_path, work)
    operator.press("Grootboek")
    operator.sees("De boeken kloppen.")
    operator.look("grootboek")
    operator.press("Overzicht")
    operator.look("overzicht")

    entrepreneur.go(f"/project/{application}")
    entrepreneur.sees("kreeg € 10.000,00", "Betaal zelf nog de btw van € 2.100,00")
    entrepreneur.look("project-betaald")
    entrepreneur.press("Mijn dossier")
    entrepreneur.look("dossier")

    provider.sign_in("Ga verder als Provider")
    provider.sees("€ 10.000,00", "Betaald")
    provider.look("klanten")
    provider.press("Bakkerij Korst")
    provider.sees("€ 2.100,00")
    provider.look("klant")

    entrepreneur.go("/brievenbus")
    entrepreneur.sees("nog € 2.000,00 te storten", "Betaling ontvangen uit de kmo-portefeuille")
    entrepreneur.look("brievenbus")
    here.prove()


def test_a_case_that_a_person_must_decide(here: World, visit: Visit) -> None:
    actor = here.enterprise(
        "1999100219", "Studio Brussel", "BE95999020000258", zipcode="1000", works_at="1800"
    )
    application = here.apply(actor=actor)
    office = visit()
    office.sign_in("Ga verder als Office")
    office.sees("Studio Brussel")
    office.look("te-beslissen")
    office.press("Studio Brussel")
    office.press("Leg mijn beslissing vast")
    office.sees("Kies of je goedkeurt of weigert.")
    office.look("zonder-keuze")
    office.page.get_by_label("Goedkeuren").check()
    office.page.get_by_label("Waarom?").fill("De deelnemers werken in Vilvoorde.")
    office.press("Leg mijn beslissing vast")
    office.sees("is goedgekeurd", "Niets te beslissen")
    assert here.view(application).state == "approved"


def test_stopping_with_money_inside(here: World, visit: Visit) -> None:
    application = here.apply()
    here.deposit(application, "1000.00")
    here.statement()
    visitor = visit()
    visitor.sign_in(f"Ga verder als {here.entrepreneur.name}")
    visitor.go(f"/project/{application}")
    visitor.press("Aanvraag annuleren")
    visitor.sees("Terug op jouw rekening", "€ 1.000,00")
    visitor.look("annuleren")
    visitor.press("Ja, annuleer")
    visitor.sees("We storten € 1.000,00 terug op je rekening.")
    visitor.look("geannuleerd")
    here.prove()


def test_a_refused_application_says_why(here: World, visit: Visit) -> None:
    application = here.apply(recognition_number="DV.A900502")
    visitor = visit()
    visitor.sign_in(f"Ga verder als {here.entrepreneur.name}")
    visitor.go(f"/project/{application}")
    visitor.sees("Je aanvraag is geweigerd", "DV.O900501")
    visitor.look("geweigerd")


def test_a_broken_statement_is_explained(
    here: World, visit: Visit, work: Callable[[], None], tmp_path: Path
) -> None:
    here.transfer("5.00", account=ENTERPRISE_IBAN)
    content = here.bank.close_day(here.day)
    broken = content.replace(b"000000000005000", b"00000000000500x", 1)
    path = tmp_path / "kapot.cod"
    path.write_bytes(broken)
    operator = visit()
    operator.sign_in("Ga verder als Operator")
    operator.look("overzicht")
    operator.go("/beheer/uittreksels")
    operator.look("uittreksels")
    operator.page.get_by_label("CODA-bestand").set_input_files(path)
    operator.press("Inladen")
    work()
    operator.page.get_by_role("heading", name="Dit bestand is niet geboekt").wait_for()
    operator.sees("is geen bedrag", "er zijn geen mails vertrokken")
    operator.look("geweigerd")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_public_pages(here: World, visit: Visit, dark: bool) -> None:
    visitor = visit(dark=dark)
    for path, name in (
        ("/", "start"),
        ("/?dienst=advice&bedrag=499&btw=0", "te-weinig"),
        ("/?dienst=training&bedrag=veel&btw=0", "geen-bedrag"),
        ("/hulp", "hulp"),
        ("/aanmelden", "aanmelden"),
        ("/aanmelden/demo", "aanmelden-in-de-demo"),
        ("/brievenbus", "brievenbus"),
    ):
        visitor.go(path)
        visitor.look(name)


def test_the_calculator_answers_while_typing(here: World, visit: Visit) -> None:
    visitor = visit()
    visitor.go("/")
    visitor.page.get_by_label("Bedrag zonder btw").fill("1.250,00")
    visitor.page.locator("#berekening").get_by_text("750,00").first.wait_for()


def test_the_wizard_works_by_keyboard_alone(here: World, visit: Visit) -> None:
    visitor = visit()
    visitor.sign_in(f"Ga verder als {here.entrepreneur.name}")
    visitor.go("/aanvraag/nieuw")
    page = visitor.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent").strip() != "Begin een nieuwe aanvraag":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/wat*")
    page.get_by_label("Opleiding", exact=True).focus()
    page.keyboard.press("Space")
    assert page.get_by_label("Opleiding", exact=True).is_checked()
