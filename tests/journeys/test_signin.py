"""Coming in by each means, in a real browser: the identity card through a real nginx, a card of codes, an app, ACM."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from tests.journeys.conftest import Site, Visitor
from tests.journeys.means import CARDS, card_by_post, government, with_card
from tests.signin.nginx import Nginx
from tests.signin.people import NELE, right_code
from tests.signin.provider import RIGHTS, person
from tests.world import ENTERPRISE, World

from portefeuille.core.identifiers import dotted_national
from portefeuille.identity.models import Capacity
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.recognise import recognise
from portefeuille.signin.operations.prove_by_card import challenge
from portefeuille.signin.operations.time_codes import STEP_SECONDS, code_at
from portefeuille.wallet import queries as wallets

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
PRETTY = dotted_national(NELE)


@pytest.fixture
def here(site: Site) -> World:
    """The small world, on today's date; Nele may act for its bakery."""
    world = World(day=timezone.localdate())
    nele = recognise(name="Nele Peeters", national_number_hash=hash_of(NELE))
    Capacity.objects.create(person=nele, role="entrepreneur", enterprise_number=ENTERPRISE)
    return world


def test_with_an_identity_card(here: World, in_earnest: None, behind_nginx: Nginx, visit: Visit) -> None:
    visitor = with_card(visit, behind_nginx, CARDS.card())
    visitor.go("/mijn-dossier")
    visitor.sees("Aanmelden", "Met je identiteitskaart", "Via de Vlaamse overheid", "Met je codekaart")
    visitor.look("kies-hoe")
    visitor.press("Met je identiteitskaart: Kies dit")
    visitor.sees("Nele Maria Peeters", "Bakkerij Korst")
    visitor.look("binnen")
    visitor.go("/mijn-aanmelding")
    visitor.sees("Identiteitskaart", "Aangemeld")
    visitor.look("mijn-aanmelding")
    visitor.press("Afmelden")
    visitor.go("/mijn-dossier")
    visitor.sees("Kies hoe je bewijst wie je bent")


def test_with_the_wrong_certificate_of_the_card(
    here: World, in_earnest: None, behind_nginx: Nginx, visit: Visit
) -> None:
    visitor = with_card(visit, behind_nginx, CARDS.signature_card(), refusals=(403,))
    visitor.go("/aanmelden")
    visitor.press("Met je identiteitskaart: Kies dit")
    visitor.sees("Je bent niet aangemeld", "Je koos het certificaat om te ondertekenen.")
    visitor.look("verkeerd-certificaat")
    visitor.press("Kies een andere manier")
    visitor.sees("Kies hoe je bewijst wie je bent")


def identify(visitor: Visitor) -> None:
    visitor.go("/aanmelden")
    visitor.press("Met je codekaart: Kies dit")
    visitor.page.get_by_label("Rijksregisternummer").fill(PRETTY)


def type_code(visitor: Visitor, code: str) -> None:
    visitor.page.get_by_label(f"Code nummer {challenge(national_number=NELE)}").fill(code)
    visitor.press("Meld me aan")


def order_a_card(visitor: Visitor) -> dict[int, str]:
    visitor.go("/aanmelden/kaart/aanvragen")
    visitor.page.get_by_label("Rijksregisternummer").fill(PRETTY)
    visitor.press("Vraag mijn kaart aan")
    return card_by_post()


def link_an_app(visitor: Visitor) -> bytes:
    """Scan; the app's secret."""
    visitor.go("/mijn-aanmelding/app")
    told = visitor.page.locator("aside strong").inner_text()
    return base64.b32decode(told.replace(" ", ""))


