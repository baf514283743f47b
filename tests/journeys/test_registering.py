"""Registering by each means, up to the first application: the guide's chapter 4 as somebody clicks through it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.activation.people import SOLE, administrator, letter_code, mailed_code, newcomer, sole_trader
from tests.journeys.conftest import Site, Visitor, world_of
from tests.journeys.means import CARDS, card_by_post, government, with_card
from tests.signin.nginx import Nginx
from tests.signin.people import NELE, right_code
from tests.signin.provider import RIGHTS, person
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.activation.models import Invitation
from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.activation.operations.invite import invite
from portefeuille.core.identifiers import dotted_national
from portefeuille.identity.models import Capacity, EnterpriseProfile, Mandate
from portefeuille.identity.operations.give_mandate import give_mandate
from portefeuille.messages.models import Message
from portefeuille.signin.operations.prove_by_card import challenge

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


@pytest.fixture
def here(today: date) -> World:
    """The small world, today; its bakery told nothing yet, and nobody of these journeys acts for it."""
    world = world_of(today)
    EnterpriseProfile.objects.all().delete()
    return world


def become_authorised(visitor: Visitor) -> None:
    """From the first page after the sign-in to the link with the bakery: mail address, number, letter, code."""
    visitor.sees("Bevestig eerst je e-mailadres", "nog voor niemand")
    visitor.press("Bevestig je e-mailadres")
    visitor.page.get_by_label("Je e-mailadres").fill("nele@korst.example")
    visitor.press("Stuur me een code")
    visitor.page.get_by_label("De code").fill(mailed_code("email_code"))
    visitor.press("Bevestig")
    visitor.page.get_by_label("Btw-nummer of ondernemingsnummer").fill("be1999100120")
    visitor.press("Zoek op")
    visitor.press("Ja, stuur de brief")
    visitor.sees("Je hebt de brief ten laatste op")
    visitor.look("wacht-op-de-brief")
    visitor.page.get_by_label("De code").fill(letter_code().lower())
    visitor.press("Maak mij bevoegd")
    visitor.sees("Proficiat, je bent nu gekoppeld")
    visitor.look("gekoppeld")


def tell(visitor: Visitor) -> None:
    """The data of the enterprise: somebody who works alone and just began."""
    page = visitor.page
    page.get_by_label("Rekeningnummer van je onderneming").fill("BE29 9990 1000 0164")
    page.get_by_label("E-mailadres van je onderneming").fill("info@korst.example")
    page.get_by_label("De omzet van vorig boekjaar").check()
    page.get_by_label("Omzet zonder btw, in een jaar").fill("0")
    page.get_by_label("Hoeveel mensen werken er?").fill("1")
    page.get_by_label("Balanstotaal").fill("0")
    visitor.press("Bereken de grootte")
    visitor.press("Bevestig en bewaar")
    visitor.sees("Je gegevens zijn bewaard")


def tell_and_apply(visitor: Visitor) -> None:
    """The data of the enterprise, and on to the first question of an application."""
    tell(visitor)
    if not visitor.page.url.endswith("/aanvraag/nieuw"):
        visitor.press("Nieuwe subsidie aanvragen")
    visitor.press("Begin een nieuwe aanvraag")
    visitor.sees("Naam van de opleiding")
    visitor.look("aanvraag")


def test_register_with_an_identity_card(
    here: World, in_earnest: None, behind_nginx: Nginx, visit: Visit
) -> None:
    visitor = with_card(visit, behind_nginx, CARDS.card())
    visitor.go("/")
    visitor.press("Registreren")
    visitor.look("wat-je-nodig-hebt")
    visitor.press("Meld je aan en begin")
    visitor.press("Met je identiteitskaart: Kies dit")
    visitor.sees("Nele Maria Peeters")
    become_authorised(visitor)
    tell_and_apply(visitor)


def test_register_with_a_card_of_codes(here: World, in_earnest: None, visit: Visit) -> None:
    """Who has neither card reader nor card of codes: the card by post, then the letter by post."""
    visitor = visit()
    visitor.go("/registreren")
    visitor.press("Nog geen codekaart? Vraag er een aan")
    visitor.page.get_by_label("Rijksregisternummer").fill(dotted_national(NELE))
    visitor.press("Vraag mijn kaart aan")
    visitor.sees("Je kaart komt ten laatste op")
    codes = card_by_post()
    visitor.go("/registreren")
    visitor.press("Meld je aan en begin")
    visitor.press("Met je codekaart: Kies dit")
    visitor.page.get_by_label("Rijksregisternummer").fill(dotted_national(NELE))
    visitor.press("Verder")
    visitor.page.get_by_label(f"Code nummer {challenge(national_number=NELE)}").fill(right_code(NELE, codes))
    visitor.press("Meld me aan")
    visitor.sees("Nele Peeters")
    become_authorised(visitor)
    tell_and_apply(visitor)


def test_register_by_the_flemish_government(
    here: World, site: Site, in_earnest: None, settings: Any, visit: Visit, provider_folder: Path
) -> None:
    """Without rights there the letter is needed; whom the government knows as administrator needs none."""
    plain = person("Nele", "Peeters", NELE, organisation=(OTHER_ENTERPRISE, "Elders"))
    right = {RIGHTS: [f"KMOPortefeuille-Beheerder:{ENTERPRISE}"]}
    known = person("Tom", "Claes", "", organisation=(ENTERPRISE, "Bakkerij Korst"), **right)
    with government(
        provider_folder, people={"nele": plain, "tom": known}, site=site, settings=settings
    ) as provider:
        assert provider.issuer
        nele, tom = visit(), visit()
        nele.go("/registreren")
        nele.press("Meld je aan en begin")
        nele.press("Via de Vlaamse overheid: Kies dit")
        nele.press("Nele Peeters voor Elders")
        become_authorised(nele)

        tom.go("/registreren")
        tom.press("Meld je aan en begin")
        tom.press("Via de Vlaamse overheid: Kies dit")
        tom.press("Tom Claes voor Bakkerij Korst")
        tom.sees("Tom Claes", "Je bent al bevoegd", "Je mag optreden voor Bakkerij Korst.")
        tom.look("al-bevoegd")
        tom.press("Ga verder")
        tom.press("Nieuwe subsidie aanvragen")
        tom.press("Vul de gegevens in")
        tell_and_apply(tom)


def test_an_invited_colleague_comes_in_from_the_mail(here: World, in_earnest: None, visit: Visit) -> None:
    """The link is opened by somebody who is not signed in and acts for nobody yet: it is still there afterwards."""
    invite(
        actor=administrator("boss"),
        name="Nele",
        email="nele@korst.example",
        is_administrator=False,
        at=here.now,
    )
    visitor = visit()
    visitor.go("/aanmelden/kaart/aanvragen")
    visitor.page.get_by_label("Rijksregisternummer").fill(dotted_national(NELE))
    visitor.press("Vraag mijn kaart aan")
    codes = card_by_post()
    link = re.search(r"https?://[^/\s]+(/uitnodiging/\S+)", Message.objects.get(kind="invitation").text)
    assert link
    visitor.go(link[1])
    visitor.press("Met je codekaart: Kies dit")
    visitor.page.get_by_label("Rijksregisternummer").fill(dotted_national(NELE))
    visitor.press("Verder")
    visitor.page.get_by_label(f"Code nummer {challenge(national_number=NELE)}").fill(right_code(NELE, codes))
    visitor.press("Meld me aan")
    visitor.sees("Boss nodigt je uit", "Je bent aangemeld als Nele Peeters")
    visitor.look("uitnodiging")
    visitor.press("Aanvaard de uitnodiging")
    visitor.sees("Je mag nu optreden voor Bakkerij Korst")


def test_from_another_enterprises_address_bar(today: date, visit: Visit) -> None:
    """Somebody who types the addresses of an enterprise that is not theirs learns nothing and changes nothing."""
    here = world_of(today)
    application = here.apply("10000.00")
    here.enterprise(OTHER_ENTERPRISE, "De Cijferhoek", "BE29999010000164")
    boss = administrator("boss")
    administrator("els", OTHER_ENTERPRISE)
    ask_letter(actor=newcomer("wim"), enterprise=ENTERPRISE, at=here.now)
    capacity = Capacity.objects.get(person_id=boss.person_id).pk
    mandate = Mandate.objects.create(
        enterprise_number=ENTERPRISE, office_number="1999100318", given_at=here.now, given_by=boss.person_id
    ).pk
    els = visit(refusals=(403, 404))
    els.sign_in("Ga verder als Els")
    for place, address in enumerate(
        (
            f"/project/{application}",
            f"/project/{application}/betalen",
            f"/project/{application}/annuleren",
            f"/mensen/{capacity}/beheerder",
            f"/mensen/{capacity}/beeindigen",
            f"/mensen/mandaat/{mandate}/beeindigen",
            "/kantoor/ondernemingen",
            "/dienstverlener",
        )
    ):
        answer = els.page.goto(els.site.url + address)
        assert answer is not None
        assert answer.status in (403, 404), (address, answer.status)
        els.sees("Naar de start", "1700")
        told = els.page.locator("body").inner_text()
        assert "Korst" not in told, address
        assert "Boss" not in told, address
        if place in (0, 4):
            els.look(f"geweigerd-{place}")
    els.go(f"/activeren?code={letter_code()}")
    els.sees("Er is geen brief voor jou onderweg")
    els.look("brief-van-een-ander")
    assert Capacity.objects.get(pk=capacity).ended_at is None
    assert Mandate.objects.get(pk=mandate).ended_at is None


def test_by_the_keyboard_alone(here: World, visit: Visit) -> None:
    """Every step of registering, and a mistake on the way, without a mouse."""
    newcomer("nora")
    visitor = visit()
    visitor.sign_in("Ga verder als Nora")
    visitor.go("/registreren/onderneming")
    keys, page = visitor.page.keyboard, visitor.page
    keys.press("Tab")
    assert page.locator(":focus").inner_text() == "Naar de inhoud"
    keys.press("Enter")
    _tab_to(visitor, "Btw-nummer of ondernemingsnummer")
    keys.type("BE 1")
    _enter(visitor, "Dit klopt nog niet")
    page.locator(".errors:focus").wait_for()  # who made a mistake is led to it
    keys.press("Tab")
    keys.press("Enter")
    assert page.locator(":focus").input_value() == "BE 1"
    keys.press("Control+a")
    keys.type(ENTERPRISE)
    _enter(visitor, "Bakkerij Korst")
    _tab_to(visitor, "Ja, stuur de brief")
    _enter(visitor, "Vul de code uit de brief in")
    _tab_to(visitor, "De code")
    keys.type(letter_code())
    _enter(visitor, "Proficiat, je bent nu gekoppeld")


def _enter(visitor: Visitor, words: str) -> None:
    """Press Enter, and wait for the page that says so."""
    visitor.page.keyboard.press("Enter")
    visitor.page.locator("main").get_by_text(words).first.wait_for()
    visitor.page.wait_for_load_state()


def _tab_to(visitor: Visitor, words: str) -> None:
    """Press Tab until that is what a screen reader would name; it must come, and must be seen to have the focus."""
    for _press in range(40):
        visitor.page.keyboard.press("Tab")
        named = visitor.page.evaluate(
            "document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText"
        )
        if named.strip() == words:
            outline = visitor.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", words
            return
    raise AssertionError(f"{words!r} can't be reached by the keyboard")


def test_in_the_dark(here: World, visit: Visit) -> None:
    """The same pages for who has dark colours: read by axe, and pictured."""
    boss = administrator("boss")
    here.enterprise(OTHER_ENTERPRISE, "De Cijferhoek", "BE29999010000164")
    Mandate.objects.create(
        enterprise_number=OTHER_ENTERPRISE,
        office_number=ENTERPRISE,
        given_at=here.now,
        given_by=boss.person_id,
    )
    visitor = visit(dark=True)
    for path in ("/registreren?start=2/3/2027", "/aanmelden", "/aanmelden/kaart/aanvragen"):
        visitor.go(path)
        visitor.glance("bezoeker")
    visitor.sign_in("Ga verder als Boss")
    for path in (
        "/mijn-aanmelding",
        "/mijn-aanmelding/kaart",
        "/mensen",
        "/mijn-onderneming",
        "/klanten",
        "/wissel",
    ):
        visitor.go(path)
        visitor.glance(path.strip("/").replace("/", "-"))
    visitor.go("/mijn-onderneming")
    visitor.press("Bereken de grootte")
    visitor.glance("fouten")


def test_what_is_seldom_seen(here: World, visit: Visit) -> None:
    """A sole trader without an address, an unknown number, an old invitation, a file that one may only read."""
    boss = administrator("boss")
    sole_trader(shop=None)
    invited = invite(actor=boss, name="Wim", email="wim@korst.example", is_administrator=True, at=here.now)
    newcomer("nora")
    nora, chief = visit(), visit()
    nora.sign_in("Ga verder als Nora")
    for number, words in (
        (SOLE, "maakt het adres van een zelfstandige niet bekend"),
        ("0403.019.261", "staat niet in"),
    ):
        nora.go(f"/registreren/onderneming?nummer={number}")
        nora.sees(words)
        nora.look("zonder-adres" if number == SOLE else "onbekend")
    nora.go(f"/registreren/onderneming?nummer={SOLE}")
    nora.press("Ja, stuur de brief")
    nora.sees("We hebben geen adres voor de brief", "Je krijgt een mail")
    nora.look("wacht-op-een-medewerker")
    nora.go("/registreren")
    nora.look("wacht")
    reference = Invitation.objects.get(pk=invited).reference
    Invitation.objects.update(expires_at=here.now)
    nora.go(f"/uitnodiging/{reference}")
    nora.sees("Deze uitnodiging is te oud", "Vraag Boss om een nieuwe", "Naar de start")
    nora.look("oude-uitnodiging")

    chief.sign_in("Ga verder als Boss")
    chief.go("/mensen")
    chief.sees("te oud")
    chief.look("mensen")
    chief.go("/mensen/mandaat?nummer=123")
    chief.look("geen-kantoor")
    chief.go("/klanten")
    chief.sees("Nog geen klanten")
    chief.look("geen-klanten")
    chief.go("/mijn-onderneming")
    tell(chief)
    chief.go("/mijn-onderneming")
    chief.sees("Verandert er iets?")
    chief.look("gegevens-wijzigen")

    here.enterprise(OTHER_ENTERPRISE, "De Cijferhoek", "BE29999010000164")
    administrator("els", OTHER_ENTERPRISE)
    mandate = give_mandate(actor=boss, enterprise=ENTERPRISE, office=OTHER_ENTERPRISE, at=here.now)
    assert mandate
    els = visit()
    els.sign_in("Ga verder als Els")
    els.press("Mijn klanten")
    els.look("klant-zonder-project")
    els.press("Geef het mandaat terug Bakkerij Korst")
    els.look("mandaat-teruggeven")
    els.press("Nee")
    els.press("Handel voor deze klant Bakkerij Korst")
    els.press("Mijn onderneming")
    els.sees("Alleen de onderneming zelf kan dit wijzigen", "BE29 9990 1000 0164")
    els.look("gegevens-lezen")
