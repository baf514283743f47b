"""From the tree of facts to the flat, named values that rules compute with.

Each named fact says where in the tree it comes from, so that a missing one can be asked for by its path.
Lists are brought to one value here (the ties of all participants become a set); whatever is incomplete
becomes None: unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portefeuille.core.money import Money
from portefeuille.core.rules.terms import (
    ALREADY_ENDED,
    NEVER_BEGAN,
    NO_END,
    Choice,
    EnterpriseKind,
    Form,
    Region,
    Service,
    Size,
    Subject,
    Theme,
    Tie,
    Unit,
    Value,
)

# How many years back the years of use are looked at.
_YEARS_BACK = 30


@dataclass(frozen=True, slots=True)
class NamedFact:
    """A value that rules can ask for by name, with the paths of the facts that it is made of."""

    name: str
    unit: Unit
    choices: type[Choice] | None
    paths: tuple[str, ...]
    read: Callable[[Mapping[str, Any], date], Value | None]

    def absent_paths(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """Which of its facts are not there; all of them when that cannot be told."""
        absent = tuple(path for path in self.paths if at(facts, path) is None)
        return absent or self.paths


def at(facts: Mapping[str, Any], path: str) -> Any:
    """The fact at a dotted path, or None. ``[]`` at the end of a name means every item: None when one lacks
    it.
    """
    found: Any = facts
    for place, name in enumerate(parts := path.split(".")):
        found = found.get(name.removesuffix("[]"))
        if found is None:
            return None
        if name.endswith("[]"):
            inner = [at(item, ".".join(parts[place + 1 :])) for item in found]
            return inner if inner and None not in inner else None
    return found


def name_facts(facts: Mapping[str, Any], applied_on: date) -> dict[str, Value | None]:
    """Every named fact of canonical facts (see ``facts.read_facts``), None where it is unknown."""
    return {name: fact.read(facts, applied_on) for name, fact in NAMED_FACTS.items()}


def right_number(facts: Mapping[str, Any], applied_on: date) -> str | None:
    """A number under which this provider is recognised that day for the service asked, to offer instead of a
    wrong one.
    """
    for row in _recognitions_for_service(facts):
        if _first_day(row) <= applied_on.toordinal() <= _last_day(row) and "number" in row:
            return str(row["number"])
    return None


def service_of(number: str) -> int:
    """The service that a recognition number is for: its letter says it."""
    return Service.ADVICE if number.startswith("DV.A") else Service.TRAINING


def _flag(path: str) -> Callable[[Mapping[str, Any], date], Value | None]:
    return lambda facts, _day: at(facts, path)


def _cents(path: str) -> Callable[[Mapping[str, Any], date], Value | None]:
    return lambda facts, _day: None if (raw := at(facts, path)) is None else Money.euros(raw).cents


def _day(path: str) -> Callable[[Mapping[str, Any], date], Value | None]:
    return lambda facts, _day: (
        None if (raw := at(facts, path)) is None else date.fromisoformat(raw).toordinal()
    )


def _choice(path: str, choices: type[Choice]) -> Callable[[Mapping[str, Any], date], Value | None]:
    return lambda facts, _day: None if (raw := at(facts, path)) is None else choices.of(raw)


def _is_active(facts: Mapping[str, Any], _day: date) -> Value | None:
    """As the register says; a normal juridical situation also tells, any other one leaves it open."""
    stated = at(facts, "enterprise.is_active")
    if stated is None and at(facts, "enterprise.situation") == "000":
        return True
    return None if stated is None else bool(stated)


def _use_history(facts: Mapping[str, Any], applied_on: date) -> Value | None:
    """The years of use before the application as a set; bit 0 is the year before."""
    years = at(facts, "enterprise.used_years")
    if years is None:
        return None
    ages = {applied_on.year - 1 - year for year in years}
    return sum((1 << int(age) for age in ages if 0 <= age < _YEARS_BACK), start=0)


def _activity_registered(facts: Mapping[str, Any], _day: date) -> Value | None:
    """Whether the activity chosen is one of those registered; unknown when all of those are of another version of
    NACE-BEL: codes of two versions can't be compared.
    """
    chosen, registered = at(facts, "application.activity_nace"), at(facts, "enterprise.nace_codes")
    if chosen is None or registered is None or "code" not in chosen or "version" not in chosen:
        return None
    if registered and all(row.get("version") not in (None, chosen["version"]) for row in registered):
        return None
    return any(
        row.get("code") == chosen["code"] and row.get("version") == chosen["version"] for row in registered
    )


def _activity(facts: Mapping[str, Any], _day: date) -> Value | None:
    """The activity chosen as one text, version first, so that a table can name a division: ``2008:69``."""
    version, code = (
        at(facts, "application.activity_nace.version"),
        at(facts, "application.activity_nace.code"),
    )
    return None if version is None or code is None else f"{version}:{code}"


def _ties(facts: Mapping[str, Any], _day: date) -> Value | None:
    words = at(facts, "application.participants[].tie")
    return None if words is None else sum(1 << Tie.of(word) for word in set(words))


def _all_in_flanders(facts: Mapping[str, Any], _day: date) -> Value | None:
    answers = at(facts, "application.participants[].works_in_flanders")
    return None if answers is None else all(answers)


def _participants(facts: Mapping[str, Any], _day: date) -> Value | None:
    people = at(facts, "application.participants")
    return len(people) if people else None


def _number_service(facts: Mapping[str, Any], _day: date) -> Value | None:
    number = at(facts, "provider.number")
    return None if number is None else int(service_of(number))


def _vat_rate(facts: Mapping[str, Any], _day: date) -> Value | None:
    if at(facts, "application.vat_exempt") is True:
        return 0
    return _cents("application.vat_rate")(facts, _day)


def _recognised_from(facts: Mapping[str, Any], applied_on: date) -> Value | None:
    return _recognition_term(facts, applied_on, "from")


def _recognised_to(facts: Mapping[str, Any], applied_on: date) -> Value | None:
    return _recognition_term(facts, applied_on, "to")


def _recognition_term(facts: Mapping[str, Any], applied_on: date, side: str) -> Value | None:
    """First or last day of the recognition that counts: the one in force that day, else the one that began
    last.
    """
    needed = ("provider.number", "provider.recognitions", "application.service")
    if any(at(facts, path) is None for path in needed):
        return None
    rows = _matching(facts)
    if not rows:
        return NEVER_BEGAN if side == "from" else ALREADY_ENDED
    if any("valid_from" not in row for row in rows):
        return None
    day = applied_on.toordinal()
    best = max(
        rows, key=lambda row: (_first_day(row) <= day <= _last_day(row), _first_day(row), _last_day(row))
    )
    return _first_day(best) if side == "from" else _last_day(best)


def _matching(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The recognitions for the service asked that the number can mean.

    A number for the other service is refused by a rule of its own; then any recognition for the service asked
    counts, so that the answer tells whether the right number would have done.
    """
    rows, number = _recognitions_for_service(facts), at(facts, "provider.number")
    if service_of(number) != Service.of(at(facts, "application.service")):
        return rows
    return [row for row in rows if row.get("number") == number]


