"""The pages for anybody: front page, calculator, help, demo sign-in, mailbox, and the pages for when it goes wrong."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.world import World

from portefeuille.core import rules
from portefeuille.core.money import Money
from portefeuille.web import static
from portefeuille.web.public.home import calculate

BARE_PERCENTAGE = re.compile(r"\d\s*(%|procent|percent)")


def text_of(answer) -> str:  # type: ignore[no-untyped-def]
    plain = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return re.sub(r"\s+", " ", plain)


class TestHome:
    def test_it_shows_the_scheme_and_an_example(self, visitor: Client) -> None:
        told = text_of(visitor.get("/"))
        for words in (
            "€ 6.000,00",
            "€ 4.000,00",
            "€ 10.000,00",
            "€ 2.100,00",
            "financieel beheerder",
            "1700",
        ):
            assert words in told

    def test_no_percentage_stands_alone(self, visitor: Client) -> None:
        for path in ("/", "/hulp"):
            told = text_of(visitor.get(path))
            assert not BARE_PERCENTAGE.search(told), BARE_PERCENTAGE.search(told)

    def test_a_result_can_be_shared_by_its_address(self, visitor: Client) -> None:
        told = text_of(visitor.get("/?dienst=advice&bedrag=1.250,00&btw=0"))
        assert "€ 500,00" in told
        assert "€ 750,00" in told

    def test_too_little_is_said_with_what_to_do(self, visitor: Client) -> None:
        assert "geen subsidie" in text_of(visitor.get("/?dienst=advice&bedrag=499,99&btw=0"))

    @pytest.mark.parametrize("typed", ["abc", "-5", "1e9", "99999999999999999999", "12€34", "<b>"])
    def test_what_is_no_amount_is_kept_and_explained(self, visitor: Client, typed: str) -> None:
        answer = visitor.get("/", {"dienst": "training", "bedrag": typed, "btw": "21.00"})
        assert answer.status_code == 200
        assert "field-error" in answer.content.decode()

    @pytest.mark.parametrize(("typed", "is_noted"), [("10.000", False), ("12.000", True)])
    def test_above_the_years_room_it_says_how_we_read_the_scheme(
        self, visitor: Client, typed: str, is_noted: bool
    ) -> None:
        told = text_of(visitor.get("/", {"dienst": "training", "bedrag": typed, "btw": "21.00"}))
        assert ("dan krijg je wat over is en betaal je zelf de rest. (onze lezing)" in told) == is_noted

    def test_the_fragment_is_only_the_result(self, visitor: Client) -> None:
        answer = visitor.get("/?dienst=training&bedrag=100&btw=0", headers={"X-Fragment": "1"})
        assert "<html" not in answer.content.decode()
        assert "€ 40,00" in text_of(answer)

    @settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(cents=st.integers(1, 5_000_000), service=st.sampled_from(["training", "advice"]))
    def test_the_calculator_is_the_decision(self, cents: int, service: str) -> None:
        """Law 10: the same verdict and the same amounts as the rules give an application that meets all else."""
        day = date(2026, 3, 2)
        told = calculate(service=service, amount=Money(cents), vat_rate="21.00", on=day)
        regime = rules.load_scheme("gids").on(day)
        rate, ceiling = (int(regime.parameter(name).value) for name in ("subsidy_rate", "ceiling"))
        least = int(regime.parameter("minimum_amount").at(1 if service == "training" else 2))
        assert (told.outcome == "approved") == (cents >= least)
        if told.outcome == "approved":
            assert told.amounts.subsidy == Money(min(cents * rate // 10_000, ceiling))
            assert told.amounts.own_share + told.amounts.subsidy == Money(cents)


class TestHelp:
    def test_it_leads_to_registering(self, visitor: Client) -> None:
        page = visitor.get("/hulp")
        assert 'href="/registreren"' in page.content.decode()
        assert "niet gebouwd" not in text_of(page)

    def test_it_answers_the_seven_questions_with_regime_and_date(self, visitor: Client) -> None:
        told = text_of(visitor.get("/hulp"))
        words = "Geschreven op 25 november 2026, voor “De regels zoals de gids ze geeft”."
        assert told.count(words) == 7
        assert "1700" in told
        assert "van 9 tot 19 uur" in told
        assert "andere regels" not in told

    def test_it_says_so_where_other_rules_are_in_force(self, visitor: Client, settings) -> None:  # type: ignore[no-untyped-def]
        settings.SCHEME = "kmo-portefeuille"
        told = text_of(visitor.get("/hulp"))
        assert "Op dit platform gelden nu andere regels" in told
        assert (
            "Jij stort aan de financieel beheerder € 6.000,00" in told
        )  # the example stays that of the text

    def test_the_larger_share_is_the_enterprises(self, visitor: Client) -> None:
        told = text_of(visitor.get("/hulp"))
        assert "Jij stort aan de financieel beheerder € 6.000,00" in told


class TestSignIn:
    def test_it_says_that_it_is_a_demo(self, visitor: Client, world: World) -> None:
        told = text_of(visitor.get("/aanmelden/demo"))
        assert "Dit is een demo-aanmelding." in told

    def test_it_leads_where_one_wanted_to_go(self, visitor: Client, world: World) -> None:
        from tests.web.conftest import capacity_of

        answer = visitor.get("/mijn-dossier")
        assert answer["Location"] == "/aanmelden?volgende=%2Fmijn-dossier"
        sent = {"hoedanigheid": capacity_of(world.entrepreneur), "volgende": "/aanvraag/nieuw"}
        assert visitor.post("/aanmelden/demo", sent)["Location"] == "/aanvraag/nieuw"

    def test_it_leads_nowhere_else(self, visitor: Client, world: World) -> None:
        from tests.web.conftest import capacity_of

        for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
            sent = {"hoedanigheid": capacity_of(world.entrepreneur), "volgende": elsewhere}
            assert visitor.post("/aanmelden/demo", sent)["Location"] == "/mijn-dossier"

    def test_who_does_not_exist_can_not_sign_in(self, visitor: Client) -> None:
        for nobody in ("999999", "x", ""):
            assert visitor.post("/aanmelden/demo", {"hoedanigheid": nobody}).status_code == 404

    def test_signing_out_ends_it(self, world: World, sign_in) -> None:  # type: ignore[no-untyped-def]
        client = sign_in(world.entrepreneur)
        assert client.get("/mijn-dossier").status_code == 200
        client.post("/afmelden")
        assert client.get("/mijn-dossier").status_code == 302

    def test_a_capacity_that_is_taken_away_bites_at_the_next_request(self, world: World, sign_in) -> None:  # type: ignore[no-untyped-def]
        from portefeuille.identity.models import Capacity

        client = sign_in(world.entrepreneur)
        Capacity.objects.all().delete()
        assert client.get("/mijn-dossier").status_code == 302

    def test_production_has_neither_the_page_nor_the_back_end(self, tmp_path: Path) -> None:
        """In a process of its own, under the settings of a real installation: the choice is there, the demo is not."""
        (tmp_path / "key").write_text("k" * 60)
        program = """
