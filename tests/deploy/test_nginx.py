"""The shipped nginx configuration, filled in by the shipped script, on a real nginx before the whole platform."""

from __future__ import annotations

import http.client
import re
import ssl
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.journeys.conftest import Site, site  # noqa: F401 - a fixture of the journeys
from tests.signin.cards import FakeOcsp, Hierarchy, Holder
from tests.signin.nginx import DEPLOY, EID_HOST, HOST, Nginx, running
from tests.signin.people import NELE, TOM

from portefeuille.identity.models import Person

H = Hierarchy()
CARD_PAGE = "/aanmelden/eid/kaart"


@pytest.fixture
def nginx(site: Site, settings: Any, tmp_path: Path) -> Iterator[Nginx]:  # noqa: F811
    with running(tmp_path, upstream=urlsplit(site.url).netloc, hierarchy=H) as started:
        settings.EID = {
            "address": started.eid_address,
            "secret_file": str(tmp_path / "eid-secret"),
            "trust": str(tmp_path / "trust"),
            "ocsp": "tests.signin.cards.FakeOcsp",
        }
        settings.PUBLIC_ADDRESS = started.address
        settings.ALLOWED_HOSTS = [HOST, EID_HOST]
        yield started
    FakeOcsp.answer = True


def attempt(nginx: Nginx) -> tuple[str, str]:
    """Leave for the address that reads cards: the path there with its state, and the session's cookie."""
    status, headers, _text = nginx.get("/aanmelden/eid", host=HOST)
    assert status == 302
    address = urlsplit(headers["location"])
    assert f"{address.scheme}://{address.netloc}" == nginx.eid_address
    cookie = re.search(r"sessionid=[^;]+", headers["set-cookie"])
    assert cookie is not None
    return f"{address.path}?{address.query}", cookie[0]


def show(nginx: Nginx, holder: Holder | None, *, path: str | None = None) -> tuple[int, str]:
    """Show a card: the status, and where it leads."""
    card = holder.write(nginx.folder, "card") if holder else None
    status, headers, _text = nginx.get(path or attempt(nginx)[0], host=EID_HOST, card=card)
    return status, headers.get("location", "")


def why(location: str) -> str:
    return parse_qs(urlsplit(location).query).get("reden", [""])[0]


def test_a_good_card_signs_in(nginx: Nginx) -> None:
    path, cookie = attempt(nginx)
    status, location = show(nginx, H.card(), path=path)
    assert (status, why(location)) == (302, "")
    address = urlsplit(location)
    status, headers, _text = nginx.get(
        f"{address.path}?{address.query}", host=HOST, headers={"Cookie": cookie}
    )
    assert (status, headers["location"]) == (302, "/registreren")
    assert Person.objects.get().name == "Nele Maria Peeters"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (H.expired, "not_valid"),
        (Hierarchy().card, "not_valid"),
        (H.signature_card, "wrong_certificate"),
        (lambda: H.card(common_name="Nele Peeters (Signature)"), "wrong_certificate"),
        (lambda: H.card(purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)), "wrong_certificate"),
        (lambda: None, "no_card"),
    ],
    ids=[
        "expired",
        "other root",
        "signature certificate",
        "signature by name",
        "wrong purpose",
        "no certificate",
    ],
)
def test_any_other_card_does_not(nginx: Nginx, make: Any, reason: str) -> None:
    status, location = show(nginx, make())
    assert (status, why(location)) == (302, reason)
    assert location.startswith(f"{nginx.address}/aanmelden/eid/mislukt")
    assert not Person.objects.exists()


@pytest.mark.parametrize(("answer", "reason"), [(False, "revoked"), (None, "not_sure")])
def test_a_revoked_card_does_not(nginx: Nginx, answer: bool | None, reason: str) -> None:
    FakeOcsp.answer = answer
    assert why(show(nginx, H.card())[1]) == reason
    assert not Person.objects.exists()


