"""Files that come with a request: what is taken in, and how it is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from portefeuille.core.errors import Invalid
from portefeuille.core.formats.content import name_of
from portefeuille.database.sealing import seal, unseal
from portefeuille.providers.models import PURPOSE, Document, RecognitionRequest
from portefeuille.providers.terms import MOST_DOCUMENT_BYTES

_END_OF_ZIP, _ZIP_WITHIN = b"PK\x05\x06", 65_557  # a zip is read from its end, whatever stands before it
_END_WITHIN = 2_048  # bytes: a PDF ends with its mark, and some programs write a little after it


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was handed in."""

    name: str
    content: bytes


def must_be_pdf(upload: Upload, *, field: str) -> None:
    """By its bytes, not by its name. Raises Invalid with the field."""
    if not upload.content:
        raise Invalid("Dit bestand is leeg. Kies het bestand met je document.", field=field)
    if len(upload.content) > MOST_DOCUMENT_BYTES:
        raise Invalid(
            "Dit bestand is groter dan 10 MB. Maak de PDF kleiner en kies hem opnieuw.", field=field
        )
    if not upload.content.startswith(b"%PDF-") or name_of(upload.content) != "pdf":
        raise Invalid("Dit bestand is geen PDF. Bewaar je document als PDF en kies dat bestand.", field=field)
    if b"%%EOF" not in upload.content[-_END_WITHIN:]:
        raise Invalid("Deze PDF is niet volledig. Maak hem opnieuw en kies hem nog eens.", field=field)
    if _END_OF_ZIP in upload.content[-_ZIP_WITHIN:]:
        raise Invalid(
            "Dit bestand is ook een zip. Bewaar je document opnieuw als gewone PDF en kies dat bestand.",
            field=field,
        )


def keep(request: RecognitionRequest, kind: str, upload: Upload) -> None:
    """Whole and sealed: what the auditors wrote is for the office, not for who finds a backup."""
    name = "".join(sign for sign in upload.name if sign.isprintable()).strip()
    Document.objects.create(
        request=request,
        kind=kind,
        name=name[-200:] or f"{kind}.pdf",
        sealed=seal(PURPOSE, upload.content),
        size=len(upload.content),
        digest=hashlib.sha256(upload.content).hexdigest(),
    )


def opened(row: Document) -> bytes:
    """The file as it was handed in. Raises ValueError when it is not what its digest says."""
    content = unseal(PURPOSE, bytes(row.sealed))
    if hashlib.sha256(content).hexdigest() != row.digest:
        raise ValueError(f"document {row.pk} is not what was handed in")
    return content
