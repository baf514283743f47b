"""The queue: everything that waits, of every kind, with its term and its owner."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.activation.people import newcomer
from tests.signin.people import HERE, number_at
from tests.web.test_public import text_of
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.cases import queries as cases
from portefeuille.cases.models import Case
from portefeuille.cases.operations import take
from portefeuille.identity.roles import Actor
from portefeuille.register.operations.add_enterprise import add_enterprise
from portefeuille.signin.operations.order_card import order_card
from portefeuille.signin.operations.write_card import write_waiting_cards
from portefeuille.signin.person_register import FakeRegister, RegisteredPerson


@pytest.fixture
def brussels(world: World) -> Actor:
    return world.enterprise(
        OTHER_ENTERPRISE, "Studio Brussel", "BE95999020000258", zipcode="1000", works_at="1800"
    )


@pytest.fixture
def application(world: World, brussels: Actor) -> int:
    return world.apply(actor=brussels)


def rows_of(answer: object) -> str:
    """What the table says, without the page around it."""
    return text_of(answer).partition("Doen")[2].partition("Hulp nodig?")[0]  # type: ignore[arg-type]


def sole_number(number: int) -> str:
    base = 19981000 + number
    return f"{base}{97 - base % 97:02d}"


def add_sole_trader(number: str) -> None:
    """Of whom the KBO tells no address."""
    add_enterprise(
        number=number,
        name=f"Zelfstandige {number}",
        kind="natural",
        start_date=date(2020, 1, 1),
        seat=None,
        establishments=[],
        activities=[],
    )


def test_nothing_waits(office: Client) -> None:
    assert "Niets te beslissen" in text_of(office.get("/kantoor"))


def test_everything_that_waits_stands_in_one_list_the_oldest_term_first(
    office: Client, world: World, application: int, letter_case: int, card_case: int
) -> None:
    told = rows_of(office.get("/kantoor"))
    letter, card, asked = (
        told.index(words) for words in ("Brief zonder adres Amira Haar", "Ann Wouters", "Studio Brussel")
    )
    assert letter < card < asked
    for words in (
        "De Kruispuntbank geeft geen adres",
        "9 maart 2026",
        "Het Rijksregister kent geen adres",
        "zetel in Brussel",
        "16 maart 2026",
        "van niemand",
        world.view(application).project_number,
    ):
        assert words in told, words
    assert "te laat" not in told


def test_what_is_late_is_marked(office: Client, world: World, application: int, letter_case: int) -> None:
    Case.objects.filter(pk=letter_case).update(term_on=world.day)
    assert "te laat" not in text_of(office.get("/kantoor"))
    Case.objects.filter(pk=letter_case).update(term_on=world.day - timedelta(days=1))
    told = text_of(office.get("/kantoor"))
    assert "2 zaken, waarvan 1 te laat" in told
    assert "1 maart 2026 te laat" in told
    assert "Te beslissen ten laatste op 1 maart 2026 te laat" in text_of(
        office.get(f"/kantoor/zaken/{letter_case}")
    )


def test_it_is_narrowed_by_kind_and_to_mine(
    office: Client, world: World, application: int, letter_case: int
) -> None:
    letters = rows_of(office.get("/kantoor?soort=letter_address"))
    assert "Amira Haar" in letters
    assert "Studio Brussel" not in letters
    assert "Niets van deze soort" in text_of(office.get("/kantoor?van=mij"))
    take(actor=world.office, case=letter_case, at=world.now)
    mine = rows_of(office.get("/kantoor?van=mij"))
    assert "Amira Haar" in mine
    assert "van jou" in mine
    assert "Studio Brussel" not in mine
    nobodys = rows_of(office.get("/kantoor?van=niemand"))
    assert "Studio Brussel" in nobodys
    assert "Amira Haar" not in nobodys
    everything = text_of(office.get("/kantoor?soort=onzin&van=onzin"))
    assert "Alles 2" in everything
    assert "Van iedereen" in everything


def test_an_unknown_kind_narrows_to_nothing_that_breaks(office: Client, letter_case: int) -> None:
    assert office.get("/kantoor?soort=onzin&pagina=onzin").status_code == 200


def test_a_button_takes_a_case_and_a_colleague_sees_whose_it_is(
    office: Client, second: Client, world: World, letter_case: int
) -> None:
    answer = office.post(f"/kantoor/zaken/{letter_case}", {"wat": "nemen"}, follow=True)
    assert "Deze zaak is nu van jou." in text_of(answer)
    assert "van jou" in rows_of(office.get("/kantoor"))
    told = rows_of(second.get("/kantoor"))
    assert "van Office" in told
    assert "Neem over" in told
    second.post(f"/kantoor/zaken/{letter_case}", {"wat": "nemen"})
    assert "Collega" in rows_of(office.get("/kantoor"))


def test_a_case_of_an_application_opens_its_own_page(office: Client, world: World, application: int) -> None:
    number = Case.objects.get(kind="application").pk
    assert office.get(f"/kantoor/zaken/{number}")["Location"] == f"/kantoor/{application}"
    told = text_of(office.get(f"/kantoor/{application}"))
    assert "Te beslissen ten laatste op 16 maart 2026" in told
    assert "Nog niemand werkt aan deze zaak." in told
    answer = office.post(f"/kantoor/zaken/{number}", {"wat": "nemen"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/kantoor/{application}"
    told = text_of(answer)
    assert "Deze zaak is van jou." in told
    assert "Neem deze zaak" not in told


def test_a_decided_application_has_no_owner_any_more(office: Client, world: World, application: int) -> None:
    office.post(f"/kantoor/{application}", {"outcome": "approve", "reasons": "Ze werken in Vilvoorde."})
    assert "Te beslissen ten laatste" not in text_of(office.get(f"/kantoor/{application}"))
    assert cases.waiting(actor=world.office) == []


def test_the_auditor_sees_it_all_and_no_button(
    auditor: Actor, sign_in, application: int, letter_case: int
) -> None:  # type: ignore[no-untyped-def]
    client: Client = sign_in(auditor)
    page = client.get("/kantoor")
    assert "Amira Haar" in text_of(page)
    assert "Studio Brussel" in text_of(page)
    for address in ("/kantoor", f"/kantoor/{application}", f"/kantoor/zaken/{letter_case}"):
        main = client.get(address).content.decode().partition("<main")[2]
        assert "<button" not in main, address
    assert client.post(f"/kantoor/zaken/{letter_case}", {"wat": "nemen"}).status_code == 403
    assert client.post(f"/kantoor/{application}", {"outcome": "refuse", "reasons": "x"}).status_code == 403


def test_the_list_asks_the_database_the_same_however_many_wait(
    office: Client, world: World, brussels: Actor, letter_case: int, card_case: int
) -> None:
    world.apply(actor=brussels)
    office.get("/kantoor")
    with CaptureQueriesContext(connection) as few:
        office.get("/kantoor")
    for more in range(3):
        world.apply(actor=brussels)
        number = sole_number(more)
        add_sole_trader(number)
        ask_letter(actor=newcomer(f"vrager-{more}"), enterprise=number, at=world.now)
        homeless = number_at(610411100 + more)
        order_card(national_number=homeless, source=HERE, at=world.now)
        write_waiting_cards(
            register=FakeRegister({homeless: RegisteredPerson(f"Dakloos {more}")}), at=world.now
        )
    assert len(cases.waiting(actor=world.office)) == 3 + 9
    with CaptureQueriesContext(connection) as many:
        office.get("/kantoor")
    assert len(many) == len(few)
    asked = [
        one["sql"] for one in many if "set_config" not in one["sql"] and "django_session" not in one["sql"]
    ]
    assert len(asked) <= 20, "\n".join(asked)


def test_a_long_list_comes_in_pages(
    office: Client, world: World, brussels: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portefeuille.web.office.queue.ON_A_PAGE", 2)
    for _each in range(3):
        world.apply(actor=brussels)
    first, last = office.get("/kantoor?van=niemand"), office.get("/kantoor?van=niemand&pagina=2")
    assert rows_of(first).count("Studio Brussel") == 4  # in its link, and for who listens in its button
    assert rows_of(last).count("Studio Brussel") == 2
    assert "van=niemand&amp;pagina=2" in first.content.decode()


def test_a_case_that_does_not_exist(office: Client) -> None:
    assert office.get("/kantoor/zaken/999").status_code == 404