class TestSpoofed:
    """A header with somebody's certificate, which is no secret, and even with the secret itself guessed."""

    def headers(self, secret: str = "guess") -> dict[str, str]:
        return {"X-Eid-Certificate": quote(H.card().pem), "X-Eid-Secret": secret}

    def test_to_the_platforms_own_address(self, nginx: Nginx) -> None:
        path, cookie = attempt(nginx)
        for secret in ("guess", nginx.secret):
            status, _headers, _text = nginx.get(
                path, host=HOST, headers={"Cookie": cookie, **self.headers(secret)}
            )
            assert status == 404
        status, headers, _text = nginx.get("/mijn-dossier", host=HOST, headers=self.headers(nginx.secret))
        assert (status, headers["location"]) == (302, "/aanmelden?volgende=%2Fmijn-dossier")
        assert not Person.objects.exists()

    @pytest.mark.parametrize(
        "path", ["//aanmelden/eid/kaart", "/aanmelden/./eid/kaart", "/aanmelden/eid/%6baart"]
    )
    def test_by_another_spelling_of_the_page(self, nginx: Nginx, path: str) -> None:
        state = attempt(nginx)[0].partition("?")[2]
        status, headers, _text = nginx.get(f"{path}?{state}", host=HOST, headers=self.headers(nginx.secret))
        assert (status, "location" in headers) in ((404, False), (403, False))
        assert not Person.objects.exists()

    def test_to_the_address_that_reads_cards_without_one(self, nginx: Nginx) -> None:
        status, headers, _text = nginx.get(
            attempt(nginx)[0], host=EID_HOST, headers=self.headers(nginx.secret)
        )
        assert (status, why(headers["location"])) == (302, "no_card")
        assert not Person.objects.exists()

    def test_beside_a_card_of_ones_own(self, nginx: Nginx) -> None:
        """The card in the reader counts; what is sent under the header's name, in any spelling, does not pass."""
        own = H.card(TOM, given="Tom", surname="Claes").write(nginx.folder, "own")
        theirs = quote(H.card().pem)
        for raw in (
            f"X-Eid-Certificate: {theirs}\r\n",
            f"x-eid-certificate: {theirs}\r\n",
            f"X_Eid_Certificate: {theirs}\r\n",
            f"X-Eid_Certificate: {theirs}\r\n",
        ):
            status, headers, _text = nginx.get(attempt(nginx)[0], host=EID_HOST, card=own, raw=raw)
            assert status == 302
            assert "bewijs=" in headers["location"], (raw[:20], headers["location"])
        assert [person.name for person in Person.objects.all()] == ["Tom Claes"]

    def test_by_the_name_of_one_address_in_the_handshake_and_the_other_in_the_request(
        self, nginx: Nginx
    ) -> None:
        card = H.card().write(nginx.folder, "card")
        path = attempt(nginx)[0]
        status, _headers, _text = nginx.get(path, host=EID_HOST, sni=HOST, headers=self.headers(nginx.secret))
        assert status in (400, 421) or why(_headers.get("location", "")) == "no_card"
        status, _headers, _text = nginx.get(path, host=HOST, sni=EID_HOST, card=card)
        assert status in (404, 421)
        assert not Person.objects.exists()

    def test_straight_on_the_platform_past_nginx(self, nginx: Nginx, site: Site) -> None:  # noqa: F811
        path = attempt(nginx)[0]
        headers = {**self.headers(), "Host": EID_HOST, "X-Forwarded-Proto": "https"}
        answer = requests.get(site.url + path, headers=headers, allow_redirects=False, timeout=10)
        assert answer.status_code == 403
        assert not Person.objects.exists()


def test_a_name_that_is_not_ours_gets_no_answer(nginx: Nginx) -> None:
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError, ssl.SSLEOFError)):
        nginx.get("/", host="elsewhere.example", sni=HOST)


def test_the_address_that_reads_cards_has_no_other_page(nginx: Nginx) -> None:
    card = H.card().write(nginx.folder, "card")
    for path in ("/", "/mijn-dossier", "/beheer"):
        status, headers, _text = nginx.get(path, host=EID_HOST, card=card)
        assert (status, headers["location"]) == (302, f"{nginx.address}/aanmelden")


def test_the_log_holds_no_ticket_and_no_state(nginx: Nginx) -> None:
    path, cookie = attempt(nginx)
    address = urlsplit(show(nginx, H.card(), path=path)[1])
    nginx.get(f"{address.path}?{address.query}", host=HOST, headers={"Cookie": cookie})
    patience = time.monotonic() + 10
    while (written := (nginx.folder / "access.log").read_text()).count("/aanmelden/eid") < 3:
        assert time.monotonic() < patience, written
        time.sleep(0.05)
    for secret in (path.partition("=")[2], address.query.partition("=")[2], NELE, nginx.secret):
        assert secret not in written


class TestFilling:
    def fill(self, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
        told = {
            "PATH": "/usr/bin:/bin",
            "PUBLIC_ADDRESS": "https://portefeuille.example",
            "EID_HOST": "eid.portefeuille.example",
            "TLS_CERTIFICATE": "/c",
            "TLS_KEY": "/k",
            "EID_AUTHORITIES": "/a",
            "EID_SECRET_FILE": str(folder / "secret"),
            **more,
        }
        return subprocess.run(
            [str(DEPLOY / "fill.sh"), str(folder)], env=told, capture_output=True, text=True, check=False
        )

    def test_no_place_stays_empty_and_the_secret_is_for_its_owner_only(self, tmp_path: Path) -> None:
        assert self.fill(tmp_path).returncode == 0
        written = (tmp_path / "portefeuille.conf").read_text()
        assert not re.search(r"@[A-Z_]+@", written)
        assert "server_name portefeuille.example;" in written
        secret = (tmp_path / "secret").read_text()
        assert re.fullmatch("[0-9a-f]{64}", secret)
        assert secret in (tmp_path / "eid-secret.conf").read_text()
        for path in ("secret", "eid-secret.conf"):
            assert stat.S_IMODE((tmp_path / path).stat().st_mode) == 0o600

    def test_a_second_time_keeps_the_secret(self, tmp_path: Path) -> None:
        self.fill(tmp_path)
        before = (tmp_path / "secret").read_text()
        self.fill(tmp_path)
        assert (tmp_path / "secret").read_text() == before

    def test_what_is_missing_or_would_be_read_otherwise_is_refused(self, tmp_path: Path) -> None:
        assert "EID_HOST" in self.fill(tmp_path, EID_HOST="").stderr
        assert "EID_HOST" in self.fill(tmp_path, EID_HOST="a; return 200").stderr
