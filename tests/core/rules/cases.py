"""Facts to start from, and the small language in which a test says what is different about them.

One change per clause, clauses separated by ``;``: ``application.amount = 99.99``, ``enterprise.size absent`` or
``on 2026-03-24``. A value is JSON where it can be read as such, else text. ``[0]`` picks an item of a list.
"""

from __future__ import annotations

import copy
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from portefeuille.core.rules import Decision, Regime, decide, load_scheme
from portefeuille.core.rules.graph import Evaluation, Node, node

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "facts.json"
APPLIED_ON = date(2026, 3, 2)
OFFICE_FOUND_ACTIVITY = [{"rule": "activity_on_list", "met": True, "reason": "In de bijlage opgezocht."}]


def example() -> dict[str, Any]:
    """The facts of the example file: a training of 10,000.00 that everybody may apply for."""
    return dict(json.loads(EXAMPLE.read_text(encoding="utf-8")))


def advice() -> dict[str, Any]:
    """The same enterprise asking for advice."""
    facts = example()
    facts["application"].update(service="advice", concerns_enterprise=True, theme="cybersecurity")
    for name in ("form", "supports_activity"):
        del facts["application"][name]
    facts["provider"]["number"] = "DV.A220518"
    return facts


def official() -> dict[str, Any]:
    """The example with what the official series asks besides."""
    return example() | {"findings": copy.deepcopy(OFFICE_FOUND_ACTIVITY)}


def changed(facts: dict[str, Any], clauses: str) -> tuple[dict[str, Any], date]:
    """Facts and application date after the clauses."""
    facts, on = copy.deepcopy(facts), APPLIED_ON
    for clause in filter(None, (part.strip() for part in clauses.split(";"))):
        if clause.startswith("on "):
            on = date.fromisoformat(clause.removeprefix("on "))
        elif clause.endswith(" absent"):
            put(facts, clause.removesuffix(" absent"), None)
        elif clause != "as it is":
            path, _, value = clause.partition(" = ")
            put(facts, path, _value(value))
    return facts, on


def put(facts: dict[str, Any], path: str, value: Any) -> None:
    """Set the fact at a path; None stands for unknown."""
    *parents, last = [int(step) if step.isdigit() else step for step in re.findall(r"[a-z_]+|\d+", path)]
    place: Any = facts
    for step in parents:
        place = place[step] if isinstance(step, int) else place.setdefault(step, {})
    place[last] = value


def decided(facts: dict[str, Any], clauses: str = "", scheme: str = "gids") -> Decision:
    """The decision on changed facts."""
    facts, on = changed(facts, clauses)
    return decide(facts, scheme=load_scheme(scheme), on=on)


def summed_up(decision: Decision) -> str:
    """A decision in one line: the amounts when approved, else the rules that stopped it."""
    if decision.subsidy is not None:
        return f"approved: subsidy {decision.subsidy}, own share {decision.own_share}"
    stopped = "not met" if decision.outcome == "refused" else "unknown"
    names = [rule.rule for rule in decision.rules if rule.verdict == stopped]
    return f"{decision.outcome}: {', '.join(names)}"


def scenarios(table: str) -> list[tuple[str, str]]:
    """The lines of a scenario table: what is different, and what comes out."""
    lines = [line.strip() for line in table.splitlines()]
    return [
        (left.strip(), right.strip())
        for left, _, right in (line.partition("->") for line in lines if line and not line.startswith("#"))
    ]


def leaves(item: Node, regime: Regime) -> dict[str, None]:
    """Every fact that a rule rests on, directly or through quantities and tables."""
    found: dict[str, None] = {}
    needs = [*Evaluation({}, regime).needs(item), *item.when]
    for need in needs:
        inner = node(need)
        found |= {need: None} if inner is None else leaves(inner, regime)
    return found


def _value(text: str) -> Any:
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
