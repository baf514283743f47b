"""MAGDA's answer to ``GeefOnderneming`` 02.00: what the KBO says of one enterprise at this moment.

The answer comes from another machine, so it is held small and plain: no document type, no entities, UTF-8. An
enterprise that the KBO doesn't know is an ordinary answer with an exception inside, number 40046.

Source: the Flemish government's service descriptions as kept by Informatievlaanderen/association-registry (EUPL-1.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lxml import etree

from portefeuille.core.errors import FileRefused
from portefeuille.core.identifiers import NotANumber, enterprise_number

LARGEST_ANSWER_BYTES = 2_000_000
NOT_FOUND = "40046"
ACTIVE = "AC"
SEAT = "001"
BELGIUM = "BE"

_FORBIDDEN = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)


class AnswerRefused(FileRefused):
    """What came back is no answer about this enterprise that we can read."""


@dataclass(frozen=True, slots=True)
class AnsweredAddress:
    """An address in the answer; ``country`` is empty for Belgium."""

    street: str
    house_number: str
    box: str
    zipcode: str
    municipality: str
    country: str


@dataclass(frozen=True, slots=True)
class AnsweredEnterprise:
    """What the answer says of the enterprise on one day. ``kind``: 1 is a natural, 2 a legal person."""

    number: str
    status: str
    kind: str
    name: str
    legal_form: str
    start_date: date | None
    seat: AnsweredAddress | None

    @property
    def is_active(self) -> bool:
        """Whether the KBO shows it as active."""
        return self.status == ACTIVE


def read_answer(content: bytes, *, on: date | None = None) -> AnsweredEnterprise | None:
    """What the answer says as of that day (without one: of what has no end); None when the KBO has no such enterprise.

    Raises AnswerRefused for anything else than an answer, an error of the service included.
    """
    answer = _parsed(content)
    found = answer.find(".//{*}Onderneming")
    for number, kind, text in _exceptions(answer):
        if number == NOT_FOUND:
            return None
        if kind != "INFORMATIE" and kind != "WAARSCHUWING":
            raise AnswerRefused(f"De KBO antwoordt met fout {number}: {text[:200]}.")
    if found is None:
        raise AnswerRefused("Het antwoord van de KBO bevat geen onderneming.")
    return _enterprise(found, on)


def _parsed(content: bytes) -> etree._Element:
    if len(content) > LARGEST_ANSWER_BYTES:
        raise AnswerRefused("Het antwoord van de KBO is te groot.")
    if _FORBIDDEN.search(content) or _OTHER_ENCODING.search(content) or b"\0" in content:
        raise AnswerRefused("Het antwoord van de KBO is geen gewone XML in UTF-8.")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise AnswerRefused(f"Het antwoord van de KBO is geen XML: {problem.msg}.") from None


def _exceptions(answer: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Number, type and text of each exception, a fault of the envelope among them."""
    for one in answer.iterfind(".//{*}Uitzondering"):
        yield _text(one, "Identificatie"), _text(one, "Type").upper(), _text(one, "Diagnose")
    for one in answer.iterfind(".//{*}Fault"):
        yield _text(one, "faultcode") or "SOAP", "FOUT", _text(one, "faultstring")


def _enterprise(found: etree._Element, on: date | None) -> AnsweredEnterprise:
    said = _text(found, "Ondernemingsnummer")
    try:
        number = enterprise_number(said)
    except NotANumber:
        raise AnswerRefused("Het antwoord van de KBO noemt geen ondernemingsnummer.") from None
    status = _text(found, "StatusKBO/{*}Code")
    if not status:
        raise AnswerRefused("Het antwoord van de KBO zegt niet of de onderneming actief is.")
    names = _current(found, "Namen/{*}MaatschappelijkeNamen/{*}MaatschappelijkeNaam", on)
    forms = _current(found, "Rechtsvormen/{*}Rechtsvorm", on)
    return AnsweredEnterprise(
        number=number,
        status=status,
        kind=_text(found, "SoortOnderneming/{*}Code"),
        name=_text(_dutch_first(names), "Naam"),
        legal_form=_text(forms[0], "Code") if forms else "",
        start_date=_day(_text(found, "Start/{*}Datum")),
        seat=_seat(_current(found, "Adressen/{*}Adres", on)),
    )


def _seat(addresses: list[etree._Element]) -> AnsweredAddress | None:
    for address in addresses:
        if _text(address, "Type/{*}Code") != SEAT:
            continue
        told = address.find("{*}Descripties/{*}Descriptie/{*}Adres")
        if told is None:
            continue
        abroad = _text(address, "Land/{*}ISOCode") not in ("", BELGIUM)
        return AnsweredAddress(
            street=_text(told, "Straat/{*}Naam"),
            house_number=_text(address, "Huisnummer"),
            box=_text(address, "Busnummer"),
            zipcode=_text(address, "Gemeente/{*}PostCode"),
            municipality=_text(told, "Gemeente/{*}Naam"),
            country=_text(told, "Land/{*}Naam") if abroad else "",
        )
    return None


def _current(found: etree._Element, path: str, on: date | None) -> list[etree._Element]:
    """Those that hold on that day; without a day those that have no end."""
    return [one for one in found.iterfind(f"{{*}}{path}") if _holds(one, on)]


def _holds(one: etree._Element, on: date | None) -> bool:
    begin, end = _day(one.get("DatumBegin", "")), _day(one.get("DatumEinde", ""))
    if on is None:
        return end is None
    return (begin is None or begin <= on) and (end is None or on <= end)


def _dutch_first(names: list[etree._Element]) -> etree._Element | None:
    return min(names, key=lambda one: _text(one, "Taalcode") != "nl", default=None)


def _text(place: etree._Element | None, path: str) -> str:
    found = None if place is None else place.find(f"{{*}}{path}")
    return (found.text or "").strip() if found is not None else ""


def _day(text: str) -> date | None:
    """A day, or nothing; a day that doesn't exist makes the answer unreadable."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AnswerRefused(f"Het antwoord van de KBO noemt een dag die niet bestaat: {text[:20]}.") from None
