"""A test hierarchy like the identity card's: root, Citizen CA, cards; each made anew for one run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from tests.signin.people import NELE

from portefeuille.signin.eid import OcspDown, Trust

Key = ec.EllipticCurvePrivateKey


def name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    """A distinguished name, in this order."""
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


@dataclass(frozen=True)
class Holder:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> str:
        """The certificate."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def write(self, folder: Path, stem: str) -> tuple[Path, Path]:
        """Certificate and key as files."""
        certificate, key = folder / f"{stem}.pem", folder / f"{stem}.key"
        certificate.write_text(self.pem)
        key.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return certificate, key


def usage(**yes: bool) -> x509.KeyUsage:
    """Only these purposes."""
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{one: yes.get(one, False) for one in names})


def _made(
    subject: x509.Name,
    issuer: Holder | None,
    extensions: list[tuple[x509.ExtensionType, bool]],
    *,
    from_day: datetime,
    until: datetime,
    curve: ec.EllipticCurve | None = None,
) -> Holder:
    key = ec.generate_private_key(curve or ec.SECP256R1())
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(from_day)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    hashed = SHA384() if isinstance(signer.curve, ec.SECP384R1) else SHA256()
    return Holder(builder.sign(signer, hashed), key)


def _authority(
    subject: x509.Name, issuer: Holder | None, *, depth: int | None, now: datetime, days: int = 3650
) -> Holder:
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=True, path_length=depth), True),
        (usage(key_cert_sign=True, crl_sign=True), True),
    ]
    return _made(
        subject, issuer, extensions, from_day=now - timedelta(days=365), until=now + timedelta(days=days)
    )


@dataclass
class Hierarchy:
    """A root, its Citizen CA, and the cards that this one issues."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    ocsp_address: str = "http://127.0.0.1:9/ocsp"

    def __post_init__(self) -> None:
        country = (NameOID.COUNTRY_NAME, "BE")
        root_name = name(country, (NameOID.COMMON_NAME, "Belgium Root CA4"))
        self.root = _authority(root_name, None, depth=None, now=self.now)
        citizen = name(country, (NameOID.COMMON_NAME, "Citizen CA"), (NameOID.SERIAL_NUMBER, "202601"))
        self.citizen = _authority(citizen, self.root, depth=0, now=self.now)

    @property
    def trust(self) -> Trust:
        """What an installation that pinned this root knows."""
        return Trust((self.root.certificate,), (self.citizen.certificate,))

    def write(self, folder: Path) -> Path:
        """The folder of ``KMO_EID_TRUST``, with ``authorities.pem`` beside it for the web server."""
        for kind, holder in (("roots", self.root), ("issuers", self.citizen)):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            holder.write(folder / kind, kind)
        (folder / "authorities.pem").write_text(self.root.pem + self.citizen.pem)
        return folder

    def card(
        self,
        number: str = NELE,
        *,
        common_name: str = "Nele Peeters (Authentication)",
        given: str = "Nele Maria",
        surname: str = "Peeters",
        key_usage: x509.KeyUsage | None = None,
        purposes: tuple[x509.ObjectIdentifier, ...] | None = (ExtendedKeyUsageOID.CLIENT_AUTH,),
        from_day: datetime | None = None,
        until: datetime | None = None,
        issuer: Holder | None = None,
        subject: x509.Name | None = None,
    ) -> Holder:
        """A card to sign in with, unless told otherwise."""
        subject = subject or name(
            (NameOID.COUNTRY_NAME, "BE"),
            (NameOID.COMMON_NAME, common_name),
            (NameOID.SURNAME, surname),
            (NameOID.GIVEN_NAME, given),
            (NameOID.SERIAL_NUMBER, number),
        )
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(self.ocsp_address)
        )
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (key_usage or usage(digital_signature=True), True),
            (x509.AuthorityInformationAccess([access]), False),
        ]
        if purposes is not None:
            extensions.append((x509.ExtendedKeyUsage(purposes), False))
        return _made(
            subject,
            issuer or self.citizen,
            extensions,
            from_day=from_day or self.now - timedelta(days=30),
            until=until or self.now + timedelta(days=1000),
            curve=ec.SECP384R1(),
        )

    def expired(self) -> Holder:
        """A card of which the last day is over."""
        return self.card(from_day=self.now - timedelta(days=300), until=self.now - timedelta(days=1))

    def signature_card(self) -> Holder:
        """The card's other certificate."""
        return self.card(
            common_name="Nele Peeters (Signature)", key_usage=usage(content_commitment=True), purposes=None
        )


class FakeOcsp:
    """An authority that says what the test tells it to."""

    answer: bool | None = True

    def is_good(self, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime) -> bool:
        """Good, revoked, or no answer (None)."""
        if type(self).answer is None:
            raise OcspDown("told to be down")
        return bool(type(self).answer)
