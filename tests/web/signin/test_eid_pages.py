"""The three pages of a sign-in by identity card, and a certificate in a header that nobody should believe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client
from tests.signin.cards import FakeOcsp, Hierarchy, Holder
from tests.signin.people import NELE, NOW
from tests.web.conftest import StrictClient
from tests.web.signin.conftest import Clock
from tests.web.test_public import text_of
from tests.world import World

from portefeuille.identity.models import Capacity, Person
from portefeuille.identity.national_number import hash_of
from portefeuille.signin.models import Attempt
from portefeuille.signin.operations.arrive_by_eid import TICKET_LASTS
from portefeuille.web.session import ASSURANCE

H = Hierarchy(now=NOW)
SECRET = "s" * 64
US = "http://testserver"


@pytest.fixture(autouse=True)
def offered(settings: Any, tmp_path: Path, clock: Clock, world: World) -> Iterator[None]:
    (tmp_path / "secret").write_text(SECRET + "\n")
    settings.EID = {
        "address": "https://eid.test",
        "secret_file": str(tmp_path / "secret"),
        "trust": str(H.write(tmp_path / "trust")),
        "ocsp": "tests.signin.cards.FakeOcsp",
    }
    settings.PUBLIC_ADDRESS = US
    yield
    FakeOcsp.answer = True


def attempt_of(client: Client) -> str:
    """Leave for the address that reads cards; the state that goes along."""
    address = urlsplit(client.get("/aanmelden/eid")["Location"])
    assert (address.scheme, address.netloc, address.path) == ("https", "eid.test", "/aanmelden/eid/kaart")
    return parse_qs(address.query)["poging"][0]


def show(state: str, holder: Holder, *, secret: str = SECRET) -> Any:
    """What our web server sends on when somebody shows a card."""
    headers = {"X-Eid-Certificate": quote(holder.pem), "X-Eid-Secret": secret}
    return Client().get(f"/aanmelden/eid/kaart?poging={quote(state)}", headers=headers)


def nobody_is_signed_in(client: Client) -> None:
    assert "_auth_user_id" not in client.session
    assert client.get("/mijn-dossier").status_code == 302


def test_there_and_back(world: World) -> None:
    client = StrictClient()
    answer = show(attempt_of(client), H.card())
    assert answer["Location"].startswith(f"{US}/aanmelden/eid/terug?bewijs=")
    assert not answer.cookies, "the other address keeps nothing"
    assert client.get(answer["Location"])["Location"] == "/registreren"
    person = Person.objects.get(national_number_hash=hash_of(NELE))
    assert person.name == "Nele Maria Peeters"
    assert client.session[ASSURANCE] == 3
    assert list(Attempt.objects.values_list("means", "outcome", "person_id")) == [("eid", "right", person.pk)]
    Capacity.objects.create(person=person, role="auditor")
    second = StrictClient()
    assert second.get(show(attempt_of(second), H.card())["Location"])["Location"] == "/kantoor"


def test_a_header_straight_on_the_platform_is_not_believed() -> None:
    client = StrictClient()
    state = attempt_of(client)
    for secret in ("", "x", SECRET[:-1], SECRET + "s", "é"):
        answer = show(state, H.card(), secret=secret)
        assert answer.status_code == 403
        assert "Location" not in answer
    headers = {"X-Eid-Certificate": quote(H.card().pem)}
    assert client.get(f"/aanmelden/eid/kaart?poging={state}", headers=headers).status_code == 403
    nobody_is_signed_in(client)
    assert not Person.objects.filter(national_number_hash__isnull=False).exists()


def test_a_secret_file_that_is_empty_opens_nothing(settings: Any) -> None:
    Path(settings.EID["secret_file"]).write_text("")
    assert show(attempt_of(StrictClient()), H.card(), secret="").status_code == 403


def test_a_header_does_nothing_on_any_other_page() -> None:
    client = StrictClient()
    headers = {"X-Eid-Certificate": quote(H.card().pem), "X-Eid-Secret": SECRET}
    for path in ("/aanmelden/eid", "/aanmelden/eid/terug", "/mijn-dossier"):
        client.get(path, headers=headers)
        nobody_is_signed_in(client)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (H.expired, "not_valid"),
        (Hierarchy(now=NOW).card, "not_valid"),
        (H.signature_card, "wrong_certificate"),
    ],
)
def test_a_card_that_is_refused_says_why(make: Any, why: str) -> None:
    client = StrictClient()
    answer = show(attempt_of(client), make())
    assert answer["Location"] == f"{US}/aanmelden/eid/mislukt?reden={why}"
    page = client.get(answer["Location"])
    assert page.status_code == 403
    assert "Kies een andere manier" in text_of(page)
    nobody_is_signed_in(client)


@pytest.mark.parametrize(("answer", "why"), [(False, "revoked"), (None, "not_sure")])
def test_revoked_or_not_sure(answer: bool | None, why: str) -> None:
    FakeOcsp.answer = answer
    assert show(attempt_of(StrictClient()), H.card())["Location"].endswith(f"reden={why}")


def test_no_card() -> None:
    answer = Client().get("/aanmelden/eid/kaart?poging=x", headers={"X-Eid-Secret": SECRET})
    assert answer["Location"].endswith("reden=no_card")


class TestTicket:
    def test_it_works_once(self) -> None:
        client = StrictClient()
        address = show(attempt_of(client), H.card())["Location"]
        assert client.get(address).status_code == 302
        client.post("/afmelden")
        attempt_of(client)
        assert client.get(address).status_code == 403
        nobody_is_signed_in(client)

    def test_it_lasts_a_minute(self, clock: Clock) -> None:
        client = StrictClient()
        address = show(attempt_of(client), H.card())["Location"]
        clock.now += TICKET_LASTS
        clock.pass_(seconds=1)
        assert "Je deed er te lang over" in text_of(client.get(address))
        nobody_is_signed_in(client)

    def test_another_session_can_not_use_it(self) -> None:
        """Neither somebody who saw the address, nor somebody who lured the holder of a card to their own attempt."""
        client, thief = StrictClient(), StrictClient()
        address = show(attempt_of(client), H.card())["Location"]
        assert thief.get(address).status_code == 403
        attempt_of(thief)
        assert thief.get(address).status_code == 403
        nobody_is_signed_in(thief)

    def test_the_session_that_lured_somebody_has_no_ticket(self) -> None:
        thief, victim = StrictClient(), StrictClient()
        address = show(attempt_of(thief), H.card())["Location"]
        assert victim.get(address).status_code == 403
        assert thief.get("/aanmelden/eid/terug").status_code == 403
        nobody_is_signed_in(thief)

    @pytest.mark.parametrize("state", ["", "x", "é" * 43, "x" * 44])
    def test_a_state_that_is_not_ours(self, state: str) -> None:
        assert show(state, H.card())["Location"].endswith("reden=late")

    def test_unsolicited(self) -> None:
        client = StrictClient()
        assert client.get("/aanmelden/eid/terug?bewijs=x").status_code == 403
        nobody_is_signed_in(client)

    def test_who_took_too_long_begins_anew(self, clock: Clock) -> None:
        client = StrictClient()
        state = attempt_of(client)
        clock.pass_(minutes=11)
        assert client.get(show(state, H.card())["Location"]).status_code == 403


def test_a_reason_that_we_do_not_know_is_not_repeated(visitor: Client) -> None:
    page = visitor.get("/aanmelden/eid/mislukt?reden=<script>")
    assert "Deze kaart is niet geldig" in text_of(page)


def test_where_it_is_not_set_up_it_does_not_exist(visitor: Client, settings: Any) -> None:
    settings.EID = None
    for path in ("", "/kaart", "/terug"):
        assert visitor.get(f"/aanmelden/eid{path}").status_code == 404
