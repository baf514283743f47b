"""The sentences that explain a decision to people, filled in from data.

Texts live in ``schemes/texts.<language>.toml``. A text may be one sentence, or a table that picks one by the
value of an input (``by = "seat_region"``). Only ``{name}`` is replaced, by plain substitution: a text can
never run anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portefeuille.core.money import Money
from portefeuille.core.rules.graph import Node, node
from portefeuille.core.rules.named_facts import NAMED_FACTS, right_number
from portefeuille.core.rules.regimes import Regime
from portefeuille.core.rules.terms import Choice, Unit, Value, spoken

_HOLE = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """What is said about one rule in one decision."""

    title: str
    reason: str
    cure: str


class Texts:
    """The texts of a scheme, for one set of facts."""

    def __init__(self, data: Mapping[str, Any], facts: Mapping[str, Any], on: date, regime: Regime) -> None:
        self.data = data
        self.regime = regime
        self.offered = right_number(facts, on)

    def rule(self, item: Node, verdict: str, values: Mapping[str, Value | None]) -> RuleTexts:
        """Title, reason and cure of a rule with that verdict; a rule that is met needs no cure."""
        texts = self.data["rule"][item.name]
        holes = self._holes(values)
        key = verdict.replace(" ", "_")
        reason = self._pick(texts.get(key) or self.data["verdict"][key], values, holes)
        cure = "" if verdict in ("met", "still to prove") else self._cure(texts, verdict, values, holes)
        return RuleTexts(self._pick(texts["title"], values, holes), reason, cure)

    def question(self, path: str) -> str:
        """What to ask for the fact at that path."""
        questions = self.data["question"]
        return str(questions.get(path) or questions["otherwise"].replace("{fact}", path))

    def reading(self, key: str) -> str:
        """The sentence about a point that we settled."""
        return str(self.data["reading"][key])

    def summary(self, outcome: str, amounts: Mapping[str, str | None]) -> str:
        """The outcome in one sentence, with the euros when there are any."""
        holes = {key: _euro(Money.euros(text).cents) for key, text in amounts.items() if text is not None}
        return _fill(self.data["summary"][outcome], holes)

    def _cure(
        self,
        texts: Mapping[str, Any],
        verdict: str,
        values: Mapping[str, Value | None],
        holes: Mapping[str, str],
    ) -> str:
        if verdict == "unknown":
            return self._pick(
                texts.get("cure_unknown") or self.data["verdict"]["cure_unknown"], values, holes
            )
        offered = texts.get("cure_offered") if self.offered else None
        return self._pick(offered or texts.get("cure") or self.data["verdict"]["cure"], values, holes)

    def _pick(self, text: Any, values: Mapping[str, Value | None], holes: Mapping[str, str]) -> str:
        if isinstance(text, str):
            return _fill(text, holes)
        name = text["by"]
        unit, choices = self._kind(name)
        word = str(spoken(values.get(name), unit, choices))
        fitting = (key for key in text if key == word or (key.endswith(":") and word.startswith(key)))
        return _fill(text[max(fitting, key=len, default="otherwise")], holes)

    def _holes(self, values: Mapping[str, Value | None]) -> dict[str, str]:
        known = {name: self._said(name, value) for name, value in values.items() if value is not None}
        return known | {"right_number": self.offered or ""}

    def _said(self, name: str, value: Value) -> str:
        unit, choices = self._kind(name)
        if unit is Unit.DAY:
            return self._said_day(int(value))
        if unit is Unit.CENTS:
            return _euro(int(value))
        if choices is not None:
            words = spoken(value, unit, choices)
            listed = words if isinstance(words, list) else [words]
            return ", ".join(self.data["word"][choices.__name__.lower()][word] for word in listed)
        if unit is Unit.BASIS_POINTS:
            return f"{Money(int(value)).belgian.removesuffix(',00')} op de 100"
        return str(value)

    def _kind(self, name: str) -> tuple[Unit, type[Choice] | None]:
        item = NAMED_FACTS.get(name) or node(name) or self.regime.parameter(name.removeprefix("p_"))
        return item.unit, item.choices

    def _said_day(self, ordinal: int) -> str:
        day = date.fromordinal(ordinal)
        return f"{day.day} {self.data['months'][day.month - 1]} {day.year}"


def _euro(cents: int) -> str:
    return f"{Money(cents).belgian} euro"


def _fill(text: str, holes: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: holes.get(hole[1], "…"), text)
