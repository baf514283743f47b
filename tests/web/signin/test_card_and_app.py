"""Signing in with a card or an app, by the pages: what they ask, tell, keep and hide."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from tests.signin.people import NELE, NOBODY, card_of, known, newest_card, number_at, register, right_code
from tests.web.conftest import SignIn, StrictClient
from tests.web.signin.conftest import Clock
from tests.web.test_public import text_of
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.identity.models import Capacity, Person
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.recognise import recognise
from portefeuille.signin.models import Attempt, CodeCard
from portefeuille.signin.operations.prove_by_card import challenge
from portefeuille.signin.operations.time_codes import STEP_SECONDS, code_at, confirm_app, start_app
from portefeuille.signin.operations.write_card import write_waiting_cards
from portefeuille.web.session import ASSURANCE

PRETTY = f"{NELE[:2]}.{NELE[2:4]}.{NELE[4:6]}-{NELE[6:9]}.{NELE[9:]}"


@pytest.fixture
def codes(world: World, clock: Clock) -> dict[int, str]:
    """Nele's card, which came by post; she may act for the bakery."""
    made = card_of(NELE, at=clock.now)
    person = Person.objects.get(national_number_hash=hash_of(NELE))
    Capacity.objects.create(person=person, role="entrepreneur", enterprise_number=ENTERPRISE)
    return made


def identify(client: Client, number: str = PRETTY) -> Any:
    return client.post("/aanmelden/kaart", {"national_number": number})


def answer(client: Client, code: str) -> Any:
    return client.post("/aanmelden/kaart/code", {"code": code})


def sign_in_by_card(client: Client, codes: dict[int, str]) -> Any:
    assert identify(client)["Location"] == "/aanmelden/kaart/code"
    return answer(client, right_code(NELE, codes))


@pytest.fixture
def secret(codes: dict[int, str], clock: Clock) -> bytes:
    """What Nele's app holds."""
    person = recognise(name="Nele Peeters", national_number_hash=hash_of(NELE))
    nele = known(person.pk, at=clock.now)
    made = base64.b32decode(start_app(actor=nele, at=clock.now).secret)
    confirm_app(actor=nele, code=shown(made, clock), at=clock.now)
    clock.pass_(minutes=2)
    return made