import os, django
django.setup()
from django.conf import settings
from django.urls import NoReverseMatch, resolve, reverse, Resolver404
assert settings.DEMO is False and not any("demo" in one for one in settings.AUTHENTICATION_BACKENDS)
assert settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS
resolve("/aanmelden")
for path in ("/aanmelden/demo", "/brievenbus", "/brievenbus/1"):
    try:
        resolve(path)
    except Resolver404:
        continue
    raise SystemExit(f"{path} exists")
from portefeuille.identity.demo_sign_in import DemoSignIn
assert DemoSignIn().authenticate(None, demo_person=1) is None
assert DemoSignIn().get_user(1) is None
"""
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={
                "PYTHONPATH": str(Path(static.__file__).parents[2]),
                "DJANGO_SETTINGS_MODULE": "portefeuille.settings.production",
                "KMO_SECRET_KEY_FILE": str(tmp_path / "key"),
                "KMO_SEALING_KEY_FILE": str(tmp_path / "key"),
                "KMO_DATABASE_URL": "postgresql:///nowhere",
                "KMO_PUBLIC_ADDRESS": "https://portefeuille.example",
                "KMO_MAIL_FROM": "portefeuille@portefeuille.example",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


class TestMailbox:
    def test_it_is_empty_at_first(self, visitor: Client) -> None:
        assert "Nog geen mails" in text_of(visitor.get("/brievenbus"))

    def test_it_shows_what_people_would_get(self, visitor: Client, world: World) -> None:
        from portefeuille.messages.models import Message

        world.apply()
        assert "stort je eigen deel" in text_of(visitor.get("/brievenbus"))
        told = text_of(visitor.get(f"/brievenbus/{Message.objects.get().pk}"))
        assert "+++410/" in told
        assert visitor.get("/brievenbus/999999").status_code == 404


class TestWhenItGoesWrong:
    def test_an_address_that_does_not_exist(self, visitor: Client) -> None:
        answer = visitor.get("/bestaat-niet")
        assert answer.status_code == 404
        assert "Deze pagina bestaat niet" in text_of(answer)

    def test_a_form_without_its_proof(self, db: None) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/afmelden")
        assert answer.status_code == 403
        assert "stond te lang open" in text_of(answer)

    def test_a_failure_of_ours_says_that_nothing_was_half_done(
        self, monkeypatch: pytest.MonkeyPatch, db: None
    ) -> None:
        from portefeuille.web.public import mailbox

        def fail() -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(mailbox.messages, "newest", fail)
        answer = Client(raise_request_exception=False).get("/brievenbus")
        assert answer.status_code == 500
        assert "niets half gebeurd" in text_of(answer)

    def test_the_health_page_says_whether_the_database_answers(
        self, visitor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.db import OperationalError

        from portefeuille.web.public import health

        assert visitor.get("/gezondheid").json() == {"database": "up"}

        class Down:
            def cursor(self) -> None:
                raise OperationalError

        monkeypatch.setattr(health, "connection", Down())
        assert visitor.get("/gezondheid").status_code == 503

    def test_security_headers_are_on_every_page(self, visitor: Client) -> None:
        answer = visitor.get("/")
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_robots_stay_outside(self, visitor: Client) -> None:
        assert "Disallow: /project" in visitor.get("/robots.txt").content.decode()


class TestAssets:
    def test_they_are_kept_for_a_year_under_an_address_that_follows_their_content(
        self, visitor: Client
    ) -> None:
        address = static.address("css/base.css")
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer["Cache-Control"]
        assert answer["Content-Type"] == "text/css"
        assert static.digest("css/base.css") in address

    @pytest.mark.parametrize(
        "name", ["../settings/base.py", "..%2fsettings%2fbase.py", "", "css", "/etc/passwd"]
    )
    def test_nothing_else_is_ever_opened(self, visitor: Client, name: str) -> None:
        assert visitor.get(f"/static/{name}").status_code == 404
