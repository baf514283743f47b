"""The entrepreneur's pages, in each state of a project; what was typed is never lost, and nobody else looks in."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from tests.web.conftest import capacity_of
from tests.web.test_public import text_of
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.applications import queries as applications
from portefeuille.applications.models import Application
from portefeuille.applications.operations.decide_by_hand import decide_by_hand
from portefeuille.applications.operations.stop import cancel, lapse
from portefeuille.budget.models import Budget
from portefeuille.core.formats import ogm
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.identity.roles import Actor
from portefeuille.providers.models import Provider, Recognition
from portefeuille.providers.operations.supervise import suspend
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
    "agreement_on": "2/3/2026",
    "starts_on": "10/3/2026",
    "ends_on": "12/3/2026",
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
        assert 'value="2/3/2026"' in page

    def test_looking_makes_no_draft(self, client: Client) -> None:
        client.get("/aanvraag/nieuw")
        assert not Application.objects.exists()

    @pytest.mark.parametrize(
        ("step", "sent", "words"),
        [
            ("wat", {**STEP_1, "name": ""}, "Vul de naam in"),
            ("wat", {**STEP_1, "form": ""}, "Kies hoe de opleiding gegeven wordt."),
            ("wat", {**STEP_1, "nace": "2008:99999"}, "Kies de activiteit van je onderneming"),
            ("wat", {**STEP_1, "name": "x" * 10_000}, "Dit is te lang: het mag hoogstens 200 tekens zijn"),
            ("wat", {**STEP_1, "support": "y" * 10_000}, "hoogstens 1000 tekens"),
            ("wie-en-wanneer", {**STEP_2, "ends_on": "1/3/2026"}, "ligt voor de eerste"),
            ("wie-en-wanneer", {**STEP_2, "starts_on": "31/2/2026"}, "“31/2/2026” is geen dag"),
            ("wie-en-wanneer", {**STEP_2, "person_name": ["", ""], "person_tie": ["", ""]}, "Vul in wie"),
            ("wie-en-wanneer", {**STEP_2, "starts_on": "2/3/0202"}, "ligt te ver weg"),
            ("wie-en-wanneer", {**STEP_2, "person_tie": ["", "payroll"]}, "Kies de band van persoon 1"),
            ("wie-en-wanneer", {**STEP_2, "person_tie": ["koning", "payroll"]}, "Kies de band van persoon 1"),
            ("wie-en-wanneer", {**STEP_2, "person_name": ["Nele", ""]}, "Vul de naam van persoon 2 in."),
            ("wie-en-wanneer", {**STEP_2, "person_name": ["N" * 201, "Bram"]}, "persoon 1 is te lang"),
            (
                "wie-en-wanneer",
                {**STEP_2, "person_name": ["Nele"] * 51, "person_tie": ["payroll"] * 51},
                "hoogstens 50 mensen",
            ),
            ("prijs", {**STEP_3, "amount": "tienduizend"}, "“tienduizend” is geen bedrag"),
            ("prijs", {**STEP_3, "amount": "-100"}, "hoger is dan € 0,00"),
            ("prijs", {**STEP_3, "amount": "9999999999,00"}, "Dit bedrag is te groot"),
            ("prijs", {**STEP_3, "vat": ""}, "Kies het btw-tarief"),
            ("prijs", {**STEP_3, "vat": "77"}, "Kies het btw-tarief"),
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
        assert words in text_of(answer)
        again = client.get(f"/aanvraag/{draft}/{step}").content.decode()
        typed = [value for value in sent.values() if isinstance(value, str) and len(value) > 4]
        for value in typed:
            if value not in ("2008:99999",):
                assert value in again, value
        for value in [*sent.get("person_name", []), *sent.get("person_tie", [])]:
            assert f'"{value}"' in again or value == "koning", value

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

    def test_a_suspended_provider_is_shown_as_such_and_refused(self, client: Client, world: World) -> None:
        row = Recognition.objects.get(number="DV.O900501")
        suspend(actor=world.office, recognition=row.pk, reasons="x", at=world.now)
        draft = start(client)
        fill(client, draft)
        page = client.post(f"/aanvraag/{draft}/prijs", {**STEP_3, "zoek": "ja"})
        assert "DV.O900501 (geschorst)" in text_of(page)
        assert "zou geweigerd worden" in text_of(client.get(f"/aanvraag/{draft}/nakijken"))

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
        assert "onze lezing" in told
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
            assert answer.status_code == 200, (step, field)
            assert "<script>alert" not in answer.content.decode()

    def test_invisible_marks_that_came_with_a_paste_are_dropped_and_the_rest_is_kept(
        self, client: Client, world: World
    ) -> None:
        draft = start(client)
        fill(client, draft, step_1={**STEP_1, "name": "Leiding\x00geven\x01\x7f\r\n op de werkvloer"})
        submit(client, draft)
        assert world.view(draft).name == "Leidinggeven op de werkvloer"

    def test_an_address_with_such_a_mark_is_refused(self, client: Client) -> None:
        assert client.get("/?bedrag=%00").status_code == 400

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

    def test_a_submitted_application_is_not_edited_but_leads_to_its_project(
        self, client: Client, world: World
    ) -> None:
        application = world.apply()
        before = world.view(application)
        for answer in (
            client.get(f"/aanvraag/{application}/wat"),
            client.post(f"/aanvraag/{application}/wat", {**STEP_1, "name": "Iets anders"}),
        ):
            assert answer["Location"] == f"/project/{application}"
        assert world.view(application) == before
        assert f"Je projectnummer is {before.project_number}" in text_of(
            client.get(f"/project/{application}")
        )

    def test_a_second_click_on_submit_leads_to_the_project_of_the_first(
        self, client: Client, world: World
    ) -> None:
        draft = start(client)
        fill(client, draft)
        submit(client, draft)
        again = client.post(f"/aanvraag/{draft}/nakijken", {"declared": "on", "key": "another"})
        assert again["Location"] == f"/project/{draft}"
        assert Application.objects.exclude(submitted_at=None).count() == 1

    @pytest.mark.parametrize("sent", [{"naar": "wat"}, {"naar": "wat", "starts_on": "gisteren"}])
    def test_going_back_keeps_what_was_typed_also_when_it_is_not_right(
        self, client: Client, sent: dict
    ) -> None:
        draft = start(client)
        answer = client.post(f"/aanvraag/{draft}/wie-en-wanneer", {**STEP_2, **sent})
        assert answer["Location"] == f"/aanvraag/{draft}/wat"
        again = client.get(f"/aanvraag/{draft}/wie-en-wanneer").content.decode()
        assert f'value="{sent.get("starts_on", "10/3/2026")}"' in again

    def test_somebody_can_be_left_out(self, client: Client) -> None:
        draft = start(client)
        page = client.post(f"/aanvraag/{draft}/wie-en-wanneer", {**STEP_2, "weg": "0"}).content.decode()
        assert 'value="Nele"' not in page
        assert 'value="Bram"' in page
        assert 'name="weg"' not in page  # the last one stays

    def test_the_errors_about_people_lead_to_their_boxes(self, client: Client) -> None:
        sent = {**STEP_2, "person_name": ["Nele", ""], "person_tie": ["", "payroll"]}
        page = client.post(f"/aanvraag/{start(client)}/wie-en-wanneer", sent).content.decode()
        for name in ("band1", "naam2"):
            assert f'href="#{name}"' in page
            assert re.search(rf'id="{name}" name="person_(?:name|tie)"[^>]* aria-invalid="true"', page)

    def test_enter_goes_on_and_does_not_add_a_row_or_search(self, client: Client) -> None:
        """The first button of a form that a page holds is the one that Enter takes, wherever it stands."""
        draft = start(client)
        for step in ("wie-en-wanneer", "prijs"):
            page = client.get(f"/aanvraag/{draft}/{step}").content.decode()
            main = page[page.index("<main") :]
            assert re.search(r"<button[^>]*>", main)[0] == (  # type: ignore[index]
                '<button form="aanvraag" class="visually-hidden" tabindex="-1" aria-hidden="true">'
            )

    def test_the_right_number_is_one_click_away(self, client: Client, world: World) -> None:
        draft = start(client)
        client.post(f"/aanvraag/{draft}/wat", STEP_1)
        typed = {**STEP_3, "provider_search": "DV.A900502"}
        page = client.post(f"/aanvraag/{draft}/prijs", {**typed, "zoek": "ja"}).content.decode()
        assert 'name="gebruik" value="DV.O900501"' in page
        page = client.post(f"/aanvraag/{draft}/prijs", {**typed, "gebruik": "DV.O900501"}).content.decode()
        assert 'value="DV.O900501"' in page
        assert 'name="gebruik"' not in page
        assert "Het erkenningsnummer past bij de dienst – niet in orde" not in page

    def test_vat_for_a_provider_that_charges_none_is_doubted(self, client: Client, world: World) -> None:
        Provider.objects.update(vat_exempt=True)
        draft = start(client)
        fill(client, draft)
        assert "Kijk je offerte na." in text_of(client.get(f"/aanvraag/{draft}/nakijken"))

    def test_the_last_step_shows_every_answer(self, client: Client) -> None:
        draft = start(client)
        fill(client, draft)
        told = text_of(client.get(f"/aanvraag/{draft}/nakijken"))
        for words in (
            "Type dienstverlening Opleiding",
            "Naam Leidinggeven",
            "Thema Ondernemen en strategie",
            "Hoe Klassikaal",
            "10712",
            "Ik leer een ploeg aansturen.",
            "Nele – Zelfstandige of zaakvoerder",
            "Bram – Op de loonlijst",
            "2 maart 2026",
            "10 maart 2026 – 12 maart 2026",
            "€ 10.000,00",
            "Btw € 2.100,00 (het gewone tarief: € 21,00 op elke € 100,00)",
            "Dienstverlener Kompas",
            "Naam van de onderneming Kompas en Co BV",
            "Erkenningsnummer DV.O900501",
            "Ik verklaar op mijn eer",
        ):
            assert words in told, words

    def test_what_is_missing_leads_to_its_step(self, client: Client) -> None:
        draft = start(client)
        client.post(f"/aanvraag/{draft}/wat", STEP_1)
        for page in (
            client.get(f"/aanvraag/{draft}/nakijken").content.decode(),
            client.post(f"/aanvraag/{draft}/nakijken", {"declared": "on", "key": "k"}).content.decode(),
        ):
            assert f'<a href="/aanvraag/{draft}/wie-en-wanneer">Vul in wanneer het start.</a>' in page
            assert f'<a href="/aanvraag/{draft}/prijs">Vul het bedrag zonder btw in.</a>' in page
            assert "Kies een thema." not in page

    @pytest.mark.parametrize(
        ("step", "sent"),
        [
            ("wat", {**STEP_1, "service": "toverles"}),
            ("wat", {**STEP_1, "theme": "t" * 3000}),
            ("wat", {**STEP_1, "form": "zwevend"}),
            ("wat", {**STEP_1, "nace": "2008:" + "9" * 300}),
            ("wat", {**STEP_1, "nace": "tien-jaar:10712"}),
            ("wat", {**STEP_1, "name": "n" * 10_000}),
            ("wat", {**STEP_1, "support": "s" * 100_000}),
            ("wie-en-wanneer", {**STEP_2, "person_name": ["N" * 10_000, "Bram"]}),
            ("wie-en-wanneer", {**STEP_2, "person_tie": ["k" * 500, "payroll"]}),
            ("wie-en-wanneer", {**STEP_2, "agreement_on": "1/1/0001"}),
            ("prijs", {**STEP_3, "amount": "-5"}),
            ("prijs", {**STEP_3, "amount": "99999999999"}),
            ("prijs", {**STEP_3, "vat": "77"}),
            ("prijs", {**STEP_3, "vat": "9" * 30}),
            ("prijs", {**STEP_3, "vat": "\u0662\u0661\u0660\u0660"}),
        ],
    )
    def test_a_step_that_was_skipped_with_something_wrong_in_it_is_not_submitted(
        self, client: Client, world: World, step: str, sent: dict
    ) -> None:
        draft = start(client)
        for name, right in (("wat", STEP_1), ("wie-en-wanneer", STEP_2), ("prijs", STEP_3)):
            client.post(f"/aanvraag/{draft}/{name}", sent if name == step else right)
        assert client.get(f"/aanvraag/{draft}/nakijken").status_code == 200
        answer = client.post(f"/aanvraag/{draft}/nakijken", {"declared": "on", "key": "k"})
        assert "Dit klopt nog niet" in text_of(answer)
        assert f'<a href="/aanvraag/{draft}/{step}">' in answer.content.decode()
        assert world.view(draft).state is State.DRAFT


class TestSignedOutMeanwhile:
    def test_what_was_typed_is_there_after_signing_in_again(self, client: Client, world: World) -> None:
        draft = start(client)
        client.post("/afmelden")
        address = f"/aanvraag/{draft}/wat"
        answer = client.post(address, STEP_1)
        assert answer["Location"].startswith("/aanmelden?")
        assert "name" not in world.view(draft).answers  # nothing is kept on the word of somebody unknown
        client.post("/aanmelden/demo", {"hoedanigheid": capacity_of(world.entrepreneur)})
        page = client.get(address).content.decode()
        assert "Wat je typte, staat hier nog." in page
        assert 'value="Leidinggeven"' in page
        assert "Wat je typte" not in client.get(address).content.decode()

    def test_somebody_else_who_signs_in_sees_nothing_of_it(
        self, client: Client, world: World, sign_in
    ) -> None:
        draft = start(client)
        client.post("/afmelden")
        client.post(f"/aanvraag/{draft}/wat", STEP_1)
        stranger = world.enterprise(OTHER_ENTERPRISE, "Vreemd", "BE95999020000258")
        client.post("/aanmelden/demo", {"hoedanigheid": capacity_of(stranger)})
        assert client.get(f"/aanvraag/{draft}/wat").status_code == 404

    def test_a_payment_is_not_ordered_by_signing_in(self, client: Client, world: World) -> None:
        application = world.funded()
        client.post("/afmelden")
        address = f"/project/{application}/betalen"
        client.post(address, {"amount": "9.000", "reference": "", "key": "k", "sure": "9000.00"})
        client.post("/aanmelden/demo", {"hoedanigheid": capacity_of(world.entrepreneur)})
        assert 'value="9.000"' in client.get(address).content.decode()
        assert world.figures(application).ordered == Money.ZERO

    @pytest.mark.parametrize(
        ("address", "field", "secret"),
        [
            ("/mijn-aanmelding/kaart", "national_number", "85073000160"),
            ("/kantoor/vrijgeven", "rijksregisternummer", "85073000160"),
            ("/activeren", "code", "K7QF-9D2M-T4XW"),
        ],
    )
    def test_no_secret_waits_in_the_clear(
        self, client: Client, address: str, field: str, secret: str
    ) -> None:
        """The table of sessions is no place where a thief of a backup finds national numbers and codes."""
        client.post("/afmelden")
        client.post(address, {field: secret})
        (kept,) = Session.objects.filter(pk=client.session.session_key)
        told = kept.get_decoded()
        assert told["unsent"]["path"] == address
        assert secret not in str(told)

    def test_a_form_that_is_far_too_large_is_not_kept(self, client: Client) -> None:
        draft = start(client)
        client.post("/afmelden")
        client.post(f"/aanvraag/{draft}/wat", {**STEP_1, "support": "x" * 200_000})
        assert "unsent" not in client.session


class TestThrowingAway:
    def test_a_draft_that_was_thrown_away_is_gone_from_the_overview(self, client: Client) -> None:
        draft = start(client)
        client.post(f"/aanvraag/{draft}/wat", STEP_1)
        assert "Leidinggeven" in text_of(client.get("/mijn-dossier"))
        assert "De aanvraag verdwijnt" in text_of(client.get(f"/project/{draft}/annuleren"))
        assert client.post(f"/project/{draft}/annuleren")["Location"] == "/mijn-dossier"
        assert "Leidinggeven" not in text_of(client.get("/mijn-dossier"))
        assert client.get(f"/project/{draft}").status_code == 404

    @pytest.mark.parametrize(
        ("typed", "shown"), [("  ", "Aanvraag zonder naam"), ("n" * 10_000, "n" * 200 + "…")]
    )
    def test_a_draft_is_found_back_whatever_was_typed_as_its_name(
        self, client: Client, typed: str, shown: str
    ) -> None:
        draft = start(client)
        client.post(f"/aanvraag/{draft}/wat", {**STEP_1, "name": typed})
        for address in ("/mijn-dossier", "/aanvraag/nieuw", f"/project/{draft}/annuleren"):
            assert f">{shown}<" in client.get(address).content.decode()


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
        application = world.funded()
        world.order(application)
        world.pay()
        assert "onderweg naar Kompas" in text_of(client.get(f"/project/{application}"))
        world.statement()
        told = text_of(client.get(f"/project/{application}"))
        for words in (
            "Betaal zelf nog de btw van € 2.100,00 , rechtstreeks aan je dienstverlener:",
            "Bedrag € 2.100,00",
            "Rekening BE64 9990 3000 0352",
            "Op naam van Kompas en Co BV",
            f"Mededeling die van je factuur, of anders {world.view(application).project_number}",
            "De btw komt terug via je btw-aangifte als je ze mag aftrekken.",
        ):
            assert words in told, words

    def test_the_vat_carries_the_invoices_own_reference_when_the_order_told_it(
        self, client: Client, world: World
    ) -> None:
        application = world.funded()
        world.order(application, reference="+++090/9337/55493+++")
        world.pay()
        world.statement()
        assert "Mededeling +++090/9337/55493+++" in text_of(client.get(f"/project/{application}"))

    def test_a_part_that_is_paid_leaves_the_rest_to_pay(self, client: Client, world: World) -> None:
        application = world.apply("1000.00", vat_basis_points=None, vat_exempt=True)
        world.government_pays_in()
        world.deposit(application, "600.00")
        world.statement()
        world.order(application, "400.00")
        world.pay()
        world.statement()
        told = text_of(client.get(f"/project/{application}"))
        assert "Kompas kreeg al € 400,00" in told
        assert "moet je dienstverlener nog € 600,00 krijgen" in told
        assert "Je hoeft niets meer te betalen" not in told
        assert "€ 600,00 staat klaar" in told

    def test_money_that_comes_back_after_it_stopped_is_told_with_its_amounts(
        self, client: Client, world: World
    ) -> None:
        application = world.funded()
        payment = world.order(application, "4000.00")
        world.pay()
        world.statement()
        cancel(actor=world.entrepreneur, application=application, at=world.now)
        world.bounce(payment)
        world.statement()
        told = text_of(client.get(f"/project/{application}"))
        came_back = told[told.index("Teruggekomen geld teruggestort") :]
        assert "€ 2.400,00 terug naar de onderneming, € 1.600,00 terug naar de overheid" in came_back

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
        assert "Je hoeft niets te doen." in text_of(client.get("/mijn-dossier"))

    def test_a_refused_one_says_why_and_what_to_do(self, client: Client, world: World) -> None:
        told = text_of(client.get(f"/project/{world.apply(form='online')}"))
        assert "Je aanvraag is geweigerd" in told
        assert "niet in orde" in told

    def test_one_that_waits_for_budget_asks_no_money(self, client: Client, world: World) -> None:
        Budget.objects.update(voted_cents=0)
        told = text_of(client.get(f"/project/{world.apply()}"))
        assert "wacht op budget" in told
        assert "Stort nog niets" in told
        assert "Stort nog niets: je aanvraag wacht op budget." in text_of(client.get("/mijn-dossier"))

    def test_a_cancelled_one_says_where_the_money_goes(self, client: Client, world: World) -> None:
        application = world.apply()
        world.deposit(application, "100.00")
        world.statement()
        page = text_of(client.get(f"/project/{application}/annuleren"))
        assert "Terug op jouw rekening € 100,00" in page
        assert client.post(f"/project/{application}/annuleren").status_code == 302
        assert "We storten € 100,00 terug" in text_of(client.get(f"/project/{application}"))
        world.prove()

    def test_a_cancelled_one_does_not_say_that_a_term_was_missed(self, world: World, sign_in) -> None:
        application = world.apply()
        world.deposit(application, "100.00")
        world.statement()
        world.pass_days(1)
        cancel(actor=world.entrepreneur, application=application, at=world.now)
        client = sign_in(world.entrepreneur)
        told = text_of(client.get(f"/project/{application}"))
        assert "Deel gestort (klaar) € 100,00 Geannuleerd (niet gelukt) 3 maart 2026" in told
        assert "niet op tijd" not in told
        assert "De overheid neemt haar deel van € 66,66 terug." in told

    def test_everything_that_happened_is_told_with_who_when_how_much_and_why(
        self, client: Client, world: World
    ) -> None:
        application = world.apply()
        world.deposit(application, "100.00")
        world.statement()
        told = text_of(client.get(f"/project/{application}"))
        assert "Aanvraag ingediend 2 maart 2026, 10.00 uur, ondernemer" in told
        assert "Aanvraag goedgekeurd 2 maart 2026, 10.00 uur, volgens de regels" in told
        assert "€ 100,00 van de onderneming, € 66,66 van de overheid erbij" in told

    def test_what_a_person_looks_at_is_named(self, world: World, sign_in) -> None:
        brussels = world.enterprise(
            OTHER_ENTERPRISE, "Studio Brussel", "BE95999020000258", zipcode="1000", works_at="1800"
        )
        application = world.apply(actor=brussels)
        client = sign_in(brussels)
        told = text_of(client.get(f"/project/{application}"))
        assert "Dit bekijkt de medewerker Met een zetel in Brussel" in told
        decide_by_hand(
            actor=world.office,
            application=application,
            grant=True,
            reasons="Ze werken in Gent.",
            at=world.now,
        )
        told = text_of(client.get(f"/project/{application}"))
        assert "Ze werken in Gent. de dossierbehandelaar" in told
        assert "Aanvraag goedgekeurd 2 maart 2026, 10.00 uur, dossierbehandelaar" in told

    def test_its_own_messages_can_be_read_and_its_providers_not(self, client: Client, world: World) -> None:
        application = world.funded()
        world.order(application)
        world.pay()
        world.statement()
        told = text_of(client.get(f"/project/{application}"))
        assert "Neem de gestructureerde mededeling precies over" in told
        assert "Storting ontvangen: geef nu je betaalopdracht" in told
        assert "Je dienstverlener is betaald" in told
        assert "Betaling ontvangen uit de kmo-portefeuille" not in told

    def test_it_shows_every_answer_of_the_application(self, client: Client, world: World) -> None:
        told = text_of(client.get(f"/project/{world.apply()}"))
        for words in ("Thema Ondernemen en strategie", "Hoe Klassikaal", "10712", "DV.O900501", "€ 2.100,00"):
            assert words in told, words

    def test_the_decision_shows_every_rule_with_its_source(self, client: Client, world: World) -> None:
        told = text_of(client.get(f"/project/{world.apply()}"))
        assert "Bron: de gids, hoofdstuk 1" in told
        assert "Bron: de gids, inleiding" in told
        assert "Onze lezing" in told
        assert "GUIDE" not in told
        assert "OWN" not in told

    def test_a_draft_leads_back_to_its_form(self, client: Client) -> None:
        draft = start(client)
        assert client.get(f"/project/{draft}")["Location"] == f"/aanvraag/{draft}/wat"


class TestPaying:
    @pytest.fixture
    def funded(self, world: World) -> int:
        return world.funded()

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


def test_a_lapsed_project_says_so(world: World, sign_in) -> None:  # type: ignore[no-untyped-def]
    application = world.apply()
    world.deposit(application, "100.00")
    world.statement()
    world.pass_days(40)
    lapse(actor=Actor.system(), application=application, at=world.now)
    client = sign_in(world.entrepreneur)
    told = text_of(client.get(f"/project/{application}"))
    assert "Je aanvraag is vervallen" in told
    assert "Je eigen deel was niet volledig gestort op 1 april 2026." in told
    assert "We storten € 100,00 terug op je rekening." in told
    assert "Eigen deel niet op tijd gestort (niet gelukt) 1 april 2026 € 100,00 van € 6.000,00 was er" in told
