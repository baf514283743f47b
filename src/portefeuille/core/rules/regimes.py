"""Schemes and regimes: dated parameters with a source for every figure, read from TOML.

A *scheme* is a subsidy measure; a *regime* is its rules in force on an application date. A regime names the
rules that it applies, each with its stage and its sources, and gives every figure that those rules read.
Nothing here knows a figure: a new regime is a new file (or the same data from a database), not a release.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import combinations, pairwise
from typing import Any

from portefeuille.core.errors import Invalid, NotFound
from portefeuille.core.rules.terms import CHOICES, Choice, Unit, Value, coded

STAGES = ("application", "delivery", "closing")
# Facts that a table may distinguish, and the list of words that its rows use for them (None: codes or flags).
AXES: dict[str, str | None] = {
    "service": "service",
    "size": "size",
    "theme": "theme",
    "enterprise_kind": "enterprise_kind",
    "is_work_integration": None,
    "legal_form": None,
    "activity": None,
}
ANY = "*"


class RegimeRefused(Invalid):
    """The data of a regime is incomplete or contradicts itself; the sentence names the file's key."""


class NoRegime(NotFound):
    """The scheme has no regime in force on that day."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the keys that it is for (None is any), its value and its sources."""

    keys: tuple[Value | None, ...]
    value: Value
    sources: tuple[str, ...]

    def fits(self, keys: Sequence[Value]) -> bool:
        """Whether this row speaks of these keys; a key of text fits by its beginning (a NACE division)."""
        return all(own is None or _same(own, key) for own, key in zip(self.keys, keys, strict=True))

    def meets(self, other: Row) -> bool:
        """Whether some keys fit both rows."""
        pairs = zip(self.keys, other.keys, strict=True)
        return all(a is None or b is None or _same(a, b) or _same(b, a) for a, b in pairs)

    @property
    def precision(self) -> tuple[int, int]:
        """How narrow the row is: the number of keys it names, then the length of the texts among them."""
        named = [key for key in self.keys if key is not None]
        return len(named), sum(len(key) for key in named if isinstance(key, str))


def _same(own: Value, key: Value) -> bool:
    if isinstance(own, str) and isinstance(key, str):
        return key.startswith(own)
    return own == key


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of a regime: one value, or a table that picks a value by the facts on its axes."""

    name: str
    unit: Unit
    choices: type[Choice] | None
    axes: tuple[str, ...]
    rows: tuple[Row, ...]
    confidence: str = "high"

    @property
    def value(self) -> Value:
        """The one value; ValueError for a table, which has as many as it has rows."""
        if self.axes:
            raise ValueError(f"{self.name} is a table by {', '.join(self.axes)}")
        return self.rows[0].value

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source that a row names, in their first order."""
        return tuple(dict.fromkeys(source for row in self.rows for source in row.sources))

    @property
    def source(self) -> str:
        """The sources as one line."""
        return ", ".join(self.sources)

    def at(self, *keys: Value) -> Value:
        """The value for these keys, one for each axis: the narrowest row that fits (the loader made it
        unique).
        """
        return self.row(*keys).value

    def row(self, *keys: Value) -> Row:
        """The row that speaks of these keys."""
        return max((row for row in self.rows if row.fits(keys)), key=lambda row: row.precision)


