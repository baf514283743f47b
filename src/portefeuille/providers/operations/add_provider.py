"""Add a provider with its recognitions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from portefeuille.core import identifiers
from portefeuille.core.errors import Invalid
from portefeuille.providers.models import Provider, Recognition


@dataclass(frozen=True, slots=True)
class GivenRecognition:
    """A recognition; its number says the service (``DV.O`` training, ``DV.A`` advice). Both days count."""

    number: str
    valid_from: date
    valid_to: date | None = None


@transaction.atomic
def add_provider(
    *,
    enterprise_number: str,
    legal_name: str,
    iban: str,
    email: str,
    trade_name: str = "",
    vat_exempt: bool = False,
    recognitions: Iterable[GivenRecognition] = (),
) -> int:
    """Add a provider, or give the one with this enterprise number the recognitions that it lacks; its id.

    Raises Invalid with the field when a number is malformed or its check digits are wrong.
    """
    try:
        number = identifiers.enterprise_number(enterprise_number)
    except identifiers.NotANumber:
        raise Invalid("Dit is geen ondernemingsnummer.", field="enterprise_number") from None
    told = {
        "legal_name": legal_name,
        "trade_name": trade_name,
        "iban": _account(iban),
        "email": email,
        "vat_exempt": vat_exempt,
    }
    provider, _ = Provider.objects.get_or_create(enterprise_number=number, defaults=told)
    for recognition in recognitions:
        _recognise(provider, recognition)
    return provider.pk


def _account(text: str) -> str:
    try:
        return identifiers.iban(text)
    except identifiers.NotANumber:
        raise Invalid("Dit is geen geldig rekeningnummer (IBAN).", field="iban") from None


def _recognise(provider: Provider, given: GivenRecognition) -> None:
    try:
        number = identifiers.provider_number(given.number)
    except identifiers.NotANumber:
        raise Invalid(f"{given.number} is geen erkenningsnummer zoals DV.O123456.", field="number") from None
    found, _ = Recognition.objects.get_or_create(
        number=number,
        defaults={
            "provider": provider,
            "service": "training" if number.startswith("DV.O") else "advice",
            "valid_from": given.valid_from,
            "valid_to": given.valid_to,
        },
    )
    if found.provider_id != provider.pk:
        raise Invalid(f"Erkenning {number} is van een andere dienstverlener.", field="number")
