"""Becoming authorised, and letting others act: clicked through in a real browser, with its letters and mails."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from tests.activation.people import administrator, another, letter_code, mailed_code, newcomer
from tests.journeys.conftest import Site, Visitor
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.activation.models import Activation
from portefeuille.budget.operations.vote import vote
from portefeuille.core.calendar import BRUSSELS
from portefeuille.core.money import Money
from portefeuille.identity.models import EnterpriseProfile
from portefeuille.messages.models import Message

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]


@pytest.fixture
def here(site: Site) -> World:
    """The small world, today."""
    today: date = datetime.now(tz=BRUSSELS).date()
    world = World(day=today)
    if today.year != 2026:
        vote(scheme="gids", year=today.year, amount=Money.euros("1000000.00"))
    return world


def mailed_link(kind: str) -> str:
    """The path of the link in the newest mail of this kind."""
    found = re.search(r"https?://[^/\s]+(/\S+)", Message.objects.filter(kind=kind).latest("id").text)
    assert found
    return found[1]


def test_register_and_activate(visit: Visit, here: World) -> None:
    """From nobody to the first draft: what you need, mail, number, letter, wrong codes, an expired letter, figures."""
    EnterpriseProfile.objects.all().delete()
    newcomer("nora", confirmed=False)
    visitor = visit()
    page = visitor.page
    visitor.go("/registreren")
    visitor.sees("Dit heb je nodig", "8 werkdagen", "4 werkdagen")
    page.get_by_label("Op welke dag start").fill((here.day + timedelta(days=2)).isoformat())
    page.get_by_role("heading", name="Je code kan na de start komen").wait_for()
    visitor.look("registreren")

    visitor.sign_in("Ga verder als Nora")
    visitor.sees("Bevestig eerst je e-mailadres", "nog voor niemand")
    visitor.look("aangemeld")
    visitor.press("Bevestig je e-mailadres")
    page.get_by_label("Je e-mailadres").fill("nora")
    visitor.press("Stuur me een code")
    visitor.sees("Dit is geen e-mailadres")
    visitor.look("e-mail-fout")
    page.get_by_label("Je e-mailadres").fill("nora@korst.example")
    visitor.press("Stuur me een code")
    visitor.go(mailed_link("email_code"))
    visitor.look("e-mail-code")
    visitor.press("Bevestig")
    visitor.sees("is bevestigd")

    visitor.look("nummer")
    page.get_by_label("Btw-nummer of ondernemingsnummer").fill("BE 1999.100.121")
    visitor.press("Zoek op")
    visitor.sees("geen ondernemingsnummer")
    visitor.look("nummer-fout")
    page.get_by_label("Btw-nummer of ondernemingsnummer").fill("BE 1999.100.120")
    visitor.press("Zoek op")
    visitor.sees("Bakkerij Korst", "Teststraat 1", "9000 Stad")
    visitor.look("zetel")
    visitor.press("Ja, stuur de brief")
    visitor.look("brief-onderweg")

    code = letter_code()
    for _ in range(5):
        page.get_by_label("De code").fill(another(code))
        visitor.press("Maak mij bevoegd")
    visitor.sees("te vaak een verkeerde code")
    visitor.look("geblokkeerd")
    visitor.press("Stuur een nieuwe brief")
    visitor.sees("Er vertrekt een nieuwe brief")
    Activation.objects.update(expires_at=timezone.now())
    visitor.go("/activeren")
    visitor.sees("De code uit deze brief is te oud")
    visitor.look("te-oud")
    visitor.press("Stuur een nieuwe brief")
    visitor.go(f"/activeren?code={letter_code()}")
    visitor.look("code-ingevuld")
    visitor.press("Maak mij bevoegd")
    visitor.sees("Proficiat, je bent nu gekoppeld")

    visitor.go("/aanvraag/nieuw")
    visitor.sees("Eerst nog de gegevens van je onderneming")
    visitor.look("wizard-wacht")
    visitor.press("Vul de gegevens in")
    visitor.look("gegevens-leeg")
    visitor.press("Bereken de grootte")
    visitor.look("gegevens-fout")
    page.get_by_label("Rekeningnummer van je onderneming").fill("BE29 9990 1000 0164")
    page.get_by_label("De omzet die ik verwacht").check()
    page.get_by_label("Omzet zonder btw, in een jaar").fill("480.000")
    page.get_by_label("Hoeveel mensen werken er?").fill("4,5")
    page.get_by_label("Balanstotaal").first.fill("120.000")
    visitor.press("Voeg een onderneming toe")
    page.get_by_label("Naam van de andere onderneming").fill("Molen Graan")
    page.get_by_label("Hoe zijn jullie verbonden?").select_option("partner")
    page.get_by_label("Hoeveel op elke 100").fill("30")
    page.get_by_label("Mensen, in voltijdse jaren").fill("12")
    page.get_by_label("Omzet", exact=True).fill("900.000")
    page.get_by_label("Balanstotaal").last.fill("300.000")
    visitor.press("Bereken de grootte")
    visitor.sees("Met deze cijfers is dit een kleine onderneming")
    visitor.look("grootte")
    visitor.press("Bevestig en bewaar")
    visitor.sees("Je gegevens zijn bewaard", "Begin een nieuwe aanvraag")
    visitor.look("klaar")


def test_invite_and_revoke(visit: Visit, here: World) -> None:
    """A colleague is invited, comes in by the mail's link, becomes administrator, and is refused once ended."""
    administrator("boss")
    newcomer("wim")
    boss, wim = visit(), visit()
    boss.sign_in("Ga verder als Boss")
    boss.press("Mensen")
    boss.look("mensen")
    boss.press("Nodig een collega uit")
    boss.press("Stuur de uitnodiging")
    boss.look("uitnodigen-fout")
    boss.page.get_by_label("Naam van je collega").fill("Wim")
    boss.page.get_by_label("E-mailadres van je collega").fill("wim@korst.example")
    boss.press("Stuur de uitnodiging")
    boss.sees("We stuurden een uitnodiging", "Uitgenodigd, nog niet aanvaard")
    boss.look("uitgenodigd")

    link, code = mailed_link("invitation"), mailed_code("invitation")
    wim.sign_in("Ga verder als Wim")
    wim.go(link)
    wim.page.get_by_label("De code").fill(another(code))
    wim.press("Aanvaard de uitnodiging")
    wim.sees("Je kunt het nog 4 keer proberen")
    wim.look("verkeerde-code")
    wim.page.get_by_label("De code").fill(code)
    wim.press("Aanvaard de uitnodiging")
    wim.sees("Je mag nu optreden voor Bakkerij Korst", "Mijn dossier")

    boss.go("/mensen")
    boss.press("Maak beheerder Wim")
    boss.look("beheerder-maken")
    boss.press("Ja, maak beheerder")
    boss.sees("Wim is nu beheerder")
    boss.press("Beëindig Wim")
    boss.look("beeindigen")
    boss.press("Ja, beëindig")
    boss.sees("Wim kan niet meer optreden")
    wim.go("/mijn-dossier")
    wim.sees("Je mag hier niet meer optreden", "Registreer je onderneming")
    wim.look("geweigerd")

    boss.press("Beëindig Boss")
    boss.sees("Er blijft geen beheerder over")
    boss.look("laatste-beheerder")