@dataclass(frozen=True, slots=True)
class AppliedRule:
    """A rule as a regime applies it."""

    name: str
    stage: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regime:
    """The rules and figures in force on an application date. ``valid_to`` is the last day; None is open."""

    scheme: str
    key: str
    title: str
    valid_from: date | None
    valid_to: date | None
    rules: tuple[AppliedRule, ...]
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, tuple[str, ...]]
    digest: str
    legal_basis: tuple[str, ...] = ()
    supplement: bool = False
    notes: str = ""
    approximate: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """The figure of that name. Raises RegimeRefused when the regime does not have it."""
        try:
            return self.parameters[name]
        except KeyError:
            raise RegimeRefused(f"Het regime {self.key} heeft geen parameter {name}.") from None

    def find(self, name: str) -> Parameter | None:
        """The figure of that name, or None when this regime says nothing about it."""
        return self.parameters.get(name)

    @property
    def highest_ceiling(self) -> int:
        """The most subsidy, in cents, that any enterprise may get in a year: the guard on what is granted."""
        return max(int(row.value) for row in self.parameter("ceiling").rows)

    def covers(self, day: date) -> bool:
        """Whether an application of that day falls under this regime."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """Days for which the scheme states that it has no regime, and why."""

    valid_from: date | None
    valid_to: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A subsidy measure with its regimes through time and the texts that explain them."""

    key: str
    title: str
    regimes: tuple[Regime, ...]
    gaps: tuple[Gap, ...]
    sources: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, Any]

    def source_titles(self, sources: Iterable[str]) -> dict[str, str]:
        """What the sources are; ``GUIDE 1`` is chapter 1 of the source ``GUIDE``."""
        keys = dict.fromkeys(source.split(" ")[0] for source in sources)
        return {key: self.sources[key]["title"] for key in keys}

    def on(self, day: date) -> Regime:
        """The regime of an application date. Raises NoRegime."""
        for regime in self.regimes:
            if not regime.supplement and regime.covers(day):
                return regime
        raise NoRegime(f"{self.title}: er zijn geen regels bekend voor een aanvraag op {day:%d-%m-%Y}.")

    def highest_ceilings(self, year: int) -> set[int]:
        """The highest ceiling, in cents, of each regime in force on some day of that year."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return {
            regime.highest_ceiling
            for regime in self.regimes
            if not regime.supplement
            and (regime.valid_from or first) <= last
            and first <= (regime.valid_to or last)
        }

    def supplements(self, day: date) -> tuple[Regime, ...]:
        """The regimes that lie over the one in force on that day: they add to it and decide nothing by
        themselves.
        """
        return tuple(regime for regime in self.regimes if regime.supplement and regime.covers(day))

    def regime(self, key: str) -> Regime:
        """The regime of that key. Raises NoRegime."""
        for regime in self.regimes:
            if regime.key == key:
                return regime
        raise NoRegime(f"{self.title} heeft geen regime {key}.")


SCHEMES = ("gids", "kmo-portefeuille")


@cache
def load_scheme(key: str) -> Scheme:
    """A scheme that ships with the package, read once. Raises NotFound for any other key."""
    if key not in SCHEMES:
        raise NotFound(f"Er is geen regeling {key!r}. Kies uit: {', '.join(SCHEMES)}.")
    folder = resources.files("portefeuille") / "schemes"
    files = sorted((entry for entry in (folder / key).iterdir()), key=lambda entry: entry.name)
    data = {
        entry.name: tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in files
        if entry.name.endswith(".toml")
    }
    texts = tomllib.loads((folder / "texts.nl.toml").read_text(encoding="utf-8"))
    head = data.pop("scheme.toml")
    return read_scheme(key, head, list(data.values()), texts)


def read_scheme(
    key: str, head: Mapping[str, Any], regimes: Sequence[Mapping[str, Any]], texts: Mapping[str, Any]
) -> Scheme:
    """A scheme from its data; two regimes in force on one day are refused."""
    complete = [data if _is_supplement(data) else _over(head.get("common", {}), data) for data in regimes]
    read = sorted(
        (read_regime(key, data) for data in complete), key=lambda regime: regime.valid_from or date.min
    )
    _refuse_overlap([regime for regime in read if not regime.supplement])
    gaps = tuple(Gap(row.get("valid_from"), row.get("valid_to"), row["why"]) for row in head.get("gap", ()))
    return Scheme(key, head["title"], tuple(read), gaps, head["source"], texts)


def _over(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A regime's own data laid over what all regimes share, down to the single rule and parameter."""
    laid = dict(common)
    for name, value in own.items():
        # A parameter is replaced whole: half of an old table under a new one would be nobody's law.
        deeper = isinstance(value, Mapping) and name in common and "unit" not in value
        laid[name] = _over(common[name], value) if deeper else value
    return laid


