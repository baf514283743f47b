"""From nobody to somebody who may act, page by page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.activation.people import NOW, another, letter_code, mailed_code, newcomer
from tests.web.conftest import StrictClient
from tests.web.registration.conftest import enter
from tests.web.test_public import BARE_PERCENTAGE, text_of
from tests.world import ENTERPRISE, World

from portefeuille.activation.models import Activation
from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.activation.terms import waiting


class TestRegister:
    def test_anybody_reads_what_is_needed(self, visitor: Client) -> None:
        told = text_of(visitor.get("/registreren"))
        for words in (
            "kaartlezer",
            "token",
            "e-mailadres",
            "btw-nummer",
            "rekeningnummer",
            "omzet van vorig boekjaar",
            "het einde van je boekjaar",
            "8 werkdagen",
            "4 werkdagen",
            "Meld je aan en begin",
        ):
            assert words in told, words
        assert not BARE_PERCENTAGE.search(told)

    def test_the_calculator_names_the_days(self, visitor: Client) -> None:
        start = timezone.localdate() + timedelta(days=300)
        told = text_of(visitor.get("/registreren", {"start": start.isoformat()}))
        assert "Je bent op tijd als je vandaag begint" in told
        soon = timezone.localdate() + timedelta(days=1)
        told = text_of(visitor.get("/registreren", {"start": soon.isoformat()}))
        assert "Je code kan na de start komen" in told
        past = timezone.localdate() - timedelta(days=60)
        told = text_of(visitor.get("/registreren", {"start": past.isoformat()}))
        assert "Te laat, hoe je je ook aanmeldt" in told

    def test_it_answers_while_somebody_types(self, visitor: Client) -> None:
        answer = visitor.get("/registreren?start=2026-12-01", headers={"X-Fragment": "1"})
        assert "<html" not in answer.content.decode()

    @pytest.mark.parametrize("typed", ["", "morgen", "2026-02-30", "0000-00-00", "9999-12-31"])
    def test_what_is_no_day_is_explained(self, visitor: Client, typed: str) -> None:
        answer = visitor.get("/registreren", {"start": typed})
        assert answer.status_code == 200


def test_the_days_of_token_and_letter() -> None:
    """Guide 4: 8 and 4 working days; All Saints' Day and Armistice Day of 2026 are a Sunday and a Wednesday."""
    days = waiting(today=date(2026, 11, 2), starts_on=date(2026, 11, 13), apply_after_start_days=14)
    assert (days.letter_by_card, days.token, days.letter_by_token) == (
        date(2026, 11, 6),
        date(2026, 11, 13),
        date(2026, 11, 19),
    )
    assert days.apply_until == date(2026, 11, 27)
    assert (days.card_is_late, days.token_is_late, days.token_is_too_late) == (False, True, False)
    late = waiting(today=date(2026, 11, 2), starts_on=date(2026, 11, 4), apply_after_start_days=14)
    assert (late.card_is_late, late.card_is_too_late, late.token_is_too_late) == (True, False, True)


class TestEmail:
    def test_the_code_comes_back_and_the_next_step_is_the_enterprise(self, world: World) -> None:
        client = enter(newcomer("kim", confirmed=False))
        assert client.get("/registreren/onderneming")["Location"] == "/registreren/e-mail"
        assert client.post("/registreren/e-mail", {"email": "kim@b.example"}).status_code == 302
        code = mailed_code("email_code")
        assert f'value="{code}"' in client.get(f"/registreren/e-mail?code={code}").content.decode()
        told = text_of(client.post("/registreren/e-mail", {"code": another(code, 8)}))
        assert "Je kunt het nog 4 keer proberen" in told
        assert client.post("/registreren/e-mail", {"code": code})["Location"] == "/registreren/onderneming"

    def test_what_is_no_address_or_code_is_explained(self, world: World) -> None:
        client = enter(newcomer("kim", confirmed=False))
        assert "geen e-mailadres" in text_of(client.post("/registreren/e-mail", {"email": "kim"}))
        assert "geen code van ons" in text_of(client.post("/registreren/e-mail", {"code": "x"}))


