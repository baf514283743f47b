"""The entrepreneur's pages, in each state of a project; what was typed is never lost, and nobody else looks in."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.web.test_public import text_of
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.applications import queries as applications
from portefeuille.applications.models import Application
from portefeuille.applications.operations.stop import cancel
from portefeuille.budget.models import Budget
from portefeuille.core.formats import ogm
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.wallet import queries as wallets


@pytest.fixture(autouse=True)
def _today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock is the world's."""
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: world.now)


@pytest.fixture
def client(world: World, sign_in) -> Client:  # type: ignore[no-untyped-def]
    return sign_in(world.entrepreneur)


STEP_1 = {
    "service": "training",
    "nace": "2008:10712",
    "name": "Leidinggeven",
    "theme": "business_strategy",
    "form": "classroom",
    "support": "Ik leer een ploeg aansturen.",
}
STEP_2 = {
    "person_name": ["Nele", "Bram"],
    "person_tie": ["self_employed_or_manager", "payroll"],
    "agreement_on": "2026-03-02",
    "starts_on": "2026-03-10",
    "ends_on": "2026-03-12",
}
STEP_3 = {"amount": "10.000", "vat": "2100", "provider_search": "DV.0900501"}


def start(client: Client) -> int:
    address = client.post("/aanvraag/nieuw")["Location"]
    return int(address.split("/")[2])


def fill(
    client: Client, draft: int, *, step_1: dict = STEP_1, step_2: dict = STEP_2, step_3: dict = STEP_3
) -> None:
    for step, sent, after in (
        ("wat", step_1, "wie-en-wanneer"),
        ("wie-en-wanneer", step_2, "prijs"),
        ("prijs", step_3, "nakijken"),
    ):
        answer = client.post(f"/aanvraag/{draft}/{step}", sent)
        assert answer.status_code == 302, text_of(answer)
        assert answer["Location"] == f"/aanvraag/{draft}/{after}"


def submit(client: Client, draft: int) -> None:
    page = client.get(f"/aanvraag/{draft}/nakijken").content.decode()
    [key] = re.findall(r'name="key" value="([^"]+)"', page)
    answer = client.post(f"/aanvraag/{draft}/nakijken", {"declared": "on", "key": key})
    assert answer.status_code == 302, text_of(answer)


