"""Put one enterprise in the register that no extract brings: for a demo world and for tests.

It stays when an extract is loaded, unless the extract has an enterprise of that number: then it becomes that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from portefeuille.register import search_entries
from portefeuille.register.models import Activity, Denomination, Enterprise, Establishment
from portefeuille.register.models import Address as AddressRow
from portefeuille.register.queries import SEAT, Address, Kind

DUTCH, NAME, TRADE_NAME, ESTABLISHMENT_ADDRESS = "2", "001", "003", "BAET"


@dataclass(frozen=True, slots=True)
class GivenEstablishment:
    """A place where it works."""

    number: str
    start_date: date
    address: Address | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class GivenActivity:
    """An activity; ``classification`` is MAIN, SECO or ANCI, ``group`` the KBO's (001 is VAT)."""

    version: str
    code: str
    classification: str = "MAIN"
    group: str = "001"


@transaction.atomic
def add_enterprise(
    *,
    number: str,
    name: str,
    start_date: date,
    kind: Kind = "legal",
    legal_form: str = "610",
    situation: str = "000",
    trade_name: str = "",
    seat: Address | None = None,
    establishments: Sequence[GivenEstablishment] = (),
    activities: Sequence[GivenActivity] = (),
) -> bool:
    """Add an enterprise under its ten digits; False, and no change, when the register knows it."""
    if Enterprise.objects.filter(pk=number).exists():
        return False
    Enterprise.objects.create(
        number=number,
        status="AC",
        situation=situation,
        kind="1" if kind == "natural" else "2",
        legal_form="" if kind == "natural" else legal_form,
        start_date=start_date,
        from_extract=False,
    )
    Establishment.objects.bulk_create(
        Establishment(number=place.number, start_date=place.start_date, enterprise_number=number)
        for place in establishments
    )
    Denomination.objects.bulk_create(_denominations(number, name, trade_name, establishments))
    AddressRow.objects.bulk_create(_addresses(number, seat, establishments))
    Activity.objects.bulk_create(
        Activity(
            entity_number=number,
            group=activity.group,
            nace_version=activity.version,
            nace_code=activity.code,
            classification=activity.classification,
        )
        for activity in activities
    )
    search_entries.renew("SELECT %(number)s::varchar", number=number)
    return True


def _denominations(
    number: str, name: str, trade_name: str, establishments: Sequence[GivenEstablishment]
) -> list[Denomination]:
    named = [(number, NAME, name), (number, TRADE_NAME, trade_name)]
    named += [(place.number, TRADE_NAME, place.name) for place in establishments]
    return [
        Denomination(entity_number=entity, language=DUTCH, kind=kind, name=text)
        for entity, kind, text in named
        if text
    ]


def _addresses(
    number: str, seat: Address | None, establishments: Sequence[GivenEstablishment]
) -> list[AddressRow]:
    placed = [(number, SEAT, seat)]
    placed += [(place.number, ESTABLISHMENT_ADDRESS, place.address) for place in establishments]
    return [_address_row(entity, kind, address) for entity, kind, address in placed if address is not None]


def _address_row(entity: str, kind: str, address: Address) -> AddressRow:
    return AddressRow(
        entity_number=entity,
        kind=kind,
        country_nl=address.country,
        zipcode=address.zipcode,
        municipality_nl=address.municipality,
        street_nl=address.street,
        house_number=address.house_number,
        box=address.box,
    )
