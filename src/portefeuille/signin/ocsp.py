"""Ask the authority that issued a card whether it was revoked (OCSP, RFC 6960)."""

from __future__ import annotations

from datetime import datetime, timedelta

import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from portefeuille.signin.eid import OcspDown

TIMEOUT_SECONDS = 5
CLOCKS_DIFFER = timedelta(minutes=5)
LASTS_WITHOUT_END = timedelta(days=1)  # an answer that does not say how long it holds
_LARGEST = 100_000  # bytes


class HttpOcsp:
    """At the address that the card's certificate names; its answer is believed when that authority signed it."""

    def is_good(self, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime) -> bool:
        """Whether the card is known and was not revoked. Raises OcspDown."""
        request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA1()).build()  # noqa: S303
        answer = _ask(_address(certificate), request.public_bytes(Encoding.DER))
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise OcspDown(f"status {answer.response_status.name}")
        _must_be_signed(answer, issuer, at)
        asked = (request.serial_number, request.issuer_key_hash, request.issuer_name_hash)
        for one in answer.responses:
            if (one.serial_number, one.issuer_key_hash, one.issuer_name_hash) == asked:
                _must_be_of_now(one, at)
                return one.certificate_status is ocsp.OCSPCertStatus.GOOD
        raise OcspDown("the answer is about another certificate")


def _address(certificate: x509.Certificate) -> str:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        raise OcspDown("the certificate names no address") from None
    for one in access:
        if one.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            one.access_location, x509.UniformResourceIdentifier
        ):
            return one.access_location.value
    raise OcspDown("the certificate names no address")


def _ask(address: str, request: bytes) -> ocsp.OCSPResponse:
    try:
        with requests.post(
            address,
            data=request,
            headers={"Content-Type": "application/ocsp-request"},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise OcspDown(f"http {answer.status_code}")
            return ocsp.load_der_ocsp_response(answer.raw.read(_LARGEST, decode_content=True))
    except (requests.RequestException, OSError, ValueError) as broken:
        raise OcspDown(type(broken).__name__) from None


def _must_be_signed(answer: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime) -> None:
    """By the authority itself, or by a responder to which it gave that purpose."""
    signers = [issuer, *(one for one in answer.certificates if _is_responder(one, issuer, at))]
    if not any(_signed(answer, signer) for signer in signers):
        raise OcspDown("the answer is not signed by the authority")


def _is_responder(certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    is_in_time = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    return is_in_time and ExtendedKeyUsageOID.OCSP_SIGNING in purposes


def _signed(answer: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, hashed = signer.public_key(), answer.signature_hash_algorithm
    try:
        if hashed is None:
            return False
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(hashed))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _must_be_of_now(one: ocsp.OCSPSingleResponse, at: datetime) -> None:
    """An old answer says good of a card that was stolen since."""
    until = one.next_update_utc or one.this_update_utc + LASTS_WITHOUT_END
    if not one.this_update_utc - CLOCKS_DIFFER <= at <= until + CLOCKS_DIFFER:
        raise OcspDown("the answer is not of now")
