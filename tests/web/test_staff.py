"""The pages of operator, provider and office: empty, filled, refused; and only for whom they are."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.as_web import as_worker
from tests.web.test_public import text_of
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.applications.models import Decision
from portefeuille.bank import queries as bank
from portefeuille.bank.models import StatementFile
from portefeuille.bank.tasks import book_statement_file
from portefeuille.budget.models import Budget
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.history.models import Look
from portefeuille.wallet import queries as wallets


@pytest.fixture(autouse=True)
def _today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: world.now)


@pytest.fixture
def operator(world: World, sign_in) -> Client:  # type: ignore[no-untyped-def]
    return sign_in(world.operator)


@pytest.fixture
def stray(world: World) -> int:
    """A half deposited training, and the rest of its own share with a mistyped reference."""
    application = world.apply()
    world.government_pays_in()
    world.deposit(application, "4000.00")
    right = wallets.wallet(application).reference
    world.transfer("2000.00", text=f"{right[:4]}{(int(right[4]) + 1) % 10}{right[5:]}")
    world.statement()
    return application


class TestOverview:
    def test_it_begins_empty(self, operator: Client) -> None:
        told = text_of(operator.get("/beheer"))
        assert "Nog geen uittreksels" in told

    def test_it_shows_what_waits(self, operator: Client, stray: int) -> None:
        told = text_of(operator.get("/beheer"))
        assert "€ 106.000,00" in told
        assert "Samen € 2.000,00" in told

    def test_it_warns_when_the_governments_money_is_used_up(self, operator: Client, world: World) -> None:
        application = world.apply()
        world.deposit(application, "6000.00")
        world.statement()
        assert "vraag de overheid om bij te storten" in text_of(operator.get("/beheer"))


class TestStatements:
    @pytest.fixture(autouse=True)
    def _at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The worker's job is done at once; that the page hands it over is what is tested here."""

        def at_once(**words: Any) -> None:
            with as_worker():
                book_statement_file(**words)

        monkeypatch.setattr(book_statement_file, "defer", at_once)

    def upload(self, client: Client, content: bytes, name: str = "x.cod"):  # type: ignore[no-untyped-def]
        return client.post("/beheer/uittreksels", {"file": SimpleUploadedFile(name, content)}, follow=True)

    def test_a_good_file_is_booked_and_reported(self, operator: Client, world: World) -> None:
        application = world.apply()
        world.deposit(application, "4000.00")
        answer = self.upload(operator, world.bank.close_day(world.day))
        told = text_of(answer)
        assert "Geboekt" in told
        assert "€ 4.000,00" in told
        assert "€ 2.666,66" in told
        assert world.figures(application).deposited == Money.euros("4000.00")

    def test_the_same_file_again_is_said_to_be_known(self, operator: Client, world: World) -> None:
        world.government_pays_in()
        content = world.bank.close_day(world.day)
        self.upload(operator, content)
        told = text_of(self.upload(operator, content))
        assert "Dit uittreksel was al geboekt. Er is niets bijgekomen" in told
        assert "Gestort in portefeuilles" not in told  # noughts would look like a booking
        assert "Was al geboekt" in text_of(operator.get("/beheer/uittreksels"))

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "leeg"),
            (b"%PDF-1.7", "PDF"),
            (b"PK\x03\x04", "zip"),
            (b"<?xml version='1.0'?>", "XML"),
            (b"hallo", "geen CODA-bestand"),
            (b"0000\x00", "tekens"),
        ],
    )
    def test_a_wrong_file_says_what_it_is_and_what_to_do(
        self, operator: Client, content: bytes, words: str
    ) -> None:
        told = text_of(self.upload(operator, content))
        assert "niet geboekt" in told
        assert words in told
        assert "er zijn geen mails vertrokken" in told

    def test_no_amount_in_a_refusal_is_parted_from_its_euro_sign(
        self, operator: Client, world: World
    ) -> None:
        world.government_pays_in()
        world.statement()
        world.bank.balance = world.bank.balance + Money.euros("1.00")
        answer = self.upload(operator, world.bank.close_day(world.day))
        assert "begint met" in text_of(answer)
        assert "€ " not in answer.content.decode()

    def test_no_file_is_said_plainly(self, operator: Client) -> None:
        assert "Kies eerst een bestand." in text_of(operator.post("/beheer/uittreksels", {}))

    def test_a_file_that_is_far_too_large_is_not_read(self, operator: Client, settings) -> None:  # type: ignore[no-untyped-def]
        settings.STATEMENT_MAX_BYTES = 10
        assert "groter dan 100 MB" in text_of(self.upload(operator, b"0" * 11))
        assert not StatementFile.objects.exists()

    @pytest.mark.parametrize(
        ("state", "words"), [("waiting", "wacht op zijn beurt"), ("reading", "3 van 10 bewegingen")]
    )
    def test_progress_is_shown_until_it_is_booked(
        self, operator: Client, world: World, state: str, words: str
    ) -> None:
        lines = (3, 10) if state == "reading" else (0, 0)
        file = StatementFile.objects.create(
            name="x",
            content=b"",
            digest="",
            handed_in_at=world.now,
            state=state,
            done_lines=lines[0],
            total_lines=lines[1],
        )
        answer = operator.get(f"/beheer/uittreksels/{file.pk}")
        assert words in text_of(answer)
        assert "data-refresh" in answer.content.decode()

    def test_a_file_that_does_not_exist(self, operator: Client) -> None:
        assert operator.get("/beheer/uittreksels/999").status_code == 404