class TestEnterprise:
    def test_it_shows_what_the_kbo_says_and_sends_the_letter_there(self, nora: Client) -> None:
        told = text_of(nora.get("/registreren/onderneming", {"nummer": "BE 1999.100.120"}))
        for words in ("Bakkerij Korst", "Teststraat 1", "9000 Stad", "Ja, stuur de brief"):
            assert words in told, words
        answer = nora.post("/registreren/onderneming", {"nummer": ENTERPRISE, "street": "Elders 1"})
        assert answer["Location"] == "/activeren"
        assert Activation.objects.get().envelope == "Bakkerij Korst\nTeststraat 1\n9000 Stad"

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("123", "geen ondernemingsnummer"),
            ("1999100417", "staat niet in de Kruispuntbank"),
            ("", "Vul je btw-nummer"),
        ],
    )
    def test_what_is_not_there_is_explained(self, nora: Client, typed: str, words: str) -> None:
        assert words in text_of(nora.get("/registreren/onderneming", {"nummer": typed}))
        assert words in text_of(nora.post("/registreren/onderneming", {"nummer": typed}))


class TestDemo:
    def test_it_names_an_enterprise_that_is_free_and_shows_the_letter(self, nora: Client) -> None:
        assert "1999.001.536" in text_of(nora.get("/registreren/onderneming"))
        nora.post("/registreren/onderneming", {"nummer": ENTERPRISE})
        assert "Je brief ligt in de brievenbus" in text_of(nora.get("/activeren"))
        page = nora.get("/brievenbus")
        assert "Bakkerij Korst, t.a.v. Nora, Teststraat 1, 9000 Stad" in text_of(page)
        address = re.search(r"/brievenbus/brief/[0-9]+", page.content.decode())
        assert address
        letter = nora.get(address[0])
        assert letter["Content-Type"] == "application/pdf"
        assert letter.content.startswith(b"%PDF")
        assert nora.get("/brievenbus/brief/999999").status_code == 404

    def test_a_real_installation_says_nothing_of_it(self, nora: Client, settings: Any) -> None:
        settings.DEMO = False
        nora.post("/registreren/onderneming", {"nummer": ENTERPRISE})
        assert "demo" not in text_of(nora.get("/registreren/onderneming"))
        assert "brievenbus" not in text_of(nora.get("/activeren"))


class TestActivate:
    def test_the_link_fills_the_code_in_and_the_person_begins(self, nora: Client) -> None:
        nora.post("/registreren/onderneming", {"nummer": ENTERPRISE})
        code = letter_code()
        assert f'value="{code}"' in nora.get(f"/activeren?code={code}").content.decode()
        before = nora.cookies["sessionid"].value
        assert nora.post("/activeren", {"code": code.lower()})["Location"] == "/mijn-onderneming"
        assert nora.cookies["sessionid"].value != before
        assert "Bakkerij Korst" in text_of(nora.get("/mijn-dossier"))

    def test_the_link_is_worth_nothing_to_somebody_else(self, nora: Client) -> None:
        nora.post("/registreren/onderneming", {"nummer": ENTERPRISE})
        thief = enter(newcomer("thief"))
        told = text_of(thief.get(f"/activeren?code={letter_code()}"))
        assert "Er is geen brief voor jou onderweg" in told
        assert "geen brief" in text_of(thief.post("/activeren", {"code": letter_code()}))
        assert (
            StrictClient()
            .get("/activeren?code=AAAA")["Location"]
            .startswith("/aanmelden?volgende=%2Factiveren")
        )

    def test_blocked_and_expired_letters_say_so_and_offer_a_new_one(self, nora: Client, world: World) -> None:
        nora.post("/registreren/onderneming", {"nummer": ENTERPRISE})
        code = letter_code()
        for _ in range(5):
            told = text_of(nora.post("/activeren", {"code": another(code)}))
        assert "te vaak een verkeerde code" in told
        assert "Stuur een nieuwe brief" in told
        assert nora.post("/activeren", {"opnieuw": ENTERPRISE}).status_code == 302
        assert letter_code() != code
        early = nora.post("/activeren", {"opnieuw": ENTERPRISE}, follow=True)
        assert "Je brief is onderweg" in text_of(early)
        Activation.objects.update(expires_at=NOW)
        assert "De code uit deze brief is te oud" in text_of(nora.get("/activeren"))

    def test_somebody_who_acts_already_may_register_another_enterprise(self, world: World) -> None:
        actor = newcomer("kim")
        ask_letter(actor=actor, enterprise=ENTERPRISE, at=timezone.now())
        client = enter(actor)
        assert "Je wacht op een brief" in text_of(client.get("/registreren"))


def test_who_acts_for_nobody_is_shown_the_way(nora: Client) -> None:
    for path in ("/mijn-dossier", "/mensen", "/klanten", "/wissel"):
        assert nora.get(path)["Location"] == "/registreren", path
    assert "nog voor niemand" in text_of(nora.get("/registreren"))