def test_mandate_and_act_as_accountant(visit: Visit, here: World) -> None:
    """An enterprise mandates an office, the office acts for it and goes back, and is refused once it is ended."""
    here.enterprise(OTHER_ENTERPRISE, "De Cijferhoek", "BE29999010000164")
    here.apply("10000.00")
    administrator("boss")
    administrator("els", OTHER_ENTERPRISE)
    boss, els = visit(), visit()
    boss.sign_in("Ga verder als Boss")
    boss.go("/mensen/mandaat")
    boss.page.get_by_label("Ondernemingsnummer van het kantoor").fill(ENTERPRISE)
    boss.look("mandaat")
    boss.page.get_by_label("Ondernemingsnummer van het kantoor").fill("BE 1999 100 219")
    boss.press("Zoek op")
    boss.sees("De Cijferhoek")
    boss.look("mandaat-bevestigen")
    boss.press("Ja, geef dit kantoor een mandaat")
    boss.sees("De Cijferhoek mag nu voor je optreden")
    boss.look("mandaat-gegeven")

    els.sign_in("Ga verder als Els")
    els.press("Mijn klanten")
    els.sees("Bakkerij Korst", "€ 6.000,00", "Stort nog")
    els.look("klanten")
    els.press("Handel voor deze klant Bakkerij Korst")
    els.sees("Je handelt voor Bakkerij Korst, door De Cijferhoek", "Mijn projecten")
    els.look("namens-klant")
    els.press("Nieuwe subsidie aanvragen")
    els.press("Begin een nieuwe aanvraag")
    els.go("/wissel")
    els.look("wissel")
    els.press("Terug naar mijn kantoor")
    els.sees("Mijn klanten", "Bakkerij Korst")
    els.press("Handel voor deze klant Bakkerij Korst")

    boss.press("Beëindig De Cijferhoek")
    boss.look("mandaat-beeindigen")
    boss.press("Ja, beëindig")
    boss.sees("Het mandaat is beëindigd")
    els.go("/mijn-dossier")
    els.sees("Je mag hier niet meer optreden", "Voor wie handel je?")
    els.look("geweigerd")