class TestExceptions:
    def test_none_is_good_news(self, operator: Client) -> None:
        assert "Geen uitzonderingen" in text_of(operator.get("/beheer/uitzonderingen"))

    def test_the_queue_suggests_where_it_belongs(self, operator: Client, world: World, stray: int) -> None:
        told = text_of(operator.get("/beheer/uitzonderingen"))
        assert "Geen bruikbare mededeling" in told
        assert world.view(stray).project_number in told

    def test_the_suggestion_says_why_and_one_click_assigns_it(
        self, operator: Client, world: World, stray: int
    ) -> None:
        [one] = bank.exceptions()
        told = text_of(operator.get(f"/beheer/uitzonderingen/{one.id}"))
        assert [(seen.subject_id, seen.role) for seen in Look.objects.all()] == [(stray, "operator")]
        assert "de mededeling lijkt er erg op" in told
        sent = {"wat": "toewijzen", "projectnummer": world.view(stray).project_number}
        answer = operator.post(f"/beheer/uitzonderingen/{one.id}", sent, follow=True)
        assert "de overheid legde er € 1.333,34 bij" in text_of(answer)
        assert world.view(stray).state is State.FUNDED

    def test_an_unknown_project_number_is_kept_and_explained(self, operator: Client, stray: int) -> None:
        [one] = bank.exceptions()
        sent = {"wat": "toewijzen", "projectnummer": "kp2026-999999"}
        answer = operator.post(f"/beheer/uitzonderingen/{one.id}", sent)
        assert answer.status_code == 400
        assert "kp2026-999999" in answer.content.decode()
        assert "Kijk het projectnummer na" in text_of(answer)

    def test_it_is_sent_back(self, operator: Client, stray: int) -> None:
        [one] = bank.exceptions()
        operator.post(f"/beheer/uitzonderingen/{one.id}", {"wat": "terugsturen"})
        assert [payment.kind for payment in wallets.waiting_payments()] == ["return"]
        assert "Teruggestuurd" in text_of(operator.get("/beheer/uitzonderingen"))

    def test_it_is_the_governments(self, operator: Client, stray: int) -> None:
        [one] = bank.exceptions()
        operator.post(f"/beheer/uitzonderingen/{one.id}", {"wat": "overheid"})
        assert bank.exceptions() == []

    def test_a_second_click_is_harmless(self, operator: Client, world: World, stray: int) -> None:
        [one] = bank.exceptions()
        for _ in range(2):
            answer = operator.post(f"/beheer/uitzonderingen/{one.id}", {"wat": "terugsturen"})
        assert "al afgehandeld" in text_of(answer)
        assert len(wallets.waiting_payments()) == 1
        world.prove()

    def test_a_settled_one_offers_nothing_more(self, operator: Client, stray: int) -> None:
        [one] = bank.exceptions()
        operator.post(f"/beheer/uitzonderingen/{one.id}", {"wat": "terugsturen"})
        page = operator.get(f"/beheer/uitzonderingen/{one.id}").content.decode()
        assert 'name="wat"' not in page