def _is_supplement(data: Mapping[str, Any]) -> bool:
    return bool(data["regime"].get("kind") == "supplement")


def _refuse_overlap(regimes: Sequence[Regime]) -> None:
    for earlier, later in pairwise(regimes):
        if earlier.valid_to is None or later.valid_from is None or earlier.valid_to >= later.valid_from:
            raise RegimeRefused(f"De regimes {earlier.key} en {later.key} gelden op dezelfde dag.")


def read_regime(scheme: str, data: Mapping[str, Any]) -> Regime:
    """A regime from its data (parsed TOML or JSON). Raises RegimeRefused."""
    head = data["regime"]
    rules = tuple(
        AppliedRule(name, stage, _sources(sources, f"rules.{stage}.{name}"))
        for stage in STAGES
        for name, sources in data.get("rules", {}).get(stage, {}).items()
    )
    parameters = {name: _parameter(name, raw) for name, raw in sorted(data["parameter"].items())}
    return Regime(
        scheme=scheme,
        key=head["key"],
        title=head["title"],
        valid_from=head.get("valid_from"),
        valid_to=head.get("valid_to"),
        rules=rules,
        parameters=parameters,
        readings={name: tuple(over) for name, over in data.get("readings", {}).items()},
        digest=_digest(rules, parameters),
        legal_basis=tuple(head.get("legal_basis", ())),
        supplement=_is_supplement(data),
        notes=head.get("notes", ""),
        approximate=tuple(head.get("approximate", ())),
    )


def _digest(rules: Sequence[AppliedRule], parameters: Mapping[str, Parameter]) -> str:
    """A digest of everything in the regime that can change a decision, and of its sources."""
    content = [
        [[rule.name, rule.stage, list(rule.sources)] for rule in rules],
        [
            [
                item.name,
                item.unit,
                list(item.axes),
                [[list(row.keys), row.value, list(row.sources)] for row in item.rows],
            ]
            for item in parameters.values()
        ],
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def _parameter(name: str, raw: Mapping[str, Any]) -> Parameter:
    place = f"parameter.{name}"
    try:
        unit = Unit(raw["unit"])
        choices = CHOICES[raw["of"]] if "of" in raw else None
        axes = tuple(raw.get("by", ()))
        if unknown := [axis for axis in axes if axis not in AXES]:
            raise RegimeRefused(f"{place}: een tabel kan niet verschillen naar {unknown[0]}.")
        rows = tuple(_row(row, axes, unit, choices, place) for row in raw.get("rows", [raw]))
    except (KeyError, ValueError, TypeError) as problem:
        raise RegimeRefused(f"{place}: {problem}") from problem
    _refuse_doubt(rows, place)
    return Parameter(name, unit, choices, axes, rows, raw.get("confidence", "high"))


def _refuse_doubt(rows: Sequence[Row], place: str) -> None:
    """Every combination of keys has exactly one narrowest row, so a table always gives one answer."""
    if not any(set(row.keys) <= {None} for row in rows):
        raise RegimeRefused(f"{place}: er ontbreekt een rij voor al de rest.")
    for one, other in combinations(rows, 2):
        if one.precision == other.precision and one.meets(other):
            raise RegimeRefused(f"{place}: twee rijen gaan over hetzelfde: {one.keys} en {other.keys}.")


def _row(
    raw: Mapping[str, Any], axes: tuple[str, ...], unit: Unit, choices: type[Choice] | None, place: str
) -> Row:
    keys = tuple(_key(axis, raw.get(axis, ANY)) for axis in axes)
    return Row(keys, coded(raw["value"], unit, choices), _sources(raw.get("sources", ()), place))


def _key(axis: str, raw: object) -> Value | None:
    if raw == ANY:
        return None
    words = AXES[axis]
    if words is not None:
        return CHOICES[words].of(str(raw))
    assert isinstance(raw, str | bool)
    return raw


def _sources(raw: Sequence[str], place: str) -> tuple[str, ...]:
    if not raw or isinstance(raw, str):
        raise RegimeRefused(f"{place}: er staat geen bron bij.")
    return tuple(raw)
