"""What the platform itself checks of an identity card, whatever the web server in front let through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from tests.signin.cards import FakeOcsp, Hierarchy, Holder, name, usage
from tests.signin.people import NELE, NOW, TOM

from portefeuille.signin.eid import Card, CardRefused, Trust, read_card, read_trust

H = Hierarchy(now=NOW)
ELSEWHERE = Hierarchy(now=NOW)


@pytest.fixture(autouse=True)
def ocsp() -> Iterator[type[FakeOcsp]]:
    yield FakeOcsp
    FakeOcsp.answer = True


def read(holder: Holder, *, trust: Trust | None = None, allow_specimen: bool = False) -> Card:
    return read_card(
        holder.pem, trust=trust or H.trust, ocsp=FakeOcsp(), at=NOW, allow_specimen=allow_specimen
    )


def refusal(holder: Holder, **more: Trust) -> str:
    with pytest.raises(CardRefused) as refused:
        read(holder, **more)
    return refused.value.why


def test_a_good_card() -> None:
    card = read(H.card())
    assert (card.national_number, card.name) == (NELE, "Nele Maria Peeters")
    assert card.issuer == H.citizen.certificate


def test_the_number_comes_from_the_serial_number_never_from_the_name() -> None:
    assert read(H.card(common_name=f"{TOM} (Authentication)")).national_number == NELE
    without = name(
        (NameOID.COMMON_NAME, f"Nele Peeters {NELE} (Authentication)"),
        (NameOID.GIVEN_NAME, "Nele"),
        (NameOID.SURNAME, "Peeters"),
    )
    assert refusal(H.card(subject=without)) == "not_valid"


def test_two_serial_numbers_are_none() -> None:
    two = name(
        (NameOID.COMMON_NAME, "X (Authentication)"),
        (NameOID.SURNAME, "X"),
        (NameOID.SERIAL_NUMBER, NELE),
        (NameOID.SERIAL_NUMBER, TOM),
    )
    assert refusal(H.card(subject=two)) == "not_valid"


REFUSED: dict[str, tuple[Callable[[], Holder], str]] = {
    "expired": (H.expired, "not_valid"),
    "not_yet_valid": (lambda: H.card(from_day=NOW + timedelta(days=1)), "not_valid"),
    "other_root": (ELSEWHERE.card, "not_valid"),
    "signed_by_a_card": (lambda: H.card(issuer=H.card()), "not_valid"),
    "signed_by_nobody": (lambda: H.root, "wrong_certificate"),
    "signature_certificate": (H.signature_card, "wrong_certificate"),
    "signature_certificate_by_name_only": (
        lambda: H.card(common_name="Nele Peeters (Signature)"),
        "wrong_certificate",
    ),
    "may_sign_texts_too": (
        lambda: H.card(key_usage=usage(digital_signature=True, content_commitment=True)),
        "wrong_certificate",
    ),
    "may_not_sign": (lambda: H.card(key_usage=usage(key_agreement=True)), "wrong_certificate"),
    "for_servers": (lambda: H.card(purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)), "wrong_certificate"),
    "for_nothing_in_particular": (lambda: H.card(purposes=None), "wrong_certificate"),
    "for_anything": (
        lambda: H.card(purposes=(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)),
        "wrong_certificate",
    ),
    "number_with_wrong_check_digits": (
        lambda: H.card(NELE[:-1] + str((int(NELE[-1]) + 1) % 10)),
        "not_valid",
    ),
    "number_of_a_specimen": (lambda: H.card("71715100070"), "not_valid"),
}


@pytest.mark.parametrize("which", REFUSED)
def test_refused(which: str) -> None:
    make, why = REFUSED[which]
    assert refusal(make()) == why


def test_an_authority_that_we_do_not_know_yet() -> None:
    assert refusal(H.card(), trust=Trust((H.root.certificate,), ())) == "not_valid"


def test_an_authority_cannot_vouch_for_itself() -> None:
    """Issuers lead to a pinned root or nowhere: a folder of issuers trusts nobody by itself."""
    trust = Trust((ELSEWHERE.root.certificate,), (H.citizen.certificate, H.root.certificate))
    assert refusal(H.card(), trust=trust) == "not_valid"


@pytest.mark.parametrize(
    "pem", ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "é", "A" * 30_000]
)
def test_what_is_no_certificate(pem: str) -> None:
    with pytest.raises(CardRefused):
        read_card(pem, trust=H.trust, ocsp=FakeOcsp(), at=NOW)


def test_revoked(ocsp: type[FakeOcsp]) -> None:
    ocsp.answer = False
    assert refusal(H.card()) == "revoked"


def test_without_an_answer_nobody_is_signed_in(ocsp: type[FakeOcsp]) -> None:
    ocsp.answer = None
    assert refusal(H.card()) == "not_sure"


def test_the_specimen_only_where_tests_allow_it() -> None:
    assert read(H.card("71715100070"), allow_specimen=True).national_number == "71715100070"


def test_trust_is_read_from_a_folder_and_must_hold_a_root(tmp_path: Path) -> None:
    trust = read_trust(H.write(tmp_path / "trust"))
    assert trust == H.trust
    with pytest.raises(RuntimeError, match="no certificate"):
        read_trust(tmp_path)
    assert isinstance(trust.roots[0], x509.Certificate)