class TestPayments:
    def test_nothing_to_pay(self, operator: Client) -> None:
        assert "Niets te betalen" in text_of(operator.get("/beheer/betalingen"))

    def test_from_waiting_to_a_file_that_is_always_the_same(
        self,
        operator: Client,
        world: World,
        sign_in,  # type: ignore[no-untyped-def]
    ) -> None:
        application = world.funded()
        world.order(application)
        assert "Maak een betaalbestand van € 10.000,00" in text_of(operator.get("/beheer/betalingen"))
        address = operator.post("/beheer/betalingen")["Location"]
        assert "Kompas en Co BV" in text_of(operator.get(address))
        assert "Jij maakte dit betaalbestand" in text_of(operator.get(address))
        assert operator.post(f"{address}/bestand").status_code == 409
        assert operator.post(f"{address}/vrijgeven").status_code == 403
        colleague = sign_in(world.second_operator)
        assert "Geef € 10.000,00 vrij" in text_of(colleague.get(address))
        assert "is vrijgegeven" in text_of(colleague.post(f"{address}/vrijgeven", follow=True))
        first, again = (operator.post(f"{address}/bestand") for _ in range(2))
        assert first["Content-Type"] == "application/xml"
        assert "attachment" in first["Content-Disposition"]
        assert first.content == again.content
        assert b"<InstdAmt" in first.content

    def test_what_the_account_can_not_carry_is_said_with_what_to_do(
        self, operator: Client, world: World
    ) -> None:
        application = world.apply()
        world.deposit(application, "6000.00")
        world.statement()
        world.order(application)
        answer = operator.post("/beheer/betalingen")
        assert answer.status_code == 400
        assert "kan deze betalingen niet dragen" in text_of(answer)


class TestLedger:
    def test_the_books_are_proven_and_shown(self, operator: Client, stray: int) -> None:
        told = text_of(operator.get("/beheer/grootboek"))
        assert "De boeken kloppen." in told
        assert "€ 106.000,00" in told

    def test_a_broken_law_is_red_and_says_what_broke_it(
        self, operator: Client, stray: int, world: World
    ) -> None:
        Budget.objects.update(committed_cents=1)
        told = text_of(operator.get("/beheer/grootboek"))
        assert "De boeken kloppen niet." in told
        assert "budget gids 2026" in told


class TestProvider:
    @pytest.fixture
    def provider(self, world: World, sign_in) -> Client:  # type: ignore[no-untyped-def]
        return sign_in(world.provider)

    def test_without_customers(self, provider: Client) -> None:
        assert "Nog geen aanvragen" in text_of(provider.get("/dienstverlener"))

    def test_she_sees_what_her_customers_still_have_to_do(self, provider: Client, world: World) -> None:
        application = world.apply()
        assert "Wacht op storting Je klant moet nog storten." in text_of(provider.get("/dienstverlener"))
        world.government_pays_in()
        world.deposit(application, "6000.00")
        world.statement()
        for address in ("/dienstverlener", f"/dienstverlener/{application}"):
            assert "Je klant moet nog op “Ik betaal” klikken." in text_of(provider.get(address))
        world.order(application)
        assert "Je klant moet" not in text_of(provider.get("/dienstverlener"))

    def test_paid_then_confirmed(self, provider: Client, world: World, sign_in) -> None:  # type: ignore[no-untyped-def]
        application = world.funded()
        world.order(application)
        world.pay()
        world.statement()
        told = text_of(provider.get(f"/dienstverlener/{application}"))
        assert "€ 2.100,00" in told
        assert "Na 6 maart 2026 vragen we" in told
        world.pass_days(4)
        provider = sign_in(world.provider)  # a working day later the session has ended
        assert "Ja, dit klopt" in text_of(provider.get(f"/dienstverlener/{application}"))
        answer = provider.post(f"/dienstverlener/{application}", follow=True)
        assert "Dit project is afgerond." in text_of(answer)
        assert world.view(application).state is State.CLOSED
        told = text_of(provider.get("/dienstverlener"))
        assert "Ontvangen uit portefeuilles € 10.000,00" in told

    def test_confirming_before_it_is_paid_is_refused(self, provider: Client, world: World) -> None:
        application = world.apply()
        assert provider.post(f"/dienstverlener/{application}").status_code == 409


