"""The facts of a decision: one tree of fields from which the reader and the JSON Schema are both made.

Facts come in as JSON-like data in the terms of the glossary. Anything may be absent or null, which means
"not known"; anything that is there must be of its kind. A name that is not in the tree is refused, because a
misspelt fact would otherwise pass for an unknown one. What comes out is canonical: the same facts always give
the same bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portefeuille.core.errors import Invalid
from portefeuille.core.identifiers import NotANumber, enterprise_number, provider_number
from portefeuille.core.money import Money, NotAnAmount
from portefeuille.core.rules.terms import (
    Choice,
    EnterpriseKind,
    Form,
    Region,
    Service,
    Size,
    Subject,
    Theme,
    Tie,
)

type Facts = Mapping[str, Any]

_EARLIEST, _LATEST = date(1990, 1, 1), date(2199, 12, 31)
_MOST_ITEMS = 1_000
_LONGEST_TEXT = 300


class FactsRefused(Invalid):
    """The facts are malformed; ``field`` is the path of the one at fault (``application.amount``)."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path or 'feiten'}: {problem}", field=path)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A fact by itself: its schema and the reader that returns its canonical form or raises ValueError."""

    schema: Mapping[str, Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Named fields together."""

    description: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of things of one kind."""

    description: str
    item: Field


type Field = Leaf | Group | Many


def read_facts(raw: object) -> dict[str, Any]:
    """The facts in canonical form, without anything unknown. Raises FactsRefused."""
    if raw is None:
        raise FactsRefused("", "hier hoort een object met velden te staan.")
    facts: dict[str, Any] = _read(TREE, raw, "") or {}
    _refuse_backwards(facts.get("application", {}), "starts_on", "ends_on", "application")
    for index, row in enumerate(facts.get("provider", {}).get("recognitions", ())):
        _refuse_backwards(row, "valid_from", "valid_to", f"provider.recognitions[{index}]")
    return facts


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the facts."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts of a kmo-portefeuille application",
        **_schema(TREE),
    }


def _read(field: Field, raw: object, path: str) -> Any:
    if raw is None:
        return None
    match field:
        case Group():
            return _read_group(field, raw, path)
        case Many():
            return _read_many(field, raw, path)
        case Leaf():
            try:
                return field.read(raw)
            except ValueError as problem:
                raise FactsRefused(path, str(problem)) from problem


def _read_group(field: Group, raw: object, path: str) -> dict[str, Any] | None:
    if not isinstance(raw, Mapping):
        raise FactsRefused(path, "hier hoort een object met velden te staan.")
    for name in raw:
        if name not in field.fields:
            known = ", ".join(field.fields)
            raise FactsRefused(
                _under(path, ascii(str(name))[1:-1][:60]), f"dit veld bestaat niet. Kies uit: {known}."
            )
    read = {name: _read(inner, raw.get(name), _under(path, name)) for name, inner in field.fields.items()}
    return {name: value for name, value in read.items() if value is not None} or None


def _read_many(field: Many, raw: object, path: str) -> list[Any]:
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes):
        raise FactsRefused(path, "hier hoort een lijst te staan.")
    if len(raw) > _MOST_ITEMS:
        raise FactsRefused(path, f"de lijst is te lang (hoogstens {_MOST_ITEMS}).")
    items = [_read(field.item, item, f"{path}[{index}]") for index, item in enumerate(raw)]
    for index, item in enumerate(items):
        # Somebody of whom nothing is known still counts; a year that is not known is no year.
        if item is None and isinstance(field.item, Leaf):
            raise FactsRefused(f"{path}[{index}]", "in een lijst kan geen lege waarde (null) staan.")
    return [{} if item is None else item for item in items]


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _refuse_backwards(facts: Mapping[str, Any], start: str, end: str, path: str) -> None:
    if start in facts and end in facts and facts[end] < facts[start]:
        raise FactsRefused(f"{path}.{end}", f"{facts[end]} ligt voor {start} ({facts[start]}).")


def _schema(field: Field) -> dict[str, Any]:
    match field:
        case Leaf():
            return dict(field.schema)
        case Group():
            return {
                "type": ["object", "null"] if field is not TREE else "object",
                "description": field.description,
                "additionalProperties": False,
                "properties": {name: _schema(inner) for name, inner in field.fields.items()},
            }
        case Many():
            return {
                "type": ["array", "null"],
                "description": field.description,
                "maxItems": _MOST_ITEMS,
                "items": _schema(field.item),
            }


# The kinds of leaf. Each reader takes anything and gives the canonical form.


def flag(description: str) -> Leaf:
    """Yes or no."""

    def read(raw: object) -> bool:
        if not isinstance(raw, bool):
            raise ValueError("hier hoort true of false te staan.")
        return raw

    return Leaf({"type": ["boolean", "null"], "description": description}, read)


def choice(choices: type[Choice], description: str) -> Leaf:
    """One word out of a list."""
    words = choices.words()

    def read(raw: object) -> str:
        if raw not in words:
            raise ValueError(f"{_shown(raw)} ken ik niet. Kies uit: {', '.join(words)}.")
        return str(raw)

    return Leaf({"enum": [*words, None], "description": description}, read)


def day(description: str) -> Leaf:
    """A calendar day, 1990 to 2199, as ``2026-03-02``."""

    def read(raw: object) -> str:
        found = raw if type(raw) is date else _iso_day(raw)
        if not _EARLIEST <= found <= _LATEST:
            raise ValueError(f"{found.isoformat()} valt buiten {_EARLIEST.year} tot {_LATEST.year}.")
        return found.isoformat()

    pattern = r"^(199\d|20\d\d|21\d\d)-\d\d-\d\d$"
    return Leaf(
        {"type": ["string", "null"], "format": "date", "pattern": pattern, "description": description}, read
    )


def _iso_day(raw: object) -> date:
    if not isinstance(raw, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        raise ValueError(f"{_shown(raw)} is geen dag zoals 2026-03-02.")
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise ValueError(f"{raw} bestaat niet in de kalender.") from None


def amount(description: str, *, what: str = "bedrag", example: str = "1250.00", most: int = 10**12) -> Leaf:
    """A figure of at most two decimals: a decimal string, a whole number or a Decimal, never a float."""

    def read(raw: object) -> str:
        if isinstance(raw, bool) or not isinstance(raw, int | str | Decimal | Money):
            raise ValueError(
                f'{_shown(raw)} is geen {what}. Schrijf het tussen aanhalingstekens: "{example}".'
            )
        try:
            found = raw if isinstance(raw, Money) else Money.euros(raw)
        except NotAnAmount:
            raise ValueError(f"{_shown(raw)} is geen {what} zoals {example}.") from None
        if not 0 <= found.cents <= most:
            raise ValueError(f"{found} is geen {what}: het ligt buiten 0.00 tot {Money(most)}.")
        return str(found)

    return Leaf(
        {
            "type": ["string", "number", "null"],
            "pattern": r"^[0-9]{1,13}(\.[0-9]{1,2})?$",
            "minimum": 0,
            "maximum": most // 100,
            "description": description,
            "examples": [example],
        },
        read,
    )


def percent(description: str) -> Leaf:
    """Out of a hundred, with at most two decimals."""
    return amount(description, what="getal op 100", example="21.00", most=10_000)


def year(description: str) -> Leaf:
    """A calendar year."""

    def read(raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or not _EARLIEST.year <= raw <= _LATEST.year:
            raise ValueError(f"{_shown(raw)} is geen jaar zoals 2026.")
        return raw

    return Leaf(
        {
            "type": "integer",
            "minimum": _EARLIEST.year,
            "maximum": _LATEST.year,
            "description": description,
        },
        read,
    )


def text(description: str, longest: int = _LONGEST_TEXT) -> Leaf:
    """Words on one line; nothing decides on them."""

    def read(raw: object) -> str:
        if not isinstance(raw, str) or len(raw) > longest:
            raise ValueError(f"hier hoort tekst te staan van hoogstens {longest} tekens.")
        if any(unicodedata.category(mark) in ("Cc", "Cs") for mark in raw):
            raise ValueError("deze tekst bevat onzichtbare tekens.")
        return raw

    return Leaf({"type": ["string", "null"], "maxLength": longest, "description": description}, read)


def number(description: str, reader: Callable[[str], str], problem: str, example: str) -> Leaf:
    """A number with check digits or a form of its own, in any usual notation."""

    def read(raw: object) -> str:
        if not isinstance(raw, str) or len(raw) > 40:
            raise ValueError(f"{_shown(raw)} is {problem} zoals {example}.")
        try:
            return reader(raw)
        except NotANumber:
            raise ValueError(f"{_shown(raw)} is {problem} zoals {example}.") from None

    leaf = {"type": ["string", "null"], "maxLength": 40, "description": description, "examples": [example]}
    return Leaf(leaf, read)


def code(description: str, pattern: str, problem: str, example: str) -> Leaf:
    """A code of a public list; dots between its digits are dropped."""

    def read(raw: object) -> str:
        bare = raw.replace(".", "") if isinstance(raw, str) else ""
        if not re.fullmatch(pattern, bare):
            raise ValueError(f"{_shown(raw)} is {problem} zoals {example}.")
        return bare

    leaf = {
        "type": ["string", "null"],
        "pattern": r"^[0-9.]{2,9}$",
        "description": description,
        "examples": [example],
    }
    return Leaf(leaf, read)


def one_of(words: tuple[str, ...], description: str) -> Leaf:
    """One of a few fixed words that no rule computes with."""

    def read(raw: object) -> str:
        if raw not in words:
            raise ValueError(f"{_shown(raw)} ken ik niet. Kies uit: {', '.join(words)}.")
        return str(raw)

    return Leaf({"enum": [*words, None], "description": description}, read)


def _shown(raw: object) -> str:
    """What was given, short enough for one line and without anything that a terminal would act on."""
    raw = str(raw) if isinstance(raw, Decimal) else raw
    shown = ascii(raw) if not isinstance(raw, int) or abs(raw) < 10**15 else "dit getal"
    return shown if len(shown) <= 60 else shown[:57] + "..."


_NACE_CODE = code(
    "NACE-BEL code of two to seven digits, with or without dots.",
    r"[0-9]{2,7}",
    "geen NACE-code",
    "69.101",
)
# The KBO still shows the codes of 2003 of many enterprises; nobody applies with one of them any more.
_REGISTERED_NACE = {"version": one_of(("2003", "2008", "2025"), "Version of NACE-BEL."), "code": _NACE_CODE}
_CHOSEN_NACE = {"version": one_of(("2008", "2025"), "Version of NACE-BEL."), "code": _NACE_CODE}

_ENTERPRISE = Group(
    "The enterprise that applies, as the register knows it on the application date.",
    {
        "number": number(
            "Enterprise number (KBO), any usual notation.",
            enterprise_number,
            "geen ondernemingsnummer",
            "0123.456.749",
        ),
        "kind": choice(EnterpriseKind, "Self-employed person, company, or somebody without an enterprise."),
        "size": choice(Size, "European size class, the group included; a micro enterprise is small."),
        "region": choice(Region, "Where the seat is."),
        "flemish_establishment": flag(
            "Whether it has an establishment (operating site) in the Flemish Region."
        ),
        "is_active": flag("Whether it is active in the register (KBO)."),
        "situation": code(
            "Juridical situation, KBO code of three digits; 000 is normal.", r"[0-9]{3}", "geen code", "000"
        ),
        "legal_form": code(
            "Legal form, KBO code of three digits; companies only.", r"[0-9]{3}", "geen code", "610"
        ),
        "is_work_integration": flag("Whether it is a work-integration enterprise (maatwerkbedrijf)."),
        "public_share": percent("Share held by public administrations, out of a hundred."),
        "nace_codes": Many(
            "The activities registered in the KBO.",
            Group(
                "One registered activity.",
                {**_REGISTERED_NACE, "main": flag("Whether it is a main activity.")},
            ),
        ),
        "used_years": Many(
            "Calendar years in which it had an approved application that was not cancelled or lapsed; "
            "an empty list means never.",
            year("A year of use."),
        ),
        "subsidy_granted_this_year": amount(
            "Subsidy, in euro, that its other applications already hold in the year of the application."
        ),
    },
)

_APPLICATION = Group(
    "What is applied for. The application date itself is not a fact but an argument of the decision.",
    {
        "service": choice(Service, "Training or advice."),
        "name": text("Name of the training or advice; decides nothing."),
        "theme": choice(Theme, "Theme of the service."),
        "subject": choice(Subject, "Whether it is one of the subjects that some regimes exclude by name."),
        "form": choice(
            Form,
            "How a training is given: classroom, in_house, distance_live (teacher present live) or online.",
        ),
        "activity_nace": Group("The registered activity that the application is for.", _CHOSEN_NACE),
        "agreement_on": day(
            "Day of the enrolment (training) or the agreement (advice). Forms propose today."
        ),
        "starts_on": day("First day of the service."),
        "ends_on": day("Last day of the service."),
        "amount": amount("Price in euro, excluding VAT.", example="10000.00", most=10**11),
        "vat_rate": percent("VAT rate of the invoice, out of a hundred."),
        "vat_exempt": flag("Whether the service is exempt from VAT."),
        "supports_activity": flag("Own statement: the training supports the activity chosen."),
        "concerns_enterprise": flag("Own statement: the advice directly concerns the enterprise."),
        "is_listed_job_training": flag(
            "Whether a training of the theme job_specific_skills meets a criterion of the list "
            "(bottleneck job, STEM, proven shortage, certificate required by law)."
        ),
        "is_related_party": flag("Whether enterprise and provider are related (capital, managers, family)."),
        "participants": Many(
            "Who follows the training; for advice the one person whom it is for.",
            Group(
                "One person.",
                {
                    "tie": choice(Tie, "What ties the person to the enterprise."),
                    "works_in_flanders": flag(
                        "Whether the person works at an establishment in the Flemish Region."
                    ),
                },
            ),
        ),
    },
)

_RECOGNITION = Group(
    "One recognition (registration).",
    {
        "number": number(
            "Its number: DV.O for training, DV.A for advice.",
            provider_number,
            "geen erkenningsnummer",
            "DV.O218693",
        ),
        "service": choice(Service, "The service that it is for; when absent, the number's letter says it."),
        "valid_from": day("First day."),
        "valid_to": day("Last day; absent while no end is set."),
    },
)

_PROVIDER = Group(
    "The provider that was named.",
    {
        "number": number(
            "The recognition number that the applicant gave.",
            provider_number,
            "geen erkenningsnummer",
            "DV.O218693",
        ),
        "recognitions": Many("Every recognition of this provider, past ones included.", _RECOGNITION),
    },
)

_FINDING = Group(
    "What the office found on one rule that the facts leave open.",
    {
        "rule": text("Name of the rule.", 60),
        "met": flag("Whether the office finds it met."),
        "reason": text("The office's reason."),
    },
)

TREE = Group(
    "Facts about an application. Anything absent or null is not known; what is not known is never a yes.",
    {
        "enterprise": _ENTERPRISE,
        "application": _APPLICATION,
        "provider": _PROVIDER,
        "findings": Many(
            "Findings of the office, never of the applicant; each settles one rule that would otherwise stay unknown.",
            _FINDING,
        ),
    },
)
