"""The identity card: what a certificate proves, once every check on it holds.

The web server in front has seen that the card holds the private key. Everything else is checked here again, so that a
mistake in its configuration lets nobody in: the chain to roots that we pinned, the dates, the purpose, whether the card
was revoked, and the check digits of the number. The number is read from serialNumber only; a name proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from portefeuille.core.errors import Refusal
from portefeuille.core.identifiers import NotANumber, national_number

_LONGEST = 20_000  # characters of a certificate

SENTENCES = {
    "no_card": "Je browser gaf geen kaart door. Steek je identiteitskaart in de lezer en begin opnieuw.",
    "not_valid": "Deze kaart is niet geldig, of niet meer. Kijk of je je nieuwste identiteitskaart gebruikt.",
    "wrong_certificate": "Je koos het certificaat om te ondertekenen. Begin opnieuw en kies dat met “Authentication”.",
    "revoked": "Deze kaart is geblokkeerd. Gebruik een andere manier, of vraag bij je gemeente een nieuwe kaart.",
    "not_sure": "We kunnen nu niet nakijken of je kaart nog geldig is. Probeer het straks, of kies een andere manier.",
    "late": "Je deed er te lang over, of dit adres werd al gebruikt. Begin opnieuw.",
}


class CardRefused(Refusal):
    """Nobody is signed in by this card. ``why`` names the reason, ``more`` what exactly for the log."""

    def __init__(self, why: str, more: str = "") -> None:
        super().__init__(SENTENCES[why])
        self.why = why
        self.more = more or why


@dataclass(frozen=True, slots=True)
class Trust:
    """The roots that we pinned, and the authorities between them and a card."""

    roots: tuple[x509.Certificate, ...]
    issuers: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Who holds the card."""

    national_number: str
    name: str
    certificate: x509.Certificate
    issuer: x509.Certificate


class OcspDown(Exception):
    """Whether a card was revoked can't be known now. That is no yes."""


class Ocsp(Protocol):
    """What we ask of the authority that issued a card."""

    def is_good(self, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime) -> bool:
        """Whether the card is known and was not revoked. Raises OcspDown."""


@cache
def read_trust(folder: Path) -> Trust:
    """``roots/*.pem`` and ``issuers/*.pem``, fetched from the government once and compared with what it prints."""
    trust = Trust(_certificates(folder / "roots"), _certificates(folder / "issuers"))
    if not trust.roots:
        raise RuntimeError(f"{folder}/roots holds no certificate: no card could be trusted")
    return trust


def _certificates(folder: Path) -> tuple[x509.Certificate, ...]:
    return tuple(
        one
        for path in sorted(folder.glob("*.pem"))
        for one in x509.load_pem_x509_certificates(path.read_bytes())
    )


def read_card(pem: str, *, trust: Trust, ocsp: Ocsp, at: datetime, allow_specimen: bool = False) -> Card:
    """Who holds the card with this certificate. Raises CardRefused."""
    try:
        if len(pem) > _LONGEST:
            raise ValueError("too long")
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
        _must_be_for_signing_in(certificate)
        issuer = _chain(certificate, trust, at)[1]
        card = Card(_number(certificate, allow_specimen), _name(certificate), certificate, issuer)
    except CardRefused:
        raise
    except (ValueError, TypeError, VerificationError, x509.DuplicateExtension, x509.InvalidVersion) as broken:
        raise CardRefused("not_valid", type(broken).__name__) from None
    try:
        is_good = ocsp.is_good(certificate, issuer, at=at)
    except OcspDown as down:
        raise CardRefused("not_sure", str(down)) from None
    if not is_good:
        raise CardRefused("revoked")
    return card


def _must_be_for_signing_in(certificate: x509.Certificate) -> None:
    """A card holds two certificates; the one to sign with binds its holder to a text, and proves no presence."""
    extensions = certificate.extensions
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        raise CardRefused("wrong_certificate", "purpose_missing") from None
    if usage.content_commitment or not usage.digital_signature:
        raise CardRefused("wrong_certificate", "key_usage")
    if ExtendedKeyUsageOID.CLIENT_AUTH not in purposes:
        raise CardRefused("wrong_certificate", "extended_key_usage")
    if any("(Signature)" in str(one.value) for one in _attributes(certificate, NameOID.COMMON_NAME)):
        raise CardRefused("wrong_certificate", "signature_certificate")


def _chain(certificate: x509.Certificate, trust: Trust, at: datetime) -> Sequence[x509.Certificate]:
    """From the card to a pinned root, each signed by the next, each within its dates."""
    verifier = (
        PolicyBuilder()
        .store(Store(trust.roots))
        .time(at)
        .max_chain_depth(2)
        .extension_policies(
            ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
        )
        .build_client_verifier()
    )
    return verifier.verify(certificate, list(trust.issuers)).chain


def _number(certificate: x509.Certificate, allow_specimen: bool) -> str:
    found = _attributes(certificate, NameOID.SERIAL_NUMBER)
    if len(found) != 1:
        raise CardRefused("not_valid", "serial_number")
    try:
        return national_number(str(found[0].value), allow_specimen=allow_specimen)
    except NotANumber:
        raise CardRefused("not_valid", "national_number") from None


def _name(certificate: x509.Certificate) -> str:
    """First name and surname; cards without a first name exist."""
    parts = [
        str(one.value)
        for oid in (NameOID.GIVEN_NAME, NameOID.SURNAME)
        for one in _attributes(certificate, oid)
    ]
    if not parts:
        raise CardRefused("not_valid", "name")
    return " ".join(parts)[:200]


def _attributes(
    certificate: x509.Certificate, oid: x509.ObjectIdentifier
) -> list[x509.NameAttribute[str | bytes]]:
    return certificate.subject.get_attributes_for_oid(oid)
