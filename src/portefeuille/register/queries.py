"""Reading the register: what it says of one enterprise, and finding one by number or name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from portefeuille.core.errors import Invalid, NotFound
from portefeuille.core.identifiers import NotANumber, dotted, enterprise_number
from portefeuille.core.regions import Region, region_of_postcode
from portefeuille.register import models, search_entries
from portefeuille.register.codes import CURRENT_NACE, ENDED, legal_form_label, situation_label

Kind = Literal["natural", "legal"]

SEAT = "REGO"

# The name that counts first, then the trade name, then the abbreviation; Dutch before the other languages.
_NAME_KINDS = ("001", "003", "002")
_LANGUAGES = ("2", "0", "1", "4", "3")


@dataclass(frozen=True, slots=True)
class Address:
    """An address, in Dutch where there is a Dutch name. ``country`` is empty for Belgium."""

    street: str
    house_number: str
    box: str
    zipcode: str
    municipality: str
    country: str = ""

    @property
    def region(self) -> Region:
        """The region of Belgium; ``unknown`` abroad or without a postcode."""
        return "unknown" if self.country else region_of_postcode(self.zipcode)

    @property
    def lines(self) -> tuple[str, ...]:
        """As on an envelope: street, then town, then country when it is not Belgium."""
        street = " ".join(part for part in (self.street, self.house_number) if part)
        street += f" bus {self.box}" if self.box else ""
        town = f"{self.zipcode} {self.municipality}".strip()
        return tuple(line for line in (street, town, self.country) if line)


@dataclass(frozen=True, slots=True)
class EstablishmentFacts:
    """A place where the enterprise works."""

    number: str
    name: str
    start_date: date
    address: Address | None

    @property
    def region(self) -> Region:
        """The region of its address."""
        return self.address.region if self.address else "unknown"


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """A registered activity; ``label`` is empty when the lists don't know the code in that version."""

    version: str
    code: str
    label: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """What the register says of an enterprise.

    ``ceased_on`` is the day of the first extract that no longer showed it; all else is then as it was last known.

    ``legal_form`` is the form as it is to be read: an old form (BVBA, 015) whose statutes weren't adapted yet
    counts as the form of the code of companies (BV, 610). ``is_active``: the KBO shows it as active and its
    situation is not an end (dissolution, bankruptcy). ``seat`` is None for natural persons, whose address the
    KBO doesn't publish, and when the address was struck off. ``has_flemish_establishment`` is None when the
    register doesn't tell: no establishment, or none in Flanders while an address is missing.
    """

    number: str
    name: str
    kind: Kind
    legal_form: str
    legal_form_label: str
    situation: str
    situation_label: str
    is_active: bool
    start_date: date
    seat: Address | None
    establishments: tuple[EstablishmentFacts, ...]
    activities: tuple[ActivityFacts, ...]
    email: str = ""
    ceased_on: date | None = None

    @property
    def current_activities(self) -> tuple[ActivityFacts, ...]:
        """The activities in a version of NACE-BEL that is still in use: what an application can be for."""
        return tuple(activity for activity in self.activities if activity.version in CURRENT_NACE)

    @property
    def region(self) -> Region:
        """The region of the seat."""
        return self.seat.region if self.seat else "unknown"

    @property
    def has_flemish_establishment(self) -> bool | None:
        """Whether it works in the Flemish Region, as far as the register tells."""
        regions = {establishment.region for establishment in self.establishments}
        if "flanders" in regions:
            return True
        return None if not regions or "unknown" in regions else False

    @property
    def dotted_number(self) -> str:
        """``0xxx.xxx.xxx``."""
        return dotted(self.number)


@dataclass(frozen=True, slots=True)
class Found:
    """A line in a list of search results."""

    number: str
    name: str
    municipality: str
    ceased_on: date | None = None


def enterprise(number: str) -> EnterpriseFacts:
    """What the register says of an enterprise. Raises Invalid for a wrong number, NotFound for another."""
    try:
        bare = enterprise_number(number)
    except NotANumber:
        raise Invalid(
            f"{number} is geen ondernemingsnummer. Kijk de tien cijfers na.", field="enterprise_number"
        ) from None
    found = models.Enterprise.objects.filter(pk=bare).first()
    if found is None:
        raise NotFound(
            f"Onderneming {dotted(bare)} staat niet in de Kruispuntbank van Ondernemingen. "
            "Kijk het nummer na, of wacht tot de KBO je inschrijving toont."
        )
    places = list(models.Establishment.objects.filter(enterprise_number=bare).order_by("number"))
    entities = [bare, *(place.number for place in places)]
    names, addresses = _names(entities), _addresses(entities)
    form = found.legal_form_cac or found.legal_form
    return EnterpriseFacts(
        number=bare,
        name=names.get(bare, dotted(bare)),
        kind="natural" if found.kind == "1" else "legal",
        legal_form=form,
        legal_form_label=legal_form_label(form) or _label("JuridicalForm", form),
        situation=found.situation,
        situation_label=situation_label(found.situation) or _label("JuridicalSituation", found.situation),
        is_active=found.ceased_on is None and found.status == "AC" and found.situation not in ENDED,
        start_date=found.start_date,
        seat=addresses.get(bare),
        establishments=tuple(
            EstablishmentFacts(
                number=place.number,
                name=names.get(place.number, ""),
                start_date=place.start_date,
                address=addresses.get(place.number),
            )
            for place in places
        ),
        activities=_activities(bare),
        email=_email(bare),
        ceased_on=found.ceased_on,
    )