def _recognitions_for_service(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    asked = at(facts, "application.service")
    return [row for row in at(facts, "provider.recognitions") or () if _row_service(row) == asked is not None]


def _row_service(row: Mapping[str, Any]) -> str | None:
    if "service" in row:
        return str(row["service"])
    return Service(service_of(row["number"])).word if "number" in row else None


def _first_day(row: Mapping[str, Any]) -> int:
    return date.fromisoformat(row["valid_from"]).toordinal() if "valid_from" in row else NEVER_BEGAN


def _last_day(row: Mapping[str, Any]) -> int:
    return date.fromisoformat(row["valid_to"]).toordinal() if "valid_to" in row else NO_END


def _unknown(_facts: Mapping[str, Any], _day: date) -> Value | None:
    """What only shows after the application."""
    return None


_RECOGNITION_PATHS = ("provider.number", "provider.recognitions", "application.service")
_NACE_PATHS = ("application.activity_nace.version", "application.activity_nace.code")


def _flags() -> list[NamedFact]:
    paths = {
        "flemish_establishment": "enterprise.flemish_establishment",
        "is_work_integration": "enterprise.is_work_integration",
        "supports_activity": "application.supports_activity",
        "concerns_enterprise": "application.concerns_enterprise",
        "is_listed_job_training": "application.is_listed_job_training",
        "is_related_party": "application.is_related_party",
    }
    return [NamedFact(name, Unit.FLAG, None, (path,), _flag(path)) for name, path in paths.items()]


def _choices() -> list[NamedFact]:
    paths: dict[str, tuple[str, type[Choice]]] = {
        "enterprise_kind": ("enterprise.kind", EnterpriseKind),
        "size": ("enterprise.size", Size),
        "seat_region": ("enterprise.region", Region),
        "service": ("application.service", Service),
        "theme": ("application.theme", Theme),
        "subject": ("application.subject", Subject),
        "form": ("application.form", Form),
    }
    return [
        NamedFact(name, Unit.CHOICE, of, (path,), _choice(path, of)) for name, (path, of) in paths.items()
    ]


def _figures() -> list[NamedFact]:
    days = {name: f"application.{name}" for name in ("agreement_on", "starts_on", "ends_on")}
    granted = "enterprise.subsidy_granted_this_year"
    share = "enterprise.public_share"
    form = "enterprise.legal_form"
    return [
        *(NamedFact(name, Unit.DAY, None, (path,), _day(path)) for name, path in days.items()),
        NamedFact("amount", Unit.CENTS, None, ("application.amount",), _cents("application.amount")),
        NamedFact("granted_this_year", Unit.CENTS, None, (granted,), _cents(granted)),
        NamedFact("public_share", Unit.BASIS_POINTS, None, (share,), _cents(share)),
        NamedFact("vat_rate", Unit.BASIS_POINTS, None, ("application.vat_rate",), _vat_rate),
        NamedFact("legal_form", Unit.WORD, None, (form,), _flag(form)),
    ]


def _derived() -> list[NamedFact]:
    tie, flemish = "application.participants[].tie", "application.participants[].works_in_flanders"
    registered = ("enterprise.nace_codes", *_NACE_PATHS)
    return [
        NamedFact("applied_on", Unit.DAY, None, (), lambda _facts, day: day.toordinal()),
        NamedFact("applied_year", Unit.YEARS, None, (), lambda _facts, day: day.year),
        NamedFact("is_active", Unit.FLAG, None, ("enterprise.is_active",), _is_active),
        NamedFact("use_history", Unit.COUNT, None, ("enterprise.used_years",), _use_history),
        NamedFact("activity_registered", Unit.FLAG, None, registered, _activity_registered),
        NamedFact("activity", Unit.WORD, None, _NACE_PATHS, _activity),
        NamedFact("participants", Unit.COUNT, None, ("application.participants",), _participants),
        NamedFact("participant_ties", Unit.SET, Tie, (tie,), _ties),
        NamedFact("participants_in_flanders", Unit.FLAG, None, (flemish,), _all_in_flanders),
        NamedFact("number_service", Unit.CHOICE, Service, ("provider.number",), _number_service),
        NamedFact("recognised_from", Unit.DAY, None, _RECOGNITION_PATHS, _recognised_from),
        NamedFact("recognised_to", Unit.DAY, None, _RECOGNITION_PATHS, _recognised_to),
    ]


def _later() -> list[NamedFact]:
    """Facts of delivery and closing: never known when an application is decided, see ``judge``."""
    units = {
        "hours_followed": Unit.COUNT,
        "hours_given": Unit.COUNT,
        "signed_list_kept": Unit.FLAG,
        "deposit_asked_on": Unit.DAY,
        "deposited_on": Unit.DAY,
        "paid_on": Unit.DAY,
        "paid_to_provider": Unit.CENTS,
    }
    return [NamedFact(name, unit, None, (), _unknown) for name, unit in units.items()]


NAMED_FACTS: dict[str, NamedFact] = {
    fact.name: fact for fact in (*_flags(), *_choices(), *_figures(), *_derived(), *_later())
}
