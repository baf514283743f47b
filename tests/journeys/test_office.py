"""The office at work: an address settled by two, a letter printed, a lock taken off; and who saw a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from pypdf import PdfReader
from tests.activation.people import SOLE, newcomer, sole_trader
from tests.journeys.conftest import Visitor, world_of
from tests.signin.people import HERE, HOMELESS, NELE, register
from tests.world import OTHER_ENTERPRISE

from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.identity.models import Person
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Role
from portefeuille.signin.attempts import WRONG_IN_A_ROW, Try, note
from portefeuille.signin.operations.order_card import order_card
from portefeuille.signin.operations.write_card import write_waiting_cards

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]


def test_two_people_settle_an_address(visit: Visit, today: date) -> None:
    """A case is taken, an address proposed, sent back, proposed again and confirmed; the letter is downloaded once."""
    world = world_of(today)
    world.person("collega", GivenCapacity(Role.OFFICE))
    greet, wim = visit(refusals=(409,)), visit()
    greet.sign_in("Ga verder als Office")
    greet.sees("Niets te beslissen")
    greet.look("niets-te-beslissen")
    greet.go("/kantoor/brieven")
    greet.sees("Alles is gedrukt")
    greet.look("geen-brieven")

    sole_trader(shop=None)
    ask_letter(actor=newcomer(), enterprise=SOLE, at=world.now)
    order_card(national_number=HOMELESS, source=HERE, at=world.now)
    write_waiting_cards(register=register(), at=world.now)
    brussels = world.enterprise(
        OTHER_ENTERPRISE, "Studio Brussel", "BE95999020000258", zipcode="1000", works_at="1800"
    )
    world.apply(actor=brussels)

    greet.press("Te beslissen")
    greet.sees("Amira Haar", "Ann Wouters", "Studio Brussel", "van niemand")
    greet.look("wachtrij")
    greet.press("Neem Amira Haar")
    greet.sees("Deze zaak is nu van jou.", "Doe een voorstel", "Nora")
    greet.look("voorstel-leeg")
    greet.page.get_by_label("De post gaat naar dit adres").check()
    greet.page.get_by_label("Waarom?").fill("Nagevraagd bij de gemeente.")
    greet.press("Leg mijn voorstel voor aan een collega")
    greet.sees("Vul in bij “Straat en nummer”")
    assert greet.page.get_by_label("Waarom?").input_value() == "Nagevraagd bij de gemeente."
    greet.look("voorstel-fout")
    greet.page.get_by_label("Straat en nummer").fill("Postbus 7")
    greet.page.get_by_label("Postcode en gemeente").fill("9000 Gent")
    greet.press("Leg mijn voorstel voor aan een collega")
    greet.sees("Je voorstel is bewaard", "Voorstel van Office")
    greet.press("Amira Haar")
    greet.sees("Jij deed dit voorstel")
    greet.look("eigen-voorstel")

    wim.sign_in("Ga verder als Collega")
    wim.look("wachtrij-van-de-tweede")
    wim.press("Kijk na Amira Haar")
    wim.sees("Postbus 7", "Nagevraagd bij de gemeente.")
    wim.look("nakijken")
    wim.press("Stuur het voorstel terug")
    wim.sees("Schrijf wat er niet klopt")
    wim.look("nakijken-fout")
    wim.page.get_by_label("Wat klopt er niet?").fill("Dat is een postbus.")
    wim.press("Stuur het voorstel terug")
    wim.sees("Het voorstel is teruggestuurd")

    greet.go("/kantoor?van=niemand")
    greet.press("Amira Haar")
    greet.sees("Dat is een postbus.")
    greet.page.get_by_label("De post gaat naar dit adres").check()
    greet.page.get_by_label("Straat en nummer").fill("Thuisstraat 7")
    greet.page.get_by_label("Postcode en gemeente").fill("9000 Gent")
    greet.page.get_by_label("Waarom?").fill("Nagevraagd bij de gemeente.")
    greet.press("Leg mijn voorstel voor aan een collega")
    wim.press("Amira Haar")
    wim.press("Akkoord: de brief mag vertrekken")
    wim.sees("De brief ligt klaar bij “Brieven”")

    wim.go("/kantoor/brieven")
    wim.sees("Brief met een code om bevoegd te worden", "Thuisstraat 7")
    wim.look("brieven")
    with wim.page.expect_download() as download:
        wim.page.get_by_role("button", name="Download de brief").click()
    said = "\n".join(
        page.extract_text() for page in PdfReader(io.BytesIO(download.value.path().read_bytes())).pages
    )
    assert "Thuisstraat 7" in said
    wim.page.get_by_role("heading", name="Al gedownload").wait_for()
    wim.sees("is gedownload. Wat erin staat, bewaren we niet.", "Alles is gedrukt")
    wim.look("brief-gedrukt")


def test_a_lock_is_taken_off(visit: Visit, today: date) -> None:
    """Somebody who is locked out is found by name and enterprise, and counted anew with a reason."""
    world = world_of(today)
    person = world.entrepreneur.person_id
    Person.objects.filter(pk=person).update(national_number_hash=hash_of(NELE), name="Nele Peeters")
    for _wrong in range(WRONG_IN_A_ROW):
        note(Try("card", hash_of(NELE), HERE), "wrong", at=_now(), person=person)
    greet = visit()
    greet.sign_in("Ga verder als Office")
    greet.press("Vrijgeven")
    greet.look("zoeken")
    greet.press("Zoek")
    greet.sees("Vul in bij “Naam”")
    greet.look("zoeken-fout")
    greet.page.get_by_label("Naam").fill("Nele")
    greet.page.get_by_label("Ondernemingsnummer").fill("1999.100.120")
    greet.press("Zoek")
    greet.sees("Nele Peeters", "op slot tot")
    greet.look("op-slot")
    greet.press("Haal het slot eraf")
    greet.sees("Schrijf op hoe je weet")
    greet.look("op-slot-fout")
    greet.page.get_by_label("Waarom?").fill("Teruggebeld op het nummer uit het dossier.")
    greet.press("Haal het slot eraf")
    greet.sees("Codekaart van Nele Peeters is van slot")
    greet.look("van-slot")


def test_people_see_who_saw_their_file(visit: Visit, today: date) -> None:
    """An inspector reads a file; its owner reads that an inspector did."""
    world = world_of(today)
    owner, inspector = visit(), visit()
    owner.sign_in(f"Ga verder als {world.entrepreneur.name}")
    owner.go("/mijn-onderneming")
    owner.press("Wie zag je dossier?")
    owner.sees("Nog niemand")
    owner.look("nog-niemand")
    world.apply()
    world.person("inspecteur", GivenCapacity(Role.INSPECTOR))
    inspector.sign_in("Ga verder als Inspecteur")
    inspector.sees("Dossiers", "Bakkerij Korst")
    inspector.look("dossiers")
    inspector.press("Bakkerij Korst")
    inspector.sees("Wat de regels zeggen")
    inspector.look("dossier")
    owner.go("/mijn-onderneming/inzage")
    owner.sees("Bekeek een aanvraag", "een inspecteur", "Aanvraag ingediend")
    owner.look("inzage")


def _now():  # type: ignore[no-untyped-def]
    """By the clock of the platform, which counts locks from it."""
    from django.utils import timezone

    return timezone.now()