def shown(secret: bytes, clock: Clock) -> str:
    return code_at(secret, int(clock.now.timestamp()) // STEP_SECONDS).decode()


class TestCard:
    def test_it_leads_in(self, codes: dict[int, str], visitor: Client) -> None:
        visitor.get("/aanmelden?volgende=/aanvraag/nieuw")
        identify(visitor)
        asked = challenge(national_number=NELE)
        assert f"Typ code nummer {asked}" in text_of(visitor.get("/aanmelden/kaart/code"))
        assert answer(visitor, codes[asked])["Location"] == "/aanvraag/nieuw"
        assert visitor.session[ASSURANCE] == 2
        assert visitor.get("/aanvraag/nieuw").status_code == 200

    @pytest.mark.parametrize(
        "link", ["/uitnodiging/abc?code=AAAA-BBBB-CCCC", "/activeren?code=AAAA-BBBB-CCCC"]
    )
    def test_who_acts_for_nobody_yet_keeps_the_link_of_a_mail_or_a_letter(
        self, codes: dict[int, str], visitor: Client, link: str
    ) -> None:
        Capacity.objects.all().delete()
        visitor.get(link, follow=True)
        assert sign_in_by_card(visitor, codes)["Location"] == link

    def test_who_acts_for_several_chooses_and_keeps_it_too(
        self, codes: dict[int, str], visitor: Client, world: World
    ) -> None:
        world.enterprise(OTHER_ENTERPRISE, "Brouwerij Mout", "BE29999010000164")
        nele = Person.objects.get(national_number_hash=hash_of(NELE))
        second = Capacity.objects.create(person=nele, role="entrepreneur", enterprise_number=OTHER_ENTERPRISE)
        visitor.get("/aanvraag/nieuw", follow=True)
        chooses = sign_in_by_card(visitor, codes)["Location"]
        assert chooses == "/wissel?volgende=%2Faanvraag%2Fnieuw"
        page = visitor.get(chooses).content.decode()
        assert '<input type="hidden" name="volgende" value="/aanvraag/nieuw">' in page
        answered = visitor.post("/wissel", {"hoedanigheid": second.pk, "volgende": "/aanvraag/nieuw"})
        assert answered["Location"] == "/aanvraag/nieuw"

    def test_loading_again_or_beginning_anew_asks_the_same(
        self, codes: dict[int, str], visitor: Client
    ) -> None:
        asked = set()
        for client in (visitor, visitor, StrictClient(), StrictClient()):
            identify(client)
            for _load in range(3):
                page = text_of(client.get("/aanmelden/kaart/code"))
                asked |= set(re.findall(r"Typ code nummer (\d+)", page))
        assert len(asked) == 1

    def test_a_wrong_code_says_how_often_one_may_try(self, codes: dict[int, str], visitor: Client) -> None:
        identify(visitor)
        for words in ("nog 4 keer", "nog 3 keer", "nog 2 keer", "nog één keer"):
            told = text_of(answer(visitor, "AAAAAA"))
            assert words in told
            assert f"Code nummer {challenge(national_number=NELE)} " in told, "the field keeps its label"
        locked = answer(visitor, "AAAAAA")
        assert locked.status_code == 403
        told = text_of(locked)
        assert "Even op slot" in told
        assert "om 11.00 uur" in told, "half an hour after half past ten, in Brussels"
        assert "Kies een andere manier" in told
        assert "1700" in told
        assert "Even op slot" in text_of(answer(visitor, right_code(NELE, codes)))
        assert "_auth_user_id" not in visitor.session

    def test_who_does_not_exist_sees_the_same_pages(self, codes: dict[int, str]) -> None:
        def told(number: str) -> list[str]:
            client = StrictClient()
            identify(client, number)
            pages = [client.get("/aanmelden/kaart/code"), *(answer(client, "AAAAAA") for _try in range(6))]
            return [re.sub(r"nummer \d+", "nummer N", text_of(page)) for page in pages]

        assert told(NELE) == told(NOBODY)

    def test_the_number_is_in_no_address_no_page_and_no_table(
        self, codes: dict[int, str], visitor: Client
    ) -> None:
        assert NELE not in identify(visitor)["Location"]
        page = visitor.get("/aanmelden/kaart/code").content.decode()
        assert NELE not in page
        assert PRETTY not in page
        assert NELE not in str([session.get_decoded() for session in Session.objects.all()])

    def test_what_is_no_number_is_said_and_kept(self, db: None, visitor: Client) -> None:
        page = identify(visitor, "12345")
        assert "Dit is geen rijksregisternummer." in text_of(page)
        assert 'value="12345"' in page.content.decode()
        assert "Vul je rijksregisternummer in." in text_of(identify(visitor, ""))

    def test_without_a_number_there_is_nothing_to_ask(self, db: None, visitor: Client) -> None:
        assert visitor.get("/aanmelden/kaart/code")["Location"] == "/aanmelden/kaart"

    def test_it_confirms_who_is_signed_in(self, codes: dict[int, str], clock: Clock, visitor: Client) -> None:
        sign_in_by_card(visitor, codes)
        clock.pass_(minutes=20)
        visitor.get("/bevestig?volgende=/mijn-dossier")
        assert sign_in_by_card(visitor, codes)["Location"] == "/mijn-dossier"
        assert visitor.session["proved_at"] == clock.now.isoformat()

    def test_it_does_not_confirm_somebody_else(
        self, codes: dict[int, str], clock: Clock, world: World, sign_in: SignIn
    ) -> None:
        client = sign_in(world.entrepreneur)
        client.get("/bevestig?volgende=/mijn-dossier")
        told = sign_in_by_card(client, codes)
        assert told.status_code == 403
        assert "iemand anders" in text_of(told)


class TestOrder:
    def test_it_tells_the_day_and_the_same_for_everybody(
        self, clock: Clock, visitor: Client, db: None
    ) -> None:
        assert "ten laatste op 12 maart 2026" in text_of(visitor.get("/aanmelden/kaart/aanvragen"))
        pages = [
            text_of(visitor.post("/aanmelden/kaart/aanvragen", {"national_number": number}))
            for number in (NELE, NOBODY)
        ]
        assert pages[0] == pages[1]
        assert "Je kaart komt ten laatste op 12 maart 2026 met de post." in pages[0]
        write_waiting_cards(register=register(), at=clock.now)
        assert list(CodeCard.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "blocked"]

    def test_lost(self, codes: dict[int, str], visitor: Client) -> None:
        assert "Kaart kwijt" in text_of(visitor.get("/aanmelden/kaart/kwijt"))
        page = visitor.post("/aanmelden/kaart/kwijt", {"national_number": NELE})
        assert "Had je een kaart, dan is ze nu geblokkeerd." in text_of(page)
        assert newest_card().state == "ordered"

    def test_too_many_from_one_place(self, clock: Clock, visitor: Client, db: None) -> None:
        for one in range(10):
            visitor.post("/aanmelden/kaart/aanvragen", {"national_number": number_at(850730100 + one)})
        page = visitor.post("/aanmelden/kaart/aanvragen", {"national_number": NOBODY})
        assert page.status_code == 403
        assert "te veel kaarten" in text_of(page)

    @pytest.mark.parametrize("path", ["/aanmelden/kaart/aanvragen", "/aanmelden/kaart/kwijt"])
    def test_what_is_no_number(self, visitor: Client, db: None, path: str) -> None:
        assert "geen rijksregisternummer" in text_of(visitor.post(path, {"national_number": "x"}))


class TestApp:
    def test_it_leads_in_once(self, secret: bytes, clock: Clock, visitor: Client) -> None:
        sent = {"national_number": PRETTY, "code": shown(secret, clock)}
        assert visitor.post("/aanmelden/app", sent)["Location"] == "/mijn-dossier"
        assert "nog 4 keer" in text_of(StrictClient().post("/aanmelden/app", sent)), "a replay"

    def test_it_says_what_is_wrong(self, secret: bytes, visitor: Client) -> None:
        assert "Koppel" not in text_of(visitor.get("/aanmelden/app"))
        assert "geen rijksregisternummer" in text_of(
            visitor.post("/aanmelden/app", {"national_number": "x", "code": "1"})
        )
        assert "Vul de zes cijfers in" in text_of(visitor.post("/aanmelden/app", {"national_number": PRETTY}))
        for _try in range(5):
            page = visitor.post("/aanmelden/app", {"national_number": PRETTY, "code": "000000"})
        assert "Even op slot" in text_of(page)


class TestMine:
    def test_who_has_nothing_yet(self, world: World, sign_in: SignIn) -> None:
        told = text_of(sign_in(world.entrepreneur).get("/mijn-aanmelding"))
        assert "Je hebt geen codekaart." in told
        assert "Meld je één keer aan met je identiteitskaart." in told
        assert "Nog niets." in told

    def test_it_shows_means_and_attempts(self, codes: dict[int, str], visitor: Client) -> None:
        identify(visitor)
        answer(visitor, "AAAAAA")
        sign_in_by_card(visitor, codes)
        told = text_of(visitor.get("/mijn-aanmelding"))
        assert "in gebruik sinds 2 maart 2026" in told
        assert told.index("Aangemeld") < told.index("Foute code")

    def test_blocking_and_replacing(self, codes: dict[int, str], clock: Clock, visitor: Client) -> None:
        sign_in_by_card(visitor, codes)
        page = visitor.get("/mijn-aanmelding").content.decode()
        warned = page.index("nooit opnieuw")
        assert page.index('<details class="sure">') < warned < page.index("Ja, blokkeer mijn kaart")
        visitor.post("/mijn-aanmelding/kaart/blokkeren")
        assert "is geblokkeerd op 2 maart 2026" in text_of(visitor.get("/mijn-aanmelding"))
        assert "Dit is niet het rijksregisternummer" in text_of(
            visitor.post("/mijn-aanmelding/kaart", {"national_number": NOBODY})
        )
        sent = visitor.post("/mijn-aanmelding/kaart", {"national_number": PRETTY})
        assert sent["Location"] == "/mijn-aanmelding"
        told = text_of(visitor.get("/mijn-aanmelding"))
        assert "ten laatste op 12 maart 2026" in told
        assert "Onderweg" in told

    def test_whoever_has_the_lost_card_is_out_at_once(
        self, codes: dict[int, str], clock: Clock, visitor: Client
    ) -> None:
        thief, owner = StrictClient(), visitor
        sign_in_by_card(thief, codes)
        sign_in_by_card(owner, codes)
        owner.post("/mijn-aanmelding/kaart/blokkeren")
        assert owner.get("/mijn-aanmelding").status_code == 200, "who says so stays"
        assert thief.get("/mijn-aanmelding")["Location"].startswith("/aanmelden")

    def test_another_card_asks_for_a_proof_and_keeps_the_form(
        self, codes: dict[int, str], clock: Clock, visitor: Client
    ) -> None:
        sign_in_by_card(visitor, codes)
        clock.pass_(minutes=20)
        away = visitor.post("/mijn-aanmelding/kaart", {"national_number": PRETTY})
        assert away["Location"].startswith("/bevestig")
        visitor.get(away["Location"])
        assert sign_in_by_card(visitor, codes)["Location"] == "/mijn-aanmelding/kaart"
        assert PRETTY in visitor.get("/mijn-aanmelding/kaart").content.decode()

    def test_adding_and_removing_an_app(self, codes: dict[int, str], clock: Clock, visitor: Client) -> None:
        sign_in_by_card(visitor, codes)
        page = visitor.get("/mijn-aanmelding/app")
        found = re.search(r"<strong>([A-Z2-7 ]{32,})</strong>", page.content.decode())
        assert found is not None
        assert "<svg" in page.content.decode()
        secret = base64.b32decode(found[1].replace(" ", ""))
        assert "Deze code klopt niet." in text_of(visitor.post("/mijn-aanmelding/app", {"code": "000000"}))
        sent = visitor.post("/mijn-aanmelding/app", {"code": shown(secret, clock)})
        assert sent["Location"] == "/mijn-aanmelding"
        assert "Gekoppeld" in text_of(visitor.get("/mijn-aanmelding"))
        assert visitor.get("/mijn-aanmelding/app").status_code == 409
        visitor.post("/mijn-aanmelding/app/verwijderen")
        assert "Koppel een app" in text_of(visitor.get("/mijn-aanmelding"))

    def test_a_lock_is_taken_off_by_another_means(
        self, secret: bytes, codes: dict[int, str], clock: Clock, visitor: Client
    ) -> None:
        identify(visitor)
        for _try in range(5):
            answer(visitor, "AAAAAA")
        visitor.post("/aanmelden/app", {"national_number": PRETTY, "code": shown(secret, clock)})
        assert "Op slot tot" in text_of(visitor.get("/mijn-aanmelding"))
        visitor.post("/mijn-aanmelding/vrijgeven", {"means": "card"})
        told = text_of(visitor.get("/mijn-aanmelding"))
        assert "Op slot tot" not in told
        assert "Weer vrijgegeven" in told
        assert sign_in_by_card(StrictClient(), codes)["Location"] == "/mijn-dossier"

    def test_it_is_for_who_is_signed_in_even_without_a_capacity(self, visitor: Client, db: None) -> None:
        for path in ("/mijn-aanmelding", "/mijn-aanmelding/kaart", "/mijn-aanmelding/app"):
            assert visitor.get(path)["Location"].startswith("/aanmelden?volgende=")
        for path in ("kaart/blokkeren", "app/verwijderen", "vrijgeven"):
            assert visitor.post(f"/mijn-aanmelding/{path}")["Location"].startswith("/aanmelden?volgende=")


def test_an_address_that_the_visitor_writes_is_not_counted(
    codes: dict[int, str], visitor: Client, settings: Any
) -> None:
    """Without our own proxy the header is anybody's; behind it, it is the proxy's own."""
    identify(visitor)
    for place, sent in enumerate(("10.0.0.1", "10.0.0.2")):
        visitor.post("/aanmelden/kaart/code", {"code": "AAAAAA"}, headers={"X-Real-IP": sent})
        assert len(set(Attempt.objects.filter(means="card").values_list("source", flat=True))) == 1, place
    settings.BEHIND_PROXY = True
    visitor.post("/aanmelden/kaart/code", {"code": "AAAAAA"}, headers={"X-Real-IP": "10.0.0.3"})
    assert len(set(Attempt.objects.filter(means="card").values_list("source", flat=True))) == 2
