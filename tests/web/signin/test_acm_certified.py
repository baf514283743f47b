"""The whole code flow against the certified provider, with claims as ACM/IDM gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from django.test import Client
from tests.signin.people import NELE, TOM
from tests.signin.provider import CLIENT_ID, RIGHTS, Running, modules, person, running
from tests.web.conftest import StrictClient
from tests.web.test_public import text_of
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, SELLER, World

from portefeuille.history.models import Event
from portefeuille.identity.models import Capacity, Person
from portefeuille.identity.national_number import hash_of
from portefeuille.settings.base import OIDC_SCOPE
from portefeuille.signin import oidc
from portefeuille.signin.models import Attempt
from portefeuille.web.session import ASSURANCE

US = "http://testserver"
BAKERY, BREWERY = (ENTERPRISE, "Bakkerij Korst"), (OTHER_ENTERPRISE, "Brouwerij Mout")
PEOPLE: dict[str, dict[str, Any]] = {
    "nele": person("Nele", "Peeters", NELE, organisation=BAKERY, wv_orgcode=ENTERPRISE),
    "tom": person(
        "Tom", "Claes", TOM, organisation=BAKERY, **{RIGHTS: [f"KMOPortefeuille-Ondernemer:{ENTERPRISE}"]}
    ),
    "tom-without-right": person("Tom", "Claes", TOM, organisation=BAKERY),
    "lies": person(
        "Lies",
        "Maes",
        TOM,
        organisation=(SELLER, "Kompas"),
        acr="urn:be:vlaanderen:authmech:csamtotp",
        **{RIGHTS: [f"KMOPortefeuille-Dienstverlener:{SELLER}"]},
    ),
    "an": person(
        "An",
        "Wouters",
        TOM,
        organisation=("OVO000000", "Agentschap"),
        vo_doelgroepcode="GID",
        **{RIGHTS: ["KMOPortefeuille-Dossierbehandelaar:OVO000000"]},
    ),
    "weak": person(
        "Wim",
        "Zwak",
        NELE,
        organisation=BAKERY,
        wv_orgcode=ENTERPRISE,
        acr="urn:be:vlaanderen:authmech:csampassword",
    ),
}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = modules(tmp_path_factory.mktemp("oidc-provider"))
    with running(folder, people=PEOPLE, our_address=US) as found:
        yield found


@pytest.fixture(autouse=True)
def offered(provider: Running, settings: Any) -> None:
    settings.OIDC = {
        "issuer": provider.issuer,
        "client_id": CLIENT_ID,
        "key_file": str(provider.key_file),
        "rights_file": "",
        "scope": OIDC_SCOPE,
    }
    settings.PUBLIC_ADDRESS = US
    oidc.forget_provider()


class Browser:
    """Two halves of one browser: our pages by the test client, the provider's by http."""

    def __init__(self) -> None:
        self.ours: Client = StrictClient()
        self.theirs = requests.Session()

    def to_provider(self, path: str = "/aanmelden/acm") -> str:
        """Leave from our page; the address of the provider."""
        answer = self.ours.get(path)
        assert answer.status_code == 302, text_of(answer)
        return str(answer["Location"])

    def through(self, address: str, who: str) -> str:
        """Sign in there as somebody; the address that leads back to us."""
        answer = self.theirs.get(address, allow_redirects=False, timeout=10)
        while not answer.headers["Location"].startswith((US, "/op/interaction/")):
            answer = self.theirs.get(answer.headers["Location"], allow_redirects=False, timeout=10)
        if not answer.headers["Location"].startswith(US):
            asking = urljoin(answer.url, answer.headers["Location"])
            answer = self.theirs.get(f"{asking}?wie={who}", allow_redirects=False, timeout=10)
        while not answer.headers["Location"].startswith(US):
            answer = self.theirs.get(answer.headers["Location"], allow_redirects=False, timeout=10)
        return answer.headers["Location"]

    def back(self, address: str) -> Any:
        """Follow it to our page."""
        return self.ours.get(address.removeprefix(US))

    def sign_in(self, who: str) -> Any:
        """All of it."""
        return self.back(self.through(self.to_provider(), who))