def shown(secret: bytes, *, later: int = 0) -> str:
    """What the app shows, that many half minutes from now."""
    return code_at(secret, int(timezone.now().timestamp()) // STEP_SECONDS + later).decode()


def test_with_a_card_of_codes_and_then_an_app(here: World, in_earnest: None, visit: Visit) -> None:
    visitor = visit()
    visitor.go("/aanmelden/kaart/aanvragen")
    visitor.look("kaart-vragen")
    visitor.press("Vraag mijn kaart aan")
    visitor.sees("Vul je rijksregisternummer in.")
    visitor.look("kaart-vragen-leeg")
    visitor.page.get_by_label("Rijksregisternummer").fill(PRETTY)
    visitor.press("Vraag mijn kaart aan")
    visitor.sees("Je kaart komt ten laatste op")
    visitor.look("kaart-gevraagd")
    codes = card_by_post()

    identify(visitor)
    visitor.look("wie-ben-je")
    visitor.press("Verder")
    visitor.look("welke-code")
    type_code(visitor, right_code(NELE, codes))
    visitor.sees("Nele Peeters", "Bakkerij Korst")

    visitor.go("/mijn-aanmelding")
    visitor.sees("in gebruik sinds", "Codekaart", "Aangemeld")
    visitor.look("mijn-aanmelding")
    secret = link_an_app(visitor)
    visitor.look("app-koppelen")
    visitor.page.get_by_label("Code uit je app").fill("000000")
    visitor.press("Koppel mijn app")
    visitor.look("app-fout")
    visitor.page.get_by_label("Code uit je app").fill(shown(secret))
    visitor.press("Koppel mijn app")
    visitor.sees("Je app is gekoppeld.")
    visitor.look("app-gekoppeld")

    visitor.press("Afmelden")
    visitor.go("/aanmelden/app")
    visitor.look("met-de-app")
    visitor.page.get_by_label("Rijksregisternummer").fill(PRETTY)
    visitor.page.get_by_label("Code uit je app").fill(shown(secret, later=1))
    visitor.press("Meld me aan")
    visitor.sees("Bakkerij Korst")

    visitor.go("/mijn-aanmelding/kaart")
    visitor.look("kaart-kwijt")
    visitor.page.get_by_label("Rijksregisternummer").fill(PRETTY)
    visitor.press("Vraag mijn kaart aan")
    visitor.sees("Je kaart is aangevraagd.", "Onderweg")
    visitor.look("nieuwe-kaart-onderweg")


def test_wrong_codes_to_the_lock_and_back(here: World, in_earnest: None, visit: Visit) -> None:
    visitor = visit(refusals=(403,))
    codes = order_a_card(visitor)
    identify(visitor)
    visitor.press("Verder")
    type_code(visitor, right_code(NELE, codes))
    secret = link_an_app(visitor)
    visitor.page.get_by_label("Code uit je app").fill(shown(secret))
    visitor.press("Koppel mijn app")
    visitor.press("Afmelden")

    identify(visitor)
    visitor.press("Verder")
    type_code(visitor, "AAAAAA")
    visitor.sees("Je kunt het nog 4 keer proberen.")
    visitor.look("foute-code")
    for left in ("nog 3 keer", "nog 2 keer", "nog één keer", "Even op slot"):
        type_code(visitor, "AAAAAA")
        visitor.page.get_by_text(left).first.wait_for()
    visitor.sees("Even op slot", "Kies een andere manier")
    visitor.look("op-slot")

    visitor.press("Kies een andere manier")
    visitor.press("Met een code uit een app: Kies dit")
    visitor.page.get_by_label("Rijksregisternummer").fill(PRETTY)
    visitor.page.get_by_label("Code uit je app").fill(shown(secret, later=1))
    visitor.press("Meld me aan")
    visitor.go("/mijn-aanmelding")
    visitor.sees("Op slot tot", "Foute code")
    visitor.look("mijn-aanmelding-op-slot")
    visitor.press("Haal mijn kaart van slot")
    visitor.sees("Je kunt het weer proberen.")
    visitor.press("Afmelden")
    identify(visitor)
    visitor.press("Verder")
    type_code(visitor, right_code(NELE, codes))
    visitor.sees("Bakkerij Korst")


def test_by_the_flemish_government(
    here: World, site: Site, in_earnest: None, settings: Any, visit: Visit, provider_folder: Path
) -> None:
    right = {RIGHTS: [f"KMOPortefeuille-Beheerder:{ENTERPRISE}"]}
    people = {"tom": person("Tom", "Claes", NELE, organisation=(ENTERPRISE, "Bakkerij Korst"), **right)}
    people["tom"]["rrn"] = ""
    with government(provider_folder, people=people, site=site, settings=settings) as provider:
        visitor = visit(refusals=(403,))
        visitor.go("/aanmelden")
        visitor.press("Via de Vlaamse overheid: Kies dit")
        visitor.press("Stop")
        visitor.sees("Je bent niet aangemeld", "Je brak het aanmelden af.")
        visitor.look("gestopt")
        visitor.press("Probeer opnieuw")
        visitor.press("Tom Claes voor Bakkerij Korst")
        visitor.sees("Tom Claes", "Bakkerij Korst")
        visitor.look("binnen")
        visitor.go("/mijn-aanmelding")
        visitor.sees("Kies bij de overheid een andere onderneming")
        visitor.look("mijn-aanmelding")
        visitor.press("Afmelden")
        visitor.page.wait_for_url(f"{provider.issuer}/**")
        visitor.page.get_by_role("button").first.click()
        visitor.page.wait_for_url(f"{site.url}/")
        visitor.go("/mijn-dossier")
        visitor.sees("Kies hoe je bewijst wie je bent")


def grow_old() -> None:
    """The proofs of all sessions are of twenty minutes ago."""
    for row in Session.objects.all():
        session = SessionStore(row.pk)
        if "proved_at" in session:
            session["proved_at"] = (timezone.now() - timedelta(minutes=20)).isoformat()
            session.save()


def test_confirming_who_you_are_to_order_payment(here: World, visit: Visit) -> None:
    here.government_pays_in()
    application = here.apply()
    here.deposit(application, "6000.00")
    here.statement()
    visitor = visit()
    visitor.sign_in(f"Ga verder als {here.entrepreneur.name}")
    grow_old()
    visitor.go(f"/project/{application}/betalen")
    visitor.sees("Bevestig wie je bent", "Dit is een demo")
    visitor.look("bevestig")
    visitor.press("Ja, ik ben het")
    visitor.sees("Wat er klaarstaat")
    visitor.page.get_by_label("Bedrag").first.fill("10.000,00")
    reference = visitor.page.locator("[name=reference]")
    reference.fill("+++090/9337/55493+++")
    grow_old()
    visitor.press("Ik betaal")
    visitor.sees("Bevestig wie je bent", "Wat je invulde, bewaren we.")
    visitor.look("bevestig-met-formulier")
    assert not wallets.payments(application)
    visitor.press("Ja, ik ben het")
    assert visitor.page.locator("[name=reference]").input_value() == "+++090/9337/55493+++"
    visitor.look("formulier-is-er-nog")
    visitor.press("Ik betaal")
    visitor.sees("Je betaalopdracht van € 10.000,00 is gegeven.")
    assert len(wallets.payments(application)) == 1