class TestOffice:
    @pytest.fixture
    def office(self, world: World, sign_in) -> Client:  # type: ignore[no-untyped-def]
        return sign_in(world.office)

    @pytest.fixture
    def case(self, world: World) -> int:
        actor = world.enterprise(
            OTHER_ENTERPRISE, "Studio Brussel", "BE95999020000258", zipcode="1000", works_at="1800"
        )
        return world.apply(actor=actor)

    def test_nothing_waits(self, office: Client) -> None:
        assert "Niets te beslissen" in text_of(office.get("/kantoor"))

    def test_the_queue_says_why(self, office: Client, case: int) -> None:
        assert "zetel in Brussel" in text_of(office.get("/kantoor"))

    def test_it_is_approved_with_reasons(self, office: Client, world: World, case: int) -> None:
        sent = {"outcome": "approve", "reasons": "De deelnemers werken in Vilvoorde."}
        answer = office.post(f"/kantoor/{case}", sent, follow=True)
        assert "is goedgekeurd" in text_of(answer)
        assert world.view(case).state is State.APPROVED
        assert Decision.objects.last().reasons == sent["reasons"]

    @pytest.mark.parametrize("sent", [{"reasons": "Daarom."}, {"outcome": "approve", "reasons": " "}])
    def test_without_a_choice_or_reasons_nothing_is_decided(
        self, office: Client, world: World, case: int, sent: dict[str, str]
    ) -> None:
        answer = office.post(f"/kantoor/{case}", sent)
        assert "Dit klopt nog niet" in text_of(answer)
        assert sent["reasons"].strip() in answer.content.decode()
        assert world.view(case).state is State.SUBMITTED

    def test_a_colleague_who_was_faster_loses_nobodys_words(
        self, office: Client, world: World, case: int
    ) -> None:
        office.post(
            f"/kantoor/{case}", {"outcome": "approve", "reasons": "De deelnemers werken in Vilvoorde."}
        )
        told = text_of(office.post(f"/kantoor/{case}", {"outcome": "refuse", "reasons": "Een lang betoog."}))
        assert "Deze aanvraag wacht niet meer op een beslissing." in told
        assert "Dit schreef je, het is niet bewaard: Een lang betoog." in told
        assert world.view(case).state is State.APPROVED

    def test_it_shows_all_that_is_needed_to_decide(self, office: Client, case: int) -> None:
        told = text_of(office.get(f"/kantoor/{case}"))
        for words in (
            "Met een zetel in Brussel",
            "Bron: de gids, hoofdstuk 1 · onze lezing",
            "Thema Ondernemen en strategie",
            "Nele – Zelfstandige of zaakvoerder",
            "Btw € 2.100,00",
            "Erkenningsnummer DV.O900501",
            "Ondernemingsnummer 1999.100.219",
            "Nog vrij € 4.000,00",
            "Aanvraag ingediend 2 maart 2026, 10.00 uur, ondernemer",
        ):
            assert words in told, words

    def test_a_decided_case_can_still_be_read(self, office: Client, world: World) -> None:
        page = office.get(f"/kantoor/{world.apply()}").content.decode()
        assert not re.search(r'name="outcome"', page)


# Every page of the staff, and who may open it.
PAGES = {
    "/beheer": {"operator", "office"},
    "/beheer/uittreksels": {"operator"},
    "/beheer/uitzonderingen": {"operator"},
    "/beheer/betalingen": {"operator"},
    "/beheer/grootboek": {"operator", "office"},
    "/kantoor": {"office"},
    "/kantoor/ondernemingen": {"office", "operator"},
    "/kantoor/brieven": {"office"},
    "/kantoor/vrijgeven": {"office"},
    "/dossiers": {"office"},
    "/dienstverlener": {"provider"},
    "/mijn-dossier": {"entrepreneur"},
    "/aanvraag/nieuw": {"entrepreneur"},
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["operator", "office", "provider", "entrepreneur"])
def test_a_page_is_only_for_whom_it_is(world: World, sign_in, path: str, role: str) -> None:  # type: ignore[no-untyped-def]
    answer = sign_in(getattr(world, role)).get(path)
    assert answer.status_code == (200 if role in PAGES[path] else 403)


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_is_sent_to_the_sign_in(visitor: Client, path: str) -> None:
    assert visitor.get(path)["Location"].startswith("/aanmelden?volgende=")
