"""The graph of rules: named functions whose argument names say what they need.

An argument is a fact, a parameter of the regime (``p_...``), or another rule or quantity. When anything that
a rule needs is unknown, the rule is unknown and its function never runs: no rule can turn silence into a yes.

A parameter may be a table (a rate by size and theme): the facts that the table distinguishes then count as
inputs of the rule that reads it, so that the rule's text stays ``share(amount, p_subsidy_rate)`` whatever the
table looks like.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from portefeuille.core.rules.regimes import Regime
from portefeuille.core.rules.terms import Choice, Unit, Value

_PARAMETER = "p_"


@dataclass(frozen=True, slots=True)
class Node:
    """One rule (a condition, unit FLAG) or one quantity, with what it needs."""

    name: str
    function: Callable[..., Value]
    inputs: tuple[str, ...]
    parameters: tuple[str, ...]
    unit: Unit
    choices: type[Choice] | None = None
    # The rule only applies where all these flags hold; where one does not, it is left out of the decision.
    when: tuple[str, ...] = ()
    # Where the function says no, a person of the office must look: the verdict is unknown, not "not met".
    office_looks: bool = False


RULES: dict[str, Node] = {}
QUANTITIES: dict[str, Node] = {}


def rule[F: Callable[..., bool]](
    *, when: tuple[str, ...] = (), office_looks: bool = False
) -> Callable[[F], F]:
    """Register a condition; its stage and its sources come from the regime that applies it."""

    def register(function: F) -> F:
        node = _node(function, Unit.FLAG, None)
        _add(
            RULES,
            Node(node.name, function, node.inputs, node.parameters, Unit.FLAG, None, when, office_looks),
        )
        return function

    return register


def quantity[F: Callable[..., Value]](unit: Unit, choices: type[Choice] | None = None) -> Callable[[F], F]:
    """Register a value that rules and amounts are computed from."""

    def register(function: F) -> F:
        _add(QUANTITIES, _node(function, unit, choices))
        return function

    return register


def node(name: str) -> Node | None:
    """The rule or quantity of that name, or None when the name is a fact."""
    return RULES.get(name) or QUANTITIES.get(name)


def _node(function: Callable[..., Value], unit: Unit, choices: type[Choice] | None) -> Node:
    names = tuple(inspect.signature(function).parameters)
    inputs = tuple(name for name in names if not name.startswith(_PARAMETER))
    parameters = tuple(name.removeprefix(_PARAMETER) for name in names if name.startswith(_PARAMETER))
    return Node(function.__name__, function, inputs, parameters, unit, choices)


def _add(table: dict[str, Node], new: Node) -> None:
    if new.name in RULES or new.name in QUANTITIES:
        raise ValueError(f"two rules or quantities are called {new.name}")
    table[new.name] = new


@dataclass(slots=True)
class Evaluation:
    """The graph computed over named facts under one regime; every value is computed at most once."""

    facts: Mapping[str, Value | None]
    regime: Regime
    _known: dict[str, Value | None] = field(default_factory=dict)

    def value(self, name: str) -> Value | None:
        """The value of a fact, quantity or rule; None when it is unknown."""
        if name not in self._known:
            self._known[name] = self._compute(name)
        return self._known[name]

    def parameter(self, name: str) -> Value | None:
        """The regime's figure, picked from its table by the facts on its axes; None when one is unknown."""
        parameter = self.regime.parameter(name)
        keys = [self.value(axis) for axis in parameter.axes]
        known = [key for key in keys if key is not None]
        return parameter.at(*known) if len(known) == len(keys) else None

    def needs(self, item: Node) -> tuple[str, ...]:
        """What it is computed from: its inputs and the facts that its tables distinguish."""
        axes = (axis for name in item.parameters for axis in self.regime.parameter(name).axes)
        return tuple(dict.fromkeys((*item.inputs, *axes)))

    def unknown_facts(self, name: str) -> Iterator[str]:
        """The facts, themselves unknown, that keep this one from being known."""
        if self.value(name) is not None:
            return
        item = node(name)
        if item is None:
            yield name
            return
        for need in self.needs(item):
            yield from self.unknown_facts(need)

    def _compute(self, name: str) -> Value | None:
        item = node(name)
        if item is None:
            return self.facts[name]
        arguments = {key: self.value(key) for key in item.inputs}
        arguments |= {_PARAMETER + key: self.parameter(key) for key in item.parameters}
        if None in arguments.values():
            return None
        return item.function(**arguments)
