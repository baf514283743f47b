"""Asking an authority whether a card was revoked, over http: honest, silent, and lying answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.signin.cards import Hierarchy, Holder
from tests.signin.people import NOW

from portefeuille.signin.eid import OcspDown
from portefeuille.signin.ocsp import HttpOcsp

GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN


@dataclass
class Authority:
    """An OCSP responder on this machine."""

    hierarchy: Hierarchy = field(default_factory=lambda: Hierarchy(now=NOW))
    answer: Callable[[], tuple[int, bytes]] = lambda: (500, b"")

    def __post_init__(self) -> None:
        self.card = self.hierarchy.card()

    def says(
        self,
        status: ocsp.OCSPCertStatus,
        *,
        about: Holder | None = None,
        signer: Holder | None = None,
        delegate: Holder | None = None,
        this: datetime = NOW,
        until: datetime | None = NOW + timedelta(hours=1),
    ) -> None:
        """Answer so from now on."""
        is_revoked = status is REVOKED
        issuer = self.hierarchy.citizen
        by = delegate or signer or issuer
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=(about or self.card).certificate,
                issuer=issuer.certificate,
                algorithm=SHA1(),
                cert_status=status,
                this_update=this,
                next_update=until,
                revocation_time=NOW - timedelta(days=1) if is_revoked else None,
                revocation_reason=x509.ReasonFlags.key_compromise if is_revoked else None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate)
        )
        if delegate:
            builder = builder.certificates([delegate.certificate])
        made = builder.sign(by.key, SHA256()).public_bytes(Encoding.DER)
        self.answer = lambda: (200, made)

    def is_good(self) -> bool:
        return HttpOcsp().is_good(self.card.certificate, self.hierarchy.citizen.certificate, at=NOW)


@pytest.fixture
def authority() -> Iterator[Authority]:
    running = Authority()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Nothing to print."""

        def do_POST(self) -> None:
            asked = ocsp.load_der_ocsp_request(self.rfile.read(int(self.headers["Content-Length"])))
            assert asked.serial_number == running.card.certificate.serial_number
            status, content = running.answer()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.hierarchy.ocsp_address = f"http://127.0.0.1:{server.server_port}/ocsp"
    running.card = running.hierarchy.card()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield running
    server.shutdown()
    thread.join()
    server.server_close()


def test_good_revoked_and_unknown(authority: Authority) -> None:
    for status, is_good in ((GOOD, True), (REVOKED, False), (UNKNOWN, False)):
        authority.says(status)
        assert authority.is_good() is is_good


def test_a_responder_that_the_authority_named(authority: Authority) -> None:
    authority.says(GOOD, delegate=authority.hierarchy.card(purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,)))
    assert authority.is_good()


def test_a_responder_that_it_did_not_name(authority: Authority) -> None:
    elsewhere = Hierarchy(now=NOW)
    for liar in (
        authority.hierarchy.card(),  # a card is not given that purpose
        elsewhere.card(purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,)),
        authority.hierarchy.card(
            purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,),
            from_day=NOW - timedelta(days=9),
            until=NOW - timedelta(days=1),
        ),
    ):
        authority.says(GOOD, delegate=liar)
        with pytest.raises(OcspDown, match="not signed"):
            authority.is_good()
    authority.says(GOOD, signer=elsewhere.citizen)
    with pytest.raises(OcspDown, match="not signed"):
        authority.is_good()


def test_an_answer_about_another_card(authority: Authority) -> None:
    authority.says(GOOD, about=authority.hierarchy.card())
    with pytest.raises(OcspDown, match="another"):
        authority.is_good()


@pytest.mark.parametrize(
    ("this", "until"),
    [
        (NOW - timedelta(days=3), NOW - timedelta(days=1)),
        (NOW - timedelta(days=2), None),
        (NOW + timedelta(hours=1), NOW + timedelta(hours=2)),
    ],
    ids=["over", "old and without an end", "of the future"],
)
def test_an_answer_of_another_time(authority: Authority, this: datetime, until: datetime | None) -> None:
    authority.says(GOOD, this=this, until=until)
    with pytest.raises(OcspDown, match="not of now"):
        authority.is_good()


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, b""),
        (200, b"x"),
        (302, b""),
        (
            200,
            ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(
                Encoding.DER
            ),
        ),
    ],
)
def test_no_answer(authority: Authority, status: int, content: bytes) -> None:
    authority.answer = lambda: (status, content)
    with pytest.raises(OcspDown):
        authority.is_good()


def test_nobody_listens_or_nobody_is_named() -> None:
    hierarchy = Hierarchy(now=NOW)
    with pytest.raises(OcspDown):
        HttpOcsp().is_good(hierarchy.card().certificate, hierarchy.citizen.certificate, at=NOW)
    with pytest.raises(OcspDown, match="names no address"):
        HttpOcsp().is_good(hierarchy.citizen.certificate, hierarchy.root.certificate, at=NOW)
