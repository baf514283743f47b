"""Every forged answer of a provider, by name: nobody is signed in, and the page says what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from tests.signin.forger import ACCESS_TOKEN, CURVE_KEY, OTHER_KEY, Forger, forging, half_hash
from tests.signin.people import NELE
from tests.signin.provider import CLIENT_ID, make_key
from tests.web.conftest import StrictClient
from tests.web.signin.conftest import Clock
from tests.web.test_public import text_of
from tests.world import ENTERPRISE, World

from portefeuille.identity.models import Capacity, Person
from portefeuille.settings.base import OIDC_SCOPE
from portefeuille.signin import oidc

Claims = dict[str, Any]


@pytest.fixture(scope="module")
def _server() -> Iterator[Forger]:
    with forging() as running:
        yield running


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture
def forger(_server: Forger, key_file: Path, settings: Any, world: World) -> Iterator[Forger]:
    settings.OIDC = {
        "issuer": _server.issuer,
        "client_id": CLIENT_ID,
        "key_file": str(key_file),
        "rights_file": "",
        "scope": OIDC_SCOPE,
    }
    settings.PUBLIC_ADDRESS = "http://testserver"
    oidc.forget_provider()
    yield _server
    _server.__post_init__()
    _server.token = None
    _server.answers.clear()
    _server.asked.clear()
    _server.posted.clear()


class Attempt:
    """Somebody who left for the provider, with the clock of the test."""

    def __init__(self, forger: Forger, clock: Clock) -> None:
        self.forger = forger
        self.client = StrictClient()
        answer = self.client.get("/aanmelden/acm")
        assert answer.status_code == 302, text_of(answer)
        asked = parse_qs(urlsplit(answer["Location"]).query)
        self.state, self.nonce = asked["state"][0], asked["nonce"][0]
        self.now = int(clock.now.timestamp())

    def claims(self, **more: Any) -> Claims:
        """What an honest provider would say; a value of None leaves that claim out."""
        honest = {
            "iss": self.forger.issuer,
            "aud": CLIENT_ID,
            "sub": "nele",
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": self.nonce,
            "at_hash": half_hash(ACCESS_TOKEN),
            "given_name": "Nele",
            "family_name": "Peeters",
            "rrn": NELE,
            "vo_id": "vo-nele",
            "vo_doelgroepcode": "EA",
            "vo_orgcode": ENTERPRISE,
            "wv_orgcode": ENTERPRISE,
            "acr": "urn:be:vlaanderen:authmech:eid",
        }
        return {name: value for name, value in {**honest, **more}.items() if value is not None}

    def back(self, token: str, **more: str) -> Any:
        """Come back with a code, for which the provider gives this token."""
        self.forger.token = lambda: token
        return self.client.get("/aanmelden/acm/terug", {"code": "c", "state": self.state, **more})


@pytest.fixture
def attempt(forger: Forger, clock: Clock) -> Attempt:
    return Attempt(forger, clock)


def refused(answer: Any, client: Client) -> None:
    """Nobody came in, nobody was made, and there is a way on."""
    told = text_of(answer)
    assert answer.status_code == 403, told
    assert "Je bent niet aangemeld" in told
    assert "Kies een andere manier" in told
    assert "_auth_user_id" not in client.session
    assert client.get("/mijn-dossier").status_code == 302
    assert not Person.objects.filter(vo_id__isnull=False).exists()


def test_an_honest_answer_is_believed(attempt: Attempt) -> None:
    """Without this, the refusals below would prove nothing."""
    assert attempt.back(attempt.forger.sign(attempt.claims()))["Location"] == "/mijn-dossier"
    (posted,) = attempt.forger.posted
    assert posted["client_assertion_type"] == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    assert "client_secret" not in posted
    assert posted["code_verifier"]


WRONG: dict[str, Callable[[Attempt], Claims]] = {
    "issuer": lambda a: {"iss": "https://elsewhere.example/op"},
    "issuer_with_a_slash": lambda a: {"iss": f"{a.forger.issuer}/"},
    "audience": lambda a: {"aud": "another-client"},
    "audience_of_several_without_azp": lambda a: {"aud": [CLIENT_ID, "another-client"]},
    "authorised_party": lambda a: {"azp": "another-client"},
    "expired": lambda a: {"exp": a.now - 31},
    "expiry_is_text": lambda a: {"exp": "morgen"},
    "not_yet_valid": lambda a: {"nbf": a.now + 60},
    "issued_in_the_future": lambda a: {"iat": a.now + 60},
    "nonce": lambda a: {"nonce": "of another attempt"},
    "at_hash": lambda a: {"at_hash": half_hash("another token")},
    "without_issuer": lambda a: {"iss": None},
    "without_audience": lambda a: {"aud": None},
    "without_expiry": lambda a: {"exp": None},
    "without_time_of_issue": lambda a: {"iat": None},
    "without_nonce": lambda a: {"nonce": None},
    "without_subject": lambda a: {"sub": None},
    "without_who_it_is": lambda a: {"vo_id": None, "rrn": None},
    "without_name": lambda a: {"given_name": None, "family_name": None},
    "without_assurance": lambda a: {"acr": None},
    "number_with_wrong_check_digits": lambda a: {"rrn": NELE[:-1] + str((int(NELE[-1]) + 1) % 10)},
    "names_that_are_no_text": lambda a: {"given_name": ["Nele"], "family_name": {"x": 1}},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_claim(attempt: Attempt, name: str) -> None:
    token = attempt.forger.sign(attempt.claims(**WRONG[name](attempt)))
    refused(attempt.back(token), attempt.client)


FORGED: dict[str, Callable[[Attempt], str]] = {
    "signature_by_another_key": lambda a: a.forger.sign(a.claims(), key=OTHER_KEY),
    "key_that_is_not_published": lambda a: a.forger.sign(a.claims(), key=CURVE_KEY, alg="ES256", kid="curve"),
    "alg_none": lambda a: a.forger.unsigned(a.claims()),
    "hs256_with_the_public_key": lambda a: a.forger.signed_with_what_everybody_knows(a.claims()),
    "claims_changed_after_signing": lambda a: _swap_claims(a),
    "signature_cut_off": lambda a: a.forger.sign(a.claims()).rpartition(".")[0] + ".",
    "no_token_at_all": lambda a: "geen token",
    "empty": lambda a: "",
}


def _swap_claims(attempt: Attempt) -> str:
    head, _claims, signature = attempt.forger.sign(attempt.claims()).split(".")
    other = attempt.forger.sign(attempt.claims(vo_id="vo-tom")).split(".")[1]
    return ".".join([head, other, signature])


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token(attempt: Attempt, name: str) -> None:
    refused(attempt.back(FORGED[name](attempt)), attempt.client)


class TestCallback:
    def test_replayed_state(self, attempt: Attempt) -> None:
        """The attempt is over once it came back, well or not."""
        token = attempt.forger.sign(attempt.claims(nonce="x"))
        refused(attempt.back(token), attempt.client)
        refused(attempt.back(attempt.forger.sign(attempt.claims())), attempt.client)

    def test_replayed_after_a_sign_in(self, attempt: Attempt) -> None:
        token = attempt.forger.sign(attempt.claims())
        assert attempt.back(token).status_code == 302
        attempt.client.post("/afmelden")
        asked = len(attempt.forger.posted)
        assert attempt.back(token).status_code == 403
        assert len(attempt.forger.posted) == asked, "the code is not even traded"

    def test_state_of_somebody_else(self, attempt: Attempt, clock: Clock) -> None:
        victim = Attempt(attempt.forger, clock)
        token = attempt.forger.sign(attempt.claims())
        attempt.forger.token = lambda: token
        answer = victim.client.get("/aanmelden/acm/terug", {"code": "c", "state": attempt.state})
        refused(answer, victim.client)

    def test_unsolicited(self, forger: Forger) -> None:
        client = StrictClient()
        refused(client.get("/aanmelden/acm/terug", {"code": "c", "state": "s"}), client)
        refused(client.get("/aanmelden/acm/terug"), client)
        assert not forger.posted

    @pytest.mark.parametrize("state", ["", "é", "x" * 5000])
    def test_odd_state(self, attempt: Attempt, state: str) -> None:
        refused(attempt.client.get("/aanmelden/acm/terug", {"code": "c", "state": state}), attempt.client)

    def test_replayed_code(self, attempt: Attempt) -> None:
        attempt.forger.answers["/op/token"] = (400, b'{"error": "invalid_grant"}')
        refused(attempt.back("unused"), attempt.client)

    def test_issuer_of_another_provider_in_the_address(self, attempt: Attempt) -> None:
        """RFC 9207: the answer of one provider is not taken to another."""
        token = attempt.forger.sign(attempt.claims())
        refused(attempt.back(token, iss="https://elsewhere.example/op"), attempt.client)
        assert not attempt.forger.posted

    def test_without_code(self, attempt: Attempt) -> None:
        refused(attempt.back("unused", code=""), attempt.client)

    def test_too_late(self, attempt: Attempt, clock: Clock) -> None:
        clock.pass_(minutes=11)
        answer = attempt.back(attempt.forger.sign(attempt.claims(exp=attempt.now + 900)))
        assert "Je deed er te lang over." in text_of(answer)
        refused(answer, attempt.client)

    def test_an_error_of_the_provider(self, attempt: Attempt) -> None:
        answer = attempt.back("unused", error="server_error", error_description="<script>")
        assert "antwoordt nu niet" in text_of(answer)
        refused(answer, attempt.client)

    def test_a_confirmation_by_what_the_provider_remembered(self, attempt: Attempt, clock: Clock) -> None:
        """Told to ask anew, a provider that did not is not believed."""
        assert attempt.back(attempt.forger.sign(attempt.claims())).status_code == 302
        for auth_time in (None, attempt.now - 3600, True, "nu"):
            attempt.client.get("/bevestig?volgende=/mijn-dossier")
            asked = parse_qs(urlsplit(attempt.client.get("/aanmelden/acm")["Location"]).query)
            attempt.state, attempt.nonce = asked["state"][0], asked["nonce"][0]
            clock.pass_(minutes=1)
            before = attempt.client.session["proved_at"]
            answer = attempt.back(attempt.forger.sign(attempt.claims(auth_time=auth_time)))
            assert answer.status_code == 403
            assert attempt.client.session["proved_at"] == before


class TestProvider:
    @pytest.mark.parametrize(
        ("status", "content"),
        [(503, b""), (200, b"<html>"), (200, b"[]"), (302, b"{}"), (200, b"x" * 1_100_000)],
        ids=["down", "html", "list", "redirect", "endless"],
    )
    def test_down_or_odd_before_anything(self, forger: Forger, status: int, content: bytes) -> None:
        forger.answers["/op/.well-known/openid-configuration"] = (status, content)
        client = StrictClient()
        answer = client.get("/aanmelden/acm")
        assert "De Vlaamse overheid antwoordt nu niet. Het ligt niet aan jou." in text_of(answer)
        refused(answer, client)

    def test_nobody_listens(self, forger: Forger, settings: Any) -> None:
        settings.OIDC = {**settings.OIDC, "issuer": "http://127.0.0.1:9/op"}
        client = StrictClient()
        refused(client.get("/aanmelden/acm"), client)

    @pytest.mark.parametrize(
        "changed",
        [
            {"issuer": "https://elsewhere.example"},
            {"authorization_endpoint": "http://elsewhere.example/auth"},
            {"authorization_endpoint": 5},
            {"authorization_endpoint": None},
        ],
    )
    def test_it_publishes_what_can_not_be(self, forger: Forger, changed: dict[str, Any]) -> None:
        honest = {"issuer": forger.issuer, "authorization_endpoint": f"{forger.issuer}/auth"}
        forger.answers["/op/.well-known/openid-configuration"] = (
            200,
            json.dumps({**honest, **changed}).encode(),
        )
        client = StrictClient()
        refused(client.get("/aanmelden/acm"), client)

    @pytest.mark.parametrize(
        ("status", "content"),
        [
            (500, b"oops"),
            (200, b"<html>"),
            (200, b"{}"),
            (200, b"[]"),
            (200, b'{"access_token": "a"}'),
            (200, b'{"access_token": "a", "id_token": 7}'),
        ],
    )
    def test_an_odd_answer_for_the_code(self, attempt: Attempt, status: int, content: bytes) -> None:
        attempt.forger.answers["/op/token"] = (status, content)
        refused(attempt.back("unused"), attempt.client)

    @pytest.mark.parametrize(
        "content", [b"{}", b'{"keys": 5}', b'{"keys": [{"kty": "?"}]}', b'{"keys": []}', b"x"]
    )
    def test_odd_keys(self, attempt: Attempt, content: bytes) -> None:
        attempt.forger.answers["/op/keys"] = (200, content)
        refused(attempt.back(attempt.forger.sign(attempt.claims())), attempt.client)

    def test_a_new_key_is_found_once_it_is_published(self, attempt: Attempt, clock: Clock) -> None:
        assert attempt.back(attempt.forger.sign(attempt.claims())).status_code == 302
        clock.pass_(minutes=2)
        attempt.forger.published.append(CURVE_KEY.as_dict(private=False))
        later = Attempt(attempt.forger, clock)
        token = later.forger.sign(later.claims(), key=CURVE_KEY, alg="ES256", kid="curve")
        assert later.back(token).status_code == 302

    def test_keys_are_kept_for_an_hour(self, attempt: Attempt, clock: Clock) -> None:
        attempt.back(attempt.forger.sign(attempt.claims()))
        for _again in range(3):
            later = Attempt(attempt.forger, clock)
            assert later.back(later.forger.sign(later.claims())).status_code == 302
        assert attempt.forger.asked.count("/op/keys") == 1
        clock.pass_(minutes=61)
        later = Attempt(attempt.forger, clock)
        later.back(later.forger.sign(later.claims()))
        assert attempt.forger.asked.count("/op/keys") == 2

    def test_forged_tokens_do_not_make_us_ask_for_keys_each_time(
        self, attempt: Attempt, clock: Clock
    ) -> None:
        for _again in range(5):
            later = Attempt(attempt.forger, clock)
            later.back(later.forger.sign(later.claims(), key=OTHER_KEY, kid="unknown"))
        assert attempt.forger.asked.count("/op/keys") <= 2


def test_where_it_is_not_set_up_it_does_not_exist(visitor: Client) -> None:
    for path in ("/aanmelden/acm", "/aanmelden/acm/terug"):
        assert visitor.get(path).status_code == 404


def test_the_log_names_the_reason_and_nobody(attempt: Attempt, caplog: pytest.LogCaptureFixture) -> None:
    attempt.back(attempt.forger.sign(attempt.claims(aud="x")))
    told = caplog.text
    assert "aud" in told
    for secret in (NELE, "Peeters", "Nele", attempt.state, "eyJ"):
        assert secret not in told


def test_a_weak_proof_does_not_freshen_a_strong_session(
    forger: Forger, attempt: Attempt, clock: Clock
) -> None:
    """Whoever finds a laptop open and knows a password confirms nothing for which a card was needed."""
    attempt.back(forger.sign(attempt.claims()))
    clock.pass_(minutes=16)
    wanted = "/mijn-aanmelding/app"

    def confirm(**told: Any) -> str:
        client = attempt.client
        assert client.get(wanted)["Location"] == "/bevestig?volgende=%2Fmijn-aanmelding%2Fapp"
        asked = parse_qs(urlsplit(client.get("/aanmelden/acm")["Location"]).query)
        attempt.state, attempt.nonce = asked["state"][0], asked["nonce"][0]
        attempt.now = int(clock.now.timestamp())
        answer = attempt.back(forger.sign(attempt.claims(auth_time=attempt.now, **told)))
        return str(answer["Location"])

    assert confirm(acr="a-password") == "/bevestig?volgende=%2Fmijn-aanmelding%2Fapp"
    told = text_of(attempt.client.get("/bevestig?volgende=%2Fmijn-aanmelding%2Fapp"))
    assert "Zo zijn we nog niet zeker genoeg van wie je bent." in told
    assert attempt.client.get(wanted).status_code == 302, "it still wants a proof"
    assert confirm() == wanted
    assert attempt.client.get(wanted).status_code == 200


def test_who_was_dismissed_keeps_no_right_by_another_way_in(
    forger: Forger, attempt: Attempt, clock: Clock
) -> None:
    """The right was taken away at ACM/IDM. There nobody tells us, as long as they come in as a citizen."""
    agency = {"vo_doelgroepcode": "GID", "vo_orgcode": "OVO000000", "wv_orgcode": None}
    right = {"kmo_portefeuille_rol_3d": ["KMOPortefeuille-Dossierbehandelaar:OVO000000"]}
    assert attempt.back(forger.sign(attempt.claims(**agency, **right)))["Location"] == "/kantoor"
    assert attempt.client.get("/kantoor").status_code == 200

    later = Attempt(forger, clock)
    as_citizen = later.claims(vo_doelgroepcode="BUR", vo_orgcode=None, wv_orgcode=None)
    assert later.back(forger.sign(as_citizen))["Location"] == "/registreren"
    assert later.client.get("/kantoor")["Location"] == "/registreren"
    kept = Capacity.objects.get(role="office", person__vo_id="vo-nele", ended_at=None)
    assert later.client.post("/wissel", {"hoedanigheid": kept.pk}).status_code == 403
    assert later.client.get("/kantoor").status_code == 302

    again = Attempt(forger, clock)
    assert again.back(forger.sign(again.claims(**agency)))["Location"] == "/registreren"
    kept.refresh_from_db()
    assert kept.ended_at is not None
    assert attempt.client.get("/kantoor").status_code == 302, "and the session that was open ends with it"
