"""Being asked once more who you are: before the form, after it, and without losing what was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from tests.web.conftest import SignIn, StrictClient
from tests.web.signin.conftest import Clock
from tests.web.test_public import text_of
from tests.world import World

from portefeuille.wallet import queries as wallets
from portefeuille.web.session import ASSURANCE

WAIT = 16  # minutes: a proof lasts a quarter of an hour


@pytest.fixture
def funded(world: World) -> int:
    """An application whose whole amount waits to be paid."""
    world.government_pays_in()
    application = world.apply()
    world.deposit(application, "6000.00")
    world.statement()
    return application


def weaken(client: Client, level: int) -> None:
    session = client.session
    session[ASSURANCE] = level
    session.save()


def test_a_fresh_sign_in_shows_the_form(world: World, sign_in: SignIn, funded: int) -> None:
    assert "Wat er klaarstaat" in text_of(sign_in(world.entrepreneur).get(f"/project/{funded}/betalen"))


def test_an_old_one_is_confirmed_before_the_form(
    world: World, clock: Clock, sign_in: SignIn, funded: int
) -> None:
    client = sign_in(world.entrepreneur)
    clock.pass_(minutes=WAIT)
    here = f"/project/{funded}/betalen"
    answer = client.get(here)
    assert answer["Location"] == f"/bevestig?volgende=%2Fproject%2F{funded}%2Fbetalen"
    told = text_of(client.get(answer["Location"]))
    assert "Bevestig wie je bent" in told
    assert "Wat je invulde" not in told
    assert "Dit is een demo Hier volstaat een klik." in told
    assert client.post("/bevestig/demo")["Location"] == here
    assert "Wat er klaarstaat" in text_of(client.get(here))


def test_a_proof_that_grows_old_over_the_form_loses_nothing_and_pays_nothing(
    world: World, clock: Clock, sign_in: SignIn, funded: int
) -> None:
    client = sign_in(world.entrepreneur)
    here = f"/project/{funded}/betalen"
    key = re.search(r'name="key" value="([^"]+)"', client.get(here).content.decode())
    assert key is not None
    clock.pass_(minutes=WAIT)
    answer = client.post(here, {"amount": "1.250,00", "reference": "FACT 12", "key": key[1]})
    assert answer["Location"].startswith("/bevestig")
    assert not wallets.payments(funded)
    assert "Wat je invulde, bewaren we." in text_of(client.get(answer["Location"]))
    assert client.post("/bevestig/demo")["Location"] == here
    page = client.get(here).content.decode()
    assert 'value="1.250,00"' in page
    assert 'value="FACT 12"' in page
    assert f'name="key" value="{key[1]}"' in page
    assert not wallets.payments(funded), "coming back sends nothing by itself"
    assert 'value="FACT 12"' not in client.get(here).content.decode(), "it is shown once"


def test_the_order_goes_through_after_the_confirmation(
    world: World, clock: Clock, sign_in: SignIn, funded: int
) -> None:
    client = sign_in(world.entrepreneur)
    clock.pass_(minutes=WAIT)
    here = f"/project/{funded}/betalen"
    client.get(client.get(here)["Location"])
    client.post("/bevestig/demo")
    assert client.post(here, {"amount": "10.000,00", "reference": "", "key": "k"}).status_code == 302
    assert len(wallets.payments(funded)) == 1


def test_a_page_that_can_not_show_the_form_again_keeps_it_on_a_page_between(
    world: World, sign_in: SignIn
) -> None:
    application = world.apply()
    client = sign_in(world.entrepreneur)
    weaken(client, 1)
    here = f"/project/{application}/annuleren"
    answer = client.post(here, {"waarom": "te duur & te ver"})
    assert answer["Location"].startswith("/bevestig")
    client.get(answer["Location"])
    assert client.post("/bevestig/demo")["Location"] == "/bevestig/verder"
    page = client.get("/bevestig/verder").content.decode()
    assert f'action="{here}"' in page
    assert 'name="waarom" value="te duur &amp; te ver"' in page
    assert str(world.view(application).state) == "approved"
    client.post(here, {"waarom": "te duur & te ver"})
    assert str(world.view(application).state) == "cancelled"


def test_a_weak_sign_in_may_look_and_is_asked_for_more_to_act(
    world: World, sign_in: SignIn, funded: int
) -> None:
    client = sign_in(world.entrepreneur)
    weaken(client, 1)
    assert client.get(f"/project/{funded}").status_code == 200
    assert client.get(f"/project/{funded}/betalen")["Location"].startswith("/bevestig")


def test_what_takes_the_strongest_offers_only_the_strongest(sign_in: SignIn, world: World) -> None:
    client = sign_in(world.entrepreneur)
    session = client.session
    session["heading"] = {"to": "/mijn-dossier", "is_again": True, "level": 3}
    session.save()
    told = text_of(client.get("/bevestig?volgende=/mijn-dossier"))
    assert "Hiervoor heb je je identiteitskaart nodig" in told
    assert "Met je codekaart" not in told


def test_a_fragment_is_not_led_away(world: World, clock: Clock, sign_in: SignIn, funded: int) -> None:
    client = Client()  # the answer is a whole page, which the strict one does not take for a fragment
    client.cookies["sessionid"] = sign_in(world.entrepreneur).cookies["sessionid"].value
    clock.pass_(minutes=WAIT)
    answer = client.get(f"/project/{funded}/betalen", headers={"X-Fragment": "1"})
    assert answer.status_code == 403


def test_a_visitor_confirms_nothing(visitor: Client) -> None:
    for path in ("/bevestig", "/bevestig/verder"):
        assert visitor.get(path)["Location"].startswith("/aanmelden?volgende=")
    assert visitor.post("/bevestig/demo")["Location"].startswith("/aanmelden")


def test_without_anything_kept_there_is_nothing_to_send(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.entrepreneur)
    assert client.get("/bevestig/verder")["Location"] == "/"
    assert client.post("/bevestig/demo")["Location"] == "/bevestig"


def test_the_click_of_the_demo_confirms_nothing_elsewhere(
    world: World, clock: Clock, sign_in: SignIn, settings: Any, funded: int
) -> None:
    client: StrictClient = sign_in(world.entrepreneur)  # type: ignore[assignment]
    clock.pass_(minutes=WAIT)
    client.get(client.get(f"/project/{funded}/betalen")["Location"])
    settings.DEMO = False
    assert client.post("/bevestig/demo").status_code in (302, 404)
    settings.DEMO = True
    assert client.get(f"/project/{funded}/betalen")["Location"].startswith("/bevestig")