def search(text: str, *, place: str = "", limit: int = 20) -> list[Found]:
    """Enterprises by number, or by name: any of its names, some words of it, accents and capitals aside, and with a
    typing error when nothing fits as typed. ``place`` narrows to a municipality or postcode, and may stand alone.
    """
    try:
        numbers = [enterprise_number(text)]
    except NotANumber:
        found = search_entries.find(text, place=place, limit=limit)
    else:
        found = search_entries.entries(numbers)
    ceased = dict(
        models.Enterprise.objects.filter(pk__in=[one.number for one in found]).values_list("pk", "ceased_on")
    )
    return [
        Found(one.number, one.name or dotted(one.number), one.place, ceased[one.number])
        for one in found
        if one.number in ceased
    ]


def nace_label(version: str, code: str) -> str | None:
    """What a code means in that version of NACE-BEL, in Dutch; None when the list doesn't know it."""
    return models.NaceCode.objects.filter(version=version, code=code).values_list("label", flat=True).first()


def names(numbers: Iterable[str]) -> dict[str, str]:
    """The name of each of these enterprises or establishments that has one."""
    return _names(list(numbers))


def seats(numbers: Iterable[str]) -> dict[str, Address]:
    """The seat of each of these enterprises, of those for which the register shows one."""
    return _addresses(numbers)


def last_extract() -> tuple[int, date] | None:
    """Number and snapshot day of the extract that the register shows: the source to name beside its data."""
    found = models.Extract.objects.order_by("-number").first()
    return (found.number, found.snapshot_on) if found else None


def _email(number: str) -> str:
    """The mail address of the enterprise itself; establishments may have their own."""
    rows = models.Contact.objects.filter(entity_number=number, entity_kind="ENT", kind="EMAIL").order_by(
        "value"
    )
    return rows.values_list("value", flat=True).first() or ""


def _label(category: str, code: str) -> str:
    """What the KBO's own list says of a code that is newer than ours."""
    if not code:
        return ""
    rows = models.Code.objects.filter(category=category, code=code, language="NL")
    return rows.values_list("description", flat=True).first() or ""


def _names(entities: Iterable[str]) -> dict[str, str]:
    """The best name of each entity that has one."""
    rows = models.Denomination.objects.filter(entity_number__in=list(entities), kind__in=_NAME_KINDS)
    best_last = sorted(rows, key=lambda row: (_rank(row), row.name), reverse=True)
    return {row.entity_number: row.name for row in best_last}


def _rank(row: models.Denomination) -> tuple[int, int]:
    language = _LANGUAGES.index(row.language) if row.language in _LANGUAGES else len(_LANGUAGES)
    return _NAME_KINDS.index(row.kind), language


def _addresses(entities: Iterable[str]) -> dict[str, Address]:
    """The seat of each enterprise and the address of each establishment, unless struck off."""
    rows = models.Address.objects.filter(entity_number__in=list(entities), struck_off_on=None)
    return {
        row.entity_number: Address(
            street=row.street_nl or row.street_fr,
            house_number=row.house_number,
            box=row.box,
            zipcode=row.zipcode,
            municipality=row.municipality_nl or row.municipality_fr,
            country=row.country_nl or row.country_fr,
        )
        # A seat wins from other addresses of the same number; the last one in a dict wins.
        for row in sorted(rows, key=lambda row: (row.kind == SEAT, row.pk))
    }


def _activities(number: str) -> tuple[ActivityFacts, ...]:
    """Each code once, whatever group it is registered for: newest version first, main activities first."""
    main: dict[tuple[str, str], bool] = {}
    for row in models.Activity.objects.filter(entity_number=number):
        key = (row.nace_version, row.nace_code)
        main[key] = main.get(key, False) or row.classification == "MAIN"
    labels = {
        (row.version, row.code): row.label
        for row in models.NaceCode.objects.filter(code__in={code for _, code in main})
    }
    facts = (
        ActivityFacts(version=version, code=code, label=labels.get((version, code), ""), is_main=is_main)
        for (version, code), is_main in main.items()
    )
    return tuple(sorted(facts, key=lambda fact: (-int(fact.version), not fact.is_main, fact.code)))