def test_it_asks_what_the_profile_demands(db: None) -> None:
    asked = parse_qs(urlsplit(Browser().to_provider()).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge", "scope", "redirect_uri", "client_id"} <= asked.keys()
    assert "client_secret" not in asked


def test_a_legal_representative_goes_straight_in(world: World) -> None:
    browser = Browser()
    assert browser.sign_in("nele")["Location"] == "/mijn-dossier"
    assert "Bakkerij Korst" in text_of(browser.ours.get("/mijn-dossier"))
    held = Capacity.objects.get(person__vo_id="vo-nele")
    assert (held.role, held.basis, held.enterprise_number) == (
        "enterprise_admin",
        "representative",
        ENTERPRISE,
    )
    assert browser.ours.session[ASSURANCE] == 3


def test_the_person_is_found_by_id_then_by_number_else_made(world: World) -> None:
    known = Person.objects.create(handle="x", name="N", national_number_hash=hash_of(NELE))
    Browser().sign_in("nele")
    known.refresh_from_db()
    assert (known.vo_id, known.name) == ("vo-nele", "Nele Peeters")
    Browser().sign_in("nele")
    assert Person.objects.filter(vo_id="vo-nele").count() == 1
    Browser().sign_in("tom")
    assert Person.objects.filter(vo_id="vo-tom").exists()
    assert NELE not in str(list(Person.objects.values()))


def test_a_right_is_given_and_ended_by_the_next_sign_in(world: World) -> None:
    browser = Browser()
    assert browser.sign_in("tom")["Location"] == "/mijn-dossier"
    held = Capacity.objects.get(person__vo_id="vo-tom")
    assert (held.role, held.basis) == ("entrepreneur", "rights")
    elsewhere = Browser()
    # The provider names him by another account of the same person, who lost the right.
    assert elsewhere.sign_in("tom-without-right")["Location"] == "/registreren"
    held.refresh_from_db()
    assert held.ended_at is not None
    assert browser.ours.get("/mijn-dossier").status_code == 302, "it bites in the session that was open"
    verbs = (
        Event.objects.filter(subject="capacity", subject_id=held.pk)
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert list(verbs) == ["give_capacity", "end_capacity"]


def test_a_capacity_by_letter_stands_on_its_own(world: World) -> None:
    person_of_tom = Person.objects.create(handle="t", name="Tom", national_number_hash=hash_of(TOM))
    letter = Capacity.objects.create(
        person=person_of_tom, role="entrepreneur", enterprise_number=ENTERPRISE, basis="letter"
    )
    Browser().sign_in("tom-without-right")
    letter.refresh_from_db()
    assert letter.ended_at is None


def test_a_provider_and_the_agency(world: World) -> None:
    assert Browser().sign_in("lies")["Location"] == "/dienstverlener"
    Person.objects.filter(vo_id="vo-lies").update(national_number_hash=None)
    assert Browser().sign_in("an")["Location"] == "/kantoor"


def test_a_weak_means_is_remembered_as_weak(world: World) -> None:
    browser = Browser()
    browser.sign_in("weak")
    assert browser.ours.session[ASSURANCE] == 1


def test_who_stops_there_finds_a_way_on(world: World) -> None:
    browser = Browser()
    page = browser.theirs.get(browser.to_provider(), timeout=10)
    answer = browser.theirs.get(f"{page.url}?stop=1", allow_redirects=False, timeout=10)
    while not answer.headers["Location"].startswith(US):
        answer = browser.theirs.get(answer.headers["Location"], allow_redirects=False, timeout=10)
    told = browser.back(answer.headers["Location"])
    assert told.status_code == 403
    assert "Je brak het aanmelden af." in text_of(told)
    assert "Kies een andere manier" in text_of(told)


def test_a_confirmation_asks_for_a_new_proof_there(world: World) -> None:
    browser = Browser()
    browser.sign_in("nele")
    browser.ours.get("/bevestig?volgende=/mijn-dossier")
    address = browser.to_provider()
    assert parse_qs(urlsplit(address).query)["prompt"] == ["login"]
    key = browser.ours.cookies["sessionid"].value
    assert browser.back(browser.through(address, "nele"))["Location"] == "/mijn-dossier"
    assert browser.ours.cookies["sessionid"].value != key


def test_a_confirmation_by_somebody_else_is_refused(world: World) -> None:
    browser = Browser()
    browser.sign_in("nele")
    browser.ours.get("/bevestig?volgende=/mijn-dossier")
    browser.theirs = requests.Session()  # at the provider's end, another browser altogether
    answer = browser.back(browser.through(browser.to_provider(), "tom"))
    assert answer.status_code == 403
    assert "iemand anders" in text_of(answer)
    assert "Nele Peeters" in text_of(browser.ours.get("/mijn-dossier"))


def test_a_switch_of_capacity_is_asked_for(world: World) -> None:
    browser = Browser()
    page = browser.theirs.get(browser.to_provider("/aanmelden/acm?wissel"), timeout=10)
    assert '{"switch_id": true}' in page.text


def test_signing_out_signs_out_there_too(world: World) -> None:
    browser = Browser()
    browser.sign_in("nele")
    answer = browser.ours.post("/afmelden")
    address = urlsplit(answer["Location"])
    assert parse_qs(address.query)["post_logout_redirect_uri"] == [f"{US}/"]
    page = browser.theirs.get(answer["Location"], timeout=10)
    form = re.search(r'action="([^"]+)".*?name="xsrf" value="([^"]+)"', page.text, re.S)
    assert form is not None, page.text
    left = browser.theirs.post(
        form[1], data={"xsrf": form[2], "logout": "yes"}, allow_redirects=False, timeout=10
    )
    assert left.headers["Location"] == f"{US}/"
    assert browser.ours.get("/mijn-dossier").status_code == 302
    assert "/interaction/" in browser.theirs.get(browser.to_provider(), timeout=10).url, (
        "it asks who one is again"
    )


def test_the_session_holds_no_national_number(world: World) -> None:
    from django.contrib.sessions.models import Session

    browser = Browser()
    browser.sign_in("nele")
    for session in Session.objects.all():
        told = str(session.get_decoded())
        assert NELE not in told
        assert "eyJ" not in told, "no token that can be read"


def test_a_code_is_traded_once(world: World) -> None:
    browser = Browser()
    address = browser.through(browser.to_provider(), "nele")
    kept = browser.ours.session["acm_attempt"]
    assert browser.back(address).status_code == 302
    thief = Client()
    session = thief.session
    session["acm_attempt"] = kept  # even somebody who has the state finds the code used
    session.save()
    answer = thief.get(address.removeprefix(US))
    assert answer.status_code == 403
    assert not thief.session.get("_auth_user_id")


def test_the_attempt_is_written_down(world: World) -> None:
    Browser().sign_in("nele")
    assert list(Attempt.objects.values_list("means", "outcome")) == [("acm", "right")]