class TestApplying:
    def test_from_the_first_step_to_an_approved_project(self, client: Client, world: World) -> None:
        draft = start(client)
        fill(client, draft)
        told = text_of(client.get(f"/aanvraag/{draft}/nakijken"))
        assert "Aan alle voorwaarden voldaan" in told
        assert "DV.O900501" in told
        submit(client, draft)
        view = world.view(draft)
        assert view.state is State.APPROVED
        assert [person.name for person in applications.people_of(draft)] == ["Nele", "Bram"]
        assert (view.amount, view.vat) == (Money.euros("10000.00"), Money.euros("2100.00"))

    def test_yourself_and_today_are_filled_in(self, client: Client, world: World) -> None:
        page = client.get(f"/aanvraag/{start(client)}/wie-en-wanneer").content.decode()
        assert f'value="{world.entrepreneur.name}"' in page
        assert 'value="2026-03-02"' in page

    def test_looking_makes_no_draft(self, client: Client) -> None:
        client.get("/aanvraag/nieuw")
        assert not Application.objects.exists()

    @pytest.mark.parametrize(
        ("step", "sent", "words"),
        [
            ("wat", {**STEP_1, "name": ""}, "Vul de naam in"),
            ("wat", {**STEP_1, "form": ""}, "Kies hoe de opleiding gegeven wordt."),
            ("wat", {**STEP_1, "nace": "2008:99999"}, "keuzes"),
            ("wie-en-wanneer", {**STEP_2, "ends_on": "2026-03-01"}, "ligt voor de eerste"),
            ("wie-en-wanneer", {**STEP_2, "starts_on": "31/2/2026"}, "“31/2/2026” is geen dag"),
            ("wie-en-wanneer", {**STEP_2, "person_name": ["", ""], "person_tie": ["", ""]}, "Vul in wie"),
            ("wie-en-wanneer", {**STEP_2, "person_tie": ["", "payroll"]}, "Vul van elke persoon"),
            ("prijs", {**STEP_3, "amount": "tienduizend"}, "“tienduizend” is geen bedrag"),
            ("prijs", {**STEP_3, "vat": ""}, "Kies het btw-tarief"),
            ("prijs", {**STEP_3, "provider_search": "DV.O999999"}, "vinden deze dienstverlener niet"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
        self, client: Client, step: str, sent: dict, words: str
    ) -> None:
        draft = start(client)
        answer = client.post(f"/aanvraag/{draft}/{step}", sent)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "Dit klopt nog niet" in page
        assert words in text_of(answer) or words == "keuzes"
        again = client.get(f"/aanvraag/{draft}/{step}").content.decode()
        typed = [value for value in sent.values() if isinstance(value, str) and len(value) > 4]
        for value in typed:
            if value not in ("2008:99999",):
                assert value in again, value

    def test_an_advice_is_for_one_person(self, client: Client) -> None:
        draft = start(client)
        client.post(f"/aanvraag/{draft}/wat", {**STEP_1, "service": "advice", "form": ""})
        assert "Een advies is voor één persoon" in text_of(
            client.post(f"/aanvraag/{draft}/wie-en-wanneer", STEP_2)
        )

    def test_a_row_can_be_added_without_losing_the_others(self, client: Client) -> None:
        draft = start(client)
        answer = client.post(f"/aanvraag/{draft}/wie-en-wanneer", {**STEP_2, "nog_iemand": "ja"})
        page = answer.content.decode()
        assert page.count('name="person_name"') == 3
        assert 'value="Bram"' in page

    def test_a_provider_is_found_by_name_and_its_right_number_taken(
        self, client: Client, world: World
    ) -> None:
        draft = start(client)
        fill(client, draft, step_3={**STEP_3, "provider_search": "kompas"})
        submit(client, draft)
        assert world.view(draft).recognition_number == "DV.O900501"

    def test_the_wrong_number_is_refused_and_the_right_one_offered(
        self, client: Client, world: World
    ) -> None:
        draft = start(client)
        fill(client, draft, step_3={**STEP_3, "provider_search": "DV.A900502"})
        told = text_of(client.get(f"/aanvraag/{draft}/nakijken"))
        assert "zou geweigerd worden" in told
        assert "DV.O900501" in told
        submit(client, draft)
        assert "DV.O900501" in text_of(client.get(f"/project/{draft}"))

    def test_online_is_said_to_be_impossible_while_typing(self, client: Client) -> None:
        draft = start(client)
        answer = client.post(
            f"/aanvraag/{draft}/berekening", {**STEP_1, "form": "online"}, headers={"X-Fragment": "1"}
        )
        assert "Dit is niet in orde" in text_of(answer)

    def test_the_live_calculation_keeps_nothing(self, client: Client, world: World) -> None:
        draft = start(client)
        answer = client.post(
            f"/aanvraag/{draft}/berekening",
            {**STEP_1, **STEP_3, "amount": "12.000,00"},
            headers={"X-Fragment": "1"},
        )
        told = text_of(answer)
        assert "€ 8.000,00" in told
        assert "€ 4.000,00" in told
        assert "amount" not in applications.application(draft, actor=world.entrepreneur).answers

    @pytest.mark.parametrize(
        "evil", ["<script>alert(1)</script>", "a\x00b", "'; DROP TABLE x; --", "𝕏" * 300, "٣"]
    )
    def test_strange_text_is_only_text(self, client: Client, evil: str) -> None:
        draft = start(client)
        for step, field in (
            ("wat", "name"),
            ("prijs", "amount"),
            ("prijs", "provider_search"),
            ("wie-en-wanneer", "starts_on"),
        ):
            answer = client.post(f"/aanvraag/{draft}/{step}", {field: evil})
            assert answer.status_code == (400 if "\x00" in evil else 200), (step, field)
            assert "<script>alert" not in answer.content.decode()

    def test_a_calculation_that_comes_after_the_submission_is_no_mistake(
        self, client: Client, world: World
    ) -> None:
        answer = client.post(f"/aanvraag/{world.apply()}/berekening", {}, headers={"X-Fragment": "1"})
        assert (answer.status_code, answer.content) == (204, b"")

    def test_submitting_without_the_declaration_is_refused(self, client: Client) -> None:
        draft = start(client)
        fill(client, draft)
        assert "Vink de verklaring aan" in text_of(client.post(f"/aanvraag/{draft}/nakijken", {"key": "k"}))

    def test_submitting_an_incomplete_draft_says_what_is_missing(self, client: Client) -> None:
        draft = start(client)
        answer = client.post(f"/aanvraag/{draft}/nakijken", {"declared": "on", "key": "k"})
        assert "Kies of je een opleiding of een advies aanvraagt." in text_of(answer)

    def test_a_step_that_does_not_exist(self, client: Client) -> None:
        assert client.get(f"/aanvraag/{start(client)}/toveren").status_code == 404

    def test_a_submitted_application_is_not_edited(self, client: Client, world: World) -> None:
        assert client.get(f"/aanvraag/{world.apply()}/wat").status_code == 404


class TestThrowingAway:
    def test_a_draft_that_was_thrown_away_is_gone_from_the_overview(self, client: Client) -> None:
        draft = start(client)
        client.post(f"/aanvraag/{draft}/wat", STEP_1)
        assert "Leidinggeven" in text_of(client.get("/mijn-dossier"))
        assert "De aanvraag verdwijnt" in text_of(client.get(f"/project/{draft}/annuleren"))
        assert client.post(f"/project/{draft}/annuleren")["Location"] == "/mijn-dossier"
        assert "Leidinggeven" not in text_of(client.get("/mijn-dossier"))
        assert client.get(f"/project/{draft}").status_code == 404


class TestOverview:
    def test_it_begins_empty(self, client: Client) -> None:
        told = text_of(client.get("/mijn-dossier"))
        assert "Geen lopende projecten" in told
        assert "€ 4.000,00" in told

    def test_it_says_what_to_do_and_until_when(self, client: Client, world: World) -> None:
        world.apply()
        told = text_of(client.get("/mijn-dossier"))
        assert "Stort nog € 6.000,00." in told
        assert "Ten laatste op 1 april 2026." in told
        assert "€ 4.000,00 van € 4.000,00 is toegekend." in told

    def test_it_takes_the_same_number_of_queries_however_many_projects(
        self, client: Client, world: World, django_assert_max_num_queries
    ) -> None:
        for _ in range(6):
            world.apply("1000.00")
        with django_assert_max_num_queries(14):
            client.get("/mijn-dossier")


class TestProject:
    def test_the_deposit_instructions(self, client: Client, world: World) -> None:
        application = world.apply()
        told = text_of(client.get(f"/project/{application}"))
        for words in (
            "Stort € 6.000,00",
            "1 april 2026",
            "BE49 9990 0000 0171",
            ogm.pretty(wallets.wallet(application).reference),
            "niet aan je dienstverlener",
            "vroeger Sodexo",
        ):
            assert words in told
        assert "<svg" in client.get(f"/project/{application}").content.decode()

    def test_after_half_a_deposit_the_rest_is_asked(self, client: Client, world: World) -> None:
        application = world.apply()
        world.government_pays_in()
        world.deposit(application, "4000.00")
        world.statement()
        told = text_of(client.get(f"/project/{application}"))
        assert "Stort € 2.000,00" in told
        assert "€ 6.666,66 staat klaar" in told

    def test_after_payment_vat_is_the_last_step(self, client: Client, world: World) -> None:
        application = world.apply()
        world.government_pays_in()
        world.deposit(application, "6000.00")
        world.statement()
        world.order(application)
        world.pay()
        assert "onderweg naar Kompas" in text_of(client.get(f"/project/{application}"))
        world.statement()
        told = text_of(client.get(f"/project/{application}"))
        assert "Betaal zelf nog de btw van € 2.100,00" in told
        assert "BE64 9990 3000 0352" in told

    def test_an_exempt_provider_asks_no_vat(self, client: Client, world: World) -> None:
        application = world.apply("1000.00", vat_basis_points=None, vat_exempt=True)
        world.government_pays_in()
        world.deposit(application, "600.00")
        world.statement()
        world.order(application)
        world.pay()
        world.statement()
        told = text_of(client.get(f"/project/{application}"))
        assert "rekent geen btw aan" in told
        assert "Btw zelf betalen" not in told

    def test_a_refused_one_says_why_and_what_to_do(self, client: Client, world: World) -> None:
        told = text_of(client.get(f"/project/{world.apply(form='online')}"))
        assert "Je aanvraag is geweigerd" in told
        assert "niet in orde" in told

    def test_one_that_waits_for_budget_asks_no_money(self, client: Client, world: World) -> None:
        Budget.objects.update(voted_cents=0)
        told = text_of(client.get(f"/project/{world.apply()}"))
        assert "wacht op budget" in told
        assert "Stort nog niets" in told

    def test_a_cancelled_one_says_where_the_money_goes(self, client: Client, world: World) -> None:
        application = world.apply()
        world.deposit(application, "100.00")
        world.statement()
        page = text_of(client.get(f"/project/{application}/annuleren"))
        assert "Terug op jouw rekening € 100,00" in page
        assert client.post(f"/project/{application}/annuleren").status_code == 302
        assert "We storten € 100,00 terug" in text_of(client.get(f"/project/{application}"))
        world.prove()

    def test_the_decision_shows_every_rule_with_its_source(self, client: Client, world: World) -> None:
        told = text_of(client.get(f"/project/{world.apply()}"))
        assert "Bron: GUIDE" in told
        assert "Onze lezing" in told

    def test_a_draft_leads_back_to_its_form(self, client: Client) -> None:
        draft = start(client)
        assert client.get(f"/project/{draft}")["Location"] == f"/aanvraag/{draft}/wat"


class TestPaying:
    @pytest.fixture
    def funded(self, world: World) -> int:
        application = world.apply()
        world.government_pays_in()
        world.deposit(application, "6000.00")
        world.statement()
        return application

    def test_all_of_it_is_filled_in(self, client: Client, funded: int) -> None:
        assert 'value="10.000,00"' in client.get(f"/project/{funded}/betalen").content.decode()

    def test_one_click_orders_all(self, client: Client, world: World, funded: int) -> None:
        answer = client.post(
            f"/project/{funded}/betalen", {"amount": "10.000,00", "reference": "", "key": "k"}
        )
        assert answer.status_code == 302
        assert world.figures(funded).ordered == Money.euros("10000.00")

    def test_a_smaller_amount_warns_in_euro_before_it_is_ordered(
        self, client: Client, world: World, funded: int
    ) -> None:
        sent = {"amount": "4000", "reference": "", "key": "k"}
        answer = client.post(f"/project/{funded}/betalen", sent)
        assert "Er blijft € 6.000,00 onbetaald" in text_of(answer)
        assert world.figures(funded).ordered == Money.ZERO
        client.post(f"/project/{funded}/betalen", {**sent, "sure": "4000.00"})
        assert world.figures(funded).ordered == Money.euros("4000.00")

    def test_a_changed_amount_warns_again(self, client: Client, world: World, funded: int) -> None:
        sent = {"amount": "3000", "reference": "", "key": "k", "sure": "4000.00"}
        assert "onbetaald" in text_of(client.post(f"/project/{funded}/betalen", sent))
        assert world.figures(funded).ordered == Money.ZERO

    @pytest.mark.parametrize("amount", ["10.000,01", "0", "-1", "veel"])
    def test_a_wrong_amount_is_refused_and_kept(
        self, client: Client, world: World, funded: int, amount: str
    ) -> None:
        answer = client.post(f"/project/{funded}/betalen", {"amount": amount, "reference": "", "key": "k"})
        assert answer.status_code == 200
        assert f'value="{amount}"' in answer.content.decode()
        assert world.figures(funded).ordered == Money.ZERO

    def test_a_wrong_reference_is_refused_and_kept(self, client: Client, world: World, funded: int) -> None:
        sent = {"amount": "10.000,00", "reference": "+++123/4567/89012+++", "key": "k"}
        answer = client.post(f"/project/{funded}/betalen", sent)
        assert "Deze gestructureerde mededeling klopt niet" in text_of(answer)
        assert "+++123/4567/89012+++" in answer.content.decode()

    def test_a_double_click_orders_once(self, client: Client, world: World, funded: int) -> None:
        sent = {"amount": "10.000,00", "reference": "", "key": "the-same"}
        for _ in range(2):
            client.post(f"/project/{funded}/betalen", sent)
        assert len(wallets.payments(funded)) == 1

    def test_nothing_held_means_nothing_to_pay(self, client: Client, world: World) -> None:
        assert "niets klaar om te betalen" in text_of(client.get(f"/project/{world.apply()}/betalen"))


class TestWalls:
    @pytest.mark.parametrize(
        "address",
        [
            "/project/{}",
            "/project/{}/betalen",
            "/project/{}/annuleren",
            "/aanvraag/{}/wat",
            "/aanvraag/{}/nakijken",
            "/kantoor/{}",
            "/dienstverlener/{}",
        ],
    )
    @pytest.mark.parametrize("is_draft", [True, False])
    def test_another_enterprise_sees_nothing(
        self, world: World, sign_in, client: Client, address: str, is_draft: bool
    ) -> None:
        number = start(client) if is_draft else world.apply()
        stranger = sign_in(world.enterprise(OTHER_ENTERPRISE, "Vreemd", "BE95999020000258"))
        for method in ("get", "post"):
            answer = getattr(stranger, method)(address.format(number))
            assert answer.status_code in (403, 404) or (method, answer.status_code) == ("post", 405)

    @pytest.mark.parametrize(
        "address",
        [
            "/beheer",
            "/beheer/uittreksels",
            "/beheer/uitzonderingen",
            "/beheer/betalingen",
            "/beheer/grootboek",
            "/kantoor",
        ],
    )
    def test_the_staffs_pages_are_not_for_entrepreneurs(self, client: Client, address: str) -> None:
        assert client.get(address).status_code == 403

    def test_cancelling_by_somebody_else_changes_nothing(self, world: World, sign_in) -> None:
        application = world.apply()
        stranger = sign_in(world.enterprise(OTHER_ENTERPRISE, "Vreemd", "BE95999020000258"))
        stranger.post(f"/project/{application}/annuleren")
        assert world.view(application).state is State.APPROVED


def test_a_lapsed_project_says_so(client: Client, world: World) -> None:
    application = world.apply()
    cancel(actor=world.entrepreneur, application=application, at=world.now)
    Application.objects.filter(pk=application).update(state=State.LAPSED)
    assert "Je aanvraag is vervallen" in text_of(client.get(f"/project/{application}"))
