"""One decision with its whole trace, and its replay.

The record is what the decision was made of and what came out: facts, regime, the figures used, each rule with
its verdict, and the amounts, as canonical JSON (sorted keys, no spaces, UTF-8). Its SHA-256 is the decision's
digest. The sentences that explain it to people are no part of it, so that they can be improved without
touching a stored decision.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from portefeuille.core.errors import FileRefused
from portefeuille.core.money import Money
from portefeuille.core.rules.facts import Facts, FactsRefused, read_facts
from portefeuille.core.rules.graph import QUANTITIES, RULES, Evaluation, Node, node
from portefeuille.core.rules.named_facts import NAMED_FACTS, name_facts
from portefeuille.core.rules.regimes import AppliedRule, Regime, RegimeRefused, Scheme, load_scheme
from portefeuille.core.rules.terms import Spoken, Value, spoken
from portefeuille.core.rules.texts import Texts

FORM = 1
_LARGEST_RECORD_BYTES = 4_000_000
_EARLIEST, _LATEST = date(1990, 1, 1), date(2199, 12, 31)


class Verdict(StrEnum):
    """What is said of one rule."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"
    STILL_TO_PROVE = "still to prove"


class Outcome(StrEnum):
    """What is said of the application."""

    APPROVED = "approved"
    REFUSED = "refused"
    CANNOT_DECIDE = "cannot_decide"


class ReplayDiffers(FileRefused):
    """A record, decided again, does not give the same bytes: it was altered, or the rules or figures were."""


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """One rule of a decision. ``inputs`` and ``parameters`` are in the notation of JSON; texts are Dutch."""

    rule: str
    stage: str
    verdict: Verdict
    inputs: Mapping[str, Spoken]
    parameters: Mapping[str, Spoken]
    sources: tuple[str, ...]
    found_by: str
    our_reading: tuple[str, ...]
    title: str
    reason: str
    cure: str

    def recorded(self) -> dict[str, Any]:
        """What the record keeps of it."""
        return {
            "rule": self.rule,
            "stage": self.stage,
            "verdict": str(self.verdict),
            "inputs": dict(self.inputs),
            "parameters": dict(self.parameters),
            "sources": list(self.sources),
            "found_by": self.found_by,
        }

    def as_dict(self) -> dict[str, Any]:
        """With the texts."""
        texts = {"title": self.title, "reason": self.reason, "cure": self.cure}
        return self.recorded() | texts | {"our_reading": list(self.our_reading)}


@dataclass(frozen=True, slots=True)
class Calculated:
    """One computed value of a decision, with what it was computed from; ``value`` is None when unknown."""

    quantity: str
    value: Spoken
    inputs: Mapping[str, Spoken]
    parameters: Mapping[str, Spoken]
    sources: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """In the notation of JSON."""
        return {
            "quantity": self.quantity,
            "value": self.value,
            "inputs": dict(self.inputs),
            "parameters": dict(self.parameters),
            "sources": list(self.sources),
        }


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to supply before the application can be decided, and by whom ("applicant" or "office")."""

    fact: str
    by: str
    rules: tuple[str, ...]
    question: str

    def as_dict(self) -> dict[str, Any]:
        """In the notation of JSON."""
        return {"fact": self.fact, "by": self.by, "rules": list(self.rules), "question": self.question}


@dataclass(frozen=True, slots=True)
class Reading:
    """A point that the source leaves open, settled by this platform, with the rules that it touches."""

    reading: str
    rules: tuple[str, ...]
    text: str

    def as_dict(self) -> dict[str, Any]:
        """In the notation of JSON."""
        return {"reading": self.reading, "rules": list(self.rules), "text": self.text}


@dataclass(frozen=True, slots=True)
class Amounts:
    """The amounts of an application; None is unknown or, for a refused one, not granted.

    ``amount`` excludes VAT and goes through the wallet; ``vat`` goes straight to the provider;
    ``payable_to_provider`` is their sum.
    """

    amount: Money | None
    subsidy: Money | None
    own_share: Money | None
    vat: Money | None
    payable_to_provider: Money | None

    def as_dict(self) -> dict[str, str | None]:
        """Decimal strings."""
        named = {name: getattr(self, name) for name in AMOUNTS}
        return {name: None if money is None else str(money) for name, money in named.items()}


RECORDED = (
    "form",
    "scheme",
    "regime",
    "regime_digest",
    "applied_on",
    "facts",
    "outcome",
    "amounts",
    "calculation",
    "rules",
)
RECORDED_OF_RULE = ("rule", "stage", "verdict", "inputs", "parameters", "sources", "found_by")
AMOUNTS = ("amount", "subsidy", "own_share", "vat", "payable_to_provider")
_CALCULATED = (
    "last_day_to_apply",
    "room",
    "subsidy_at_rate",
    "subsidy",
    "own_share",
    "vat",
    "payable_to_provider",
)


@dataclass(frozen=True)
class Decision:
    """What was decided, and everything that it was decided on."""

    scheme: Scheme
    regime: Regime
    applied_on: date
    facts: Mapping[str, Any]
    outcome: Outcome
    rules: tuple[RuleVerdict, ...]
    calculation: tuple[Calculated, ...]
    missing: tuple[Missing, ...]
    our_reading: tuple[Reading, ...]
    if_approved: Amounts
    summary: str

    @property
    def amounts(self) -> Amounts:
        """The amounts as decided: subsidy and own share only when approved."""
        if self.outcome is Outcome.APPROVED:
            return self.if_approved
        calculated = self.if_approved
        return Amounts(calculated.amount, None, None, calculated.vat, calculated.payable_to_provider)

    @property
    def subsidy(self) -> Money | None:
        """The subsidy granted, or None when not approved."""
        return self.amounts.subsidy

    @property
    def own_share(self) -> Money | None:
        """What the enterprise is to deposit, or None when not approved."""
        return self.amounts.own_share

    def not_met(self) -> tuple[RuleVerdict, ...]:
        """The rules that refuse the application."""
        return tuple(rule for rule in self.rules if rule.verdict is Verdict.NOT_MET)

    @cached_property
    def record(self) -> bytes:
        """The canonical bytes."""
        return canonical(self._recorded())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the record, in hexadecimal."""
        return hashlib.sha256(self.record).hexdigest()

    def _recorded(self) -> dict[str, Any]:
        return {
            "form": FORM,
            "scheme": self.scheme.key,
            "regime": self.regime.key,
            "regime_digest": self.regime.digest,
            "applied_on": self.applied_on.isoformat(),
            "facts": dict(self.facts),
            "outcome": str(self.outcome),
            "amounts": self.amounts.as_dict(),
            "calculation": [item.as_dict() for item in self.calculation],
            "rules": [rule.recorded() for rule in self.rules],
        }

    def as_dict(self) -> dict[str, Any]:
        """The record with the texts, what is missing and our readings: for people and programs."""
        return self._recorded() | {
            "scheme_title": self.scheme.title,
            "regime_title": self.regime.title,
            "summary": self.summary,
            "if_approved": self.if_approved.as_dict() if self.outcome is Outcome.CANNOT_DECIDE else None,
            "rules": [rule.as_dict() for rule in self.rules],
            "missing": [item.as_dict() for item in self.missing],
            "sources": self.scheme.source_titles(source for rule in self.rules for source in rule.sources),
            "our_reading": [reading.as_dict() for reading in self.our_reading],
            "digest": self.digest,
        }


def canonical(data: object) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: one form for one content."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def decide(facts: Facts, *, scheme: Scheme, on: date) -> Decision:
    """Decide an application made on the day ``on``. Raises FactsRefused (malformed facts) and NoRegime."""
    if not _EARLIEST <= on <= _LATEST:
        raise FactsRefused("applied_on", f"{on.isoformat()} valt buiten {_EARLIEST.year} tot {_LATEST.year}.")
    regime = scheme.on(on)
    if missing := sorted(set(needed_parameters(regime)) - set(regime.parameters)):
        raise RegimeRefused(f"Het regime {regime.key} mist: {', '.join(missing)}.")
    return _Deciding(scheme, regime, on, read_facts(facts)).decide()


def judge(rule: str, values: Mapping[str, Value | None], regime: Regime) -> Verdict:
    """Judge one rule on named facts (see ``named_facts``), for instance one of delivery when its time comes.

    Facts that are not given are unknown; a rule that does not apply (advice has no attendance) counts as met.
    """
    known: dict[str, Value | None] = dict.fromkeys(NAMED_FACTS)
    evaluation = Evaluation({**known, **values}, regime)
    item = RULES[rule]
    return _verdict(item, evaluation) if _applies(item, evaluation) else Verdict.MET


def replay(record: bytes, *, scheme: Scheme | None = None) -> Decision:
    """Decide a record again. Raises ReplayDiffers unless the same bytes come out.

    ``scheme`` is for one that does not ship with the package; otherwise it is found by the record's own key.
    """
    stored = read_record(record)
    decided = decide(stored["facts"], scheme=scheme or load_scheme(stored["scheme"]), on=_day(stored))
    if decided.record != record:
        raise ReplayDiffers(f"Opnieuw beslissen geeft iets anders: {_first_difference(stored, decided)}.")
    return decided


def read_record(record: bytes) -> dict[str, Any]:
    """The content of a record, or of a decision's JSON. Raises ReplayDiffers when it is neither."""
    if len(record) > _LARGEST_RECORD_BYTES:
        raise ReplayDiffers("Dit bestand is te groot voor een beslissing.")
    try:
        stored = json.loads(record)
    except (ValueError, RecursionError):
        raise ReplayDiffers("Dit bestand is geen JSON.") from None
    needed = {"form": int, "scheme": str, "applied_on": str, "facts": dict}
    if not isinstance(stored, dict) or any(
        not isinstance(stored.get(key), kind) for key, kind in needed.items()
    ):
        raise ReplayDiffers(
            "Dit bestand is geen beslissing: form, scheme, applied_on en facts horen erin te staan."
        )
    return stored


def recorded(answer: Mapping[str, Any]) -> bytes:
    """The record inside a decision's JSON (``as_dict``): the same without texts, in canonical bytes."""
    rules = answer.get("rules")
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise ReplayDiffers("Dit bestand is geen beslissing: rules hoort erin te staan.")
    kept = {key: answer.get(key) for key in RECORDED}
    kept["rules"] = [{key: rule.get(key) for key in RECORDED_OF_RULE} for rule in rules]
    try:
        return canonical(kept)
    except ValueError:  # NaN, or half a character: nothing that a decision ever held
        raise ReplayDiffers("Dit bestand bevat iets dat geen beslissing kan bevatten.") from None


def _day(stored: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(stored["applied_on"])
    except ValueError:
        raise ReplayDiffers("applied_on in dit bestand is geen dag.") from None


def _first_difference(stored: Mapping[str, Any], decided: Decision) -> str:
    again = json.loads(decided.record)
    differing = [key for key in again if key not in stored or stored[key] != again[key]]
    return f"{differing[0]} verschilt" if differing else "de schrijfwijze verschilt"


def needed_parameters(regime: Regime) -> tuple[str, ...]:
    """Every parameter that the regime's rules and the amounts read. Raises RegimeRefused for a rule unknown
    here.
    """
    for applied in regime.rules:
        if applied.name not in RULES:
            raise RegimeRefused(f"Het regime {regime.key} past een onbekende regel toe: {applied.name}.")
    return _parameters_beneath(*(rule.name for rule in regime.rules), *AMOUNTS)


@cache
def _parameters_beneath(*names: str) -> tuple[str, ...]:
    """Every parameter that these rules and quantities read, directly or through others."""
    found: dict[str, None] = {}
    waiting = list(names)
    for name in waiting:  # grows while it is walked; the graph has no cycles
        if (item := node(name)) is not None:
            found |= dict.fromkeys(item.parameters)
            waiting += [*item.inputs, *item.when]
    return tuple(found)


def _applies(item: Node, evaluation: Evaluation) -> bool:
    """Whether the rule applies; one of which that is unknown does, and is then unknown itself."""
    return all(evaluation.value(flag) is not False for flag in item.when)


def _open_conditions(item: Node, evaluation: Evaluation) -> tuple[str, ...]:
    """The flags that say whether the rule applies, as far as they are unknown."""
    return tuple(flag for flag in item.when if evaluation.value(flag) is None)


def _verdict(item: Node, evaluation: Evaluation) -> Verdict:
    value = evaluation.value(item.name)
    if value is None or _open_conditions(item, evaluation) or (item.office_looks and not value):
        return Verdict.UNKNOWN
    return Verdict.MET if value else Verdict.NOT_MET


class _Deciding:
    """The making of one decision."""

    def __init__(self, scheme: Scheme, regime: Regime, on: date, facts: dict[str, Any]) -> None:
        self.scheme, self.regime, self.on, self.facts = scheme, regime, on, facts
        self.evaluation = Evaluation(name_facts(facts, on), regime)
        self.texts = Texts(scheme.texts, facts, on, regime)
        self.findings = _findings(facts, regime)

    def decide(self) -> Decision:
        rules = tuple(
            self._rule(applied)
            for applied in self.regime.rules
            if _applies(RULES[applied.name], self.evaluation)
        )
        outcome = _outcome(rules)
        amounts = self._amounts()
        return Decision(
            scheme=self.scheme,
            regime=self.regime,
            applied_on=self.on,
            facts=self.facts,
            outcome=outcome,
            rules=rules,
            calculation=tuple(self._calculated(name) for name in _CALCULATED if self._has_figures(name)),
            missing=self._missing(rules) if outcome is Outcome.CANNOT_DECIDE else (),
            our_reading=self._readings(rules),
            if_approved=amounts,
            summary=self.texts.summary(str(outcome), amounts.as_dict()),
        )

    def _rule(self, applied: AppliedRule) -> RuleVerdict:
        item = RULES[applied.name]
        verdict, found_by, finding = self._judged(item, applied.stage)
        inputs, parameters = self._inputs(item), self._parameters(item)
        texts = self.texts.rule(item, str(verdict), inputs | self._figures_beneath(item))
        return RuleVerdict(
            rule=item.name,
            stage=applied.stage,
            verdict=verdict,
            inputs=self._spoken(inputs),
            parameters=self._spoken_parameters(parameters),
            sources=self._sources(applied.sources, item),
            found_by=found_by,
            our_reading=tuple(key for key, over in self.regime.readings.items() if item.name in over),
            title=texts.title,
            reason=finding or texts.reason,
            cure=texts.cure,
        )

    def _judged(self, item: Node, stage: str) -> tuple[Verdict, str, str]:
        """The verdict, who found it, and the office's reason when it did."""
        if stage != "application":
            return Verdict.STILL_TO_PROVE, "rule", ""
        verdict = _verdict(item, self.evaluation)
        if verdict is Verdict.UNKNOWN and item.name in self.findings:
            finding = self.findings[item.name]
            return (
                (Verdict.MET if finding["met"] else Verdict.NOT_MET),
                "office",
                str(finding.get("reason", "")),
            )
        return verdict, "rule", ""

    def _inputs(self, item: Node) -> dict[str, Value | None]:
        names = dict.fromkeys((*self.evaluation.needs(item), *(self._condition(item))))
        return {name: self.evaluation.value(name) for name in names}

    def _figures_beneath(self, item: Node) -> dict[str, Value | None]:
        """Every figure that the rule rests on, for its texts; those of its quantities included."""
        return {f"p_{name}": self.evaluation.parameter(name) for name in _parameters_beneath(item.name)}

    def _condition(self, item: Node) -> tuple[str, ...]:
        """What says whether the rule applies, shown among its inputs only while that is unknown."""
        flags = _open_conditions(item, self.evaluation)
        return tuple(need for flag in flags for need in self.evaluation.needs(QUANTITIES[flag]))

    def _parameters(self, item: Node) -> dict[str, Value | None]:
        return {name: self.evaluation.parameter(name) for name in item.parameters}

    def _spoken(self, values: Mapping[str, Value | None]) -> dict[str, Spoken]:
        return {name: speak(name, value) for name, value in values.items()}

    def _spoken_parameters(self, values: Mapping[str, Value | None]) -> dict[str, Spoken]:
        named = ((self.regime.parameter(name), value) for name, value in values.items())
        return {item.name: spoken(value, item.unit, item.choices) for item, value in named}

    def _sources(self, own: Sequence[str], item: Node) -> tuple[str, ...]:
        """The rule's own sources and those of the very figures that it used."""
        found = list(own)
        for name in item.parameters:
            parameter = self.regime.parameter(name)
            keys = [key for axis in parameter.axes if (key := self.evaluation.value(axis)) is not None]
            found += parameter.row(*keys).sources if len(keys) == len(parameter.axes) else parameter.sources
        return tuple(dict.fromkeys(found))

    def _has_figures(self, name: str) -> bool:
        return set(_parameters_beneath(name)) <= set(self.regime.parameters)

    def _calculated(self, name: str) -> Calculated:
        item = QUANTITIES[name]
        value = spoken(self.evaluation.value(name), item.unit, item.choices)
        inputs = self._spoken({need: self.evaluation.value(need) for need in self.evaluation.needs(item)})
        parameters = self._spoken_parameters(self._parameters(item))
        return Calculated(name, value, inputs, parameters, self._sources((), item))

    def _amounts(self) -> Amounts:
        values = [self.evaluation.value(name) for name in AMOUNTS]
        return Amounts(*(None if value is None else Money(int(value)) for value in values))

    def _missing(self, rules: Sequence[RuleVerdict]) -> tuple[Missing, ...]:
        """What to supply, each once, with every rule that waits for it."""
        waiting: dict[tuple[str, str], list[str]] = {}
        for rule in rules:
            if rule.verdict is Verdict.UNKNOWN:
                for path in self._absent_paths(RULES[rule.rule]):
                    waiting.setdefault((path, "applicant"), []).append(rule.rule)
                if self.evaluation.value(rule.rule) is not None:
                    waiting.setdefault((f"findings.{rule.rule}", "office"), []).append(rule.rule)
        return tuple(
            Missing(path, by, tuple(names), self.texts.question(path))
            for (path, by), names in waiting.items()
        )

    def _absent_paths(self, item: Node) -> tuple[str, ...]:
        names = _open_conditions(item, self.evaluation) or (item.name,)
        unknown = (fact for name in names for fact in self.evaluation.unknown_facts(name))
        paths = (path for name in unknown for path in NAMED_FACTS[name].absent_paths(self.facts))
        return tuple(dict.fromkeys(paths))

    def _readings(self, rules: Sequence[RuleVerdict]) -> tuple[Reading, ...]:
        shown = {rule.rule for rule in rules} | set(_CALCULATED)
        return tuple(
            Reading(key, touched, self.texts.reading(key))
            for key, over in self.regime.readings.items()
            if (touched := tuple(name for name in over if name in shown))
        )


def _outcome(rules: Sequence[RuleVerdict]) -> Outcome:
    verdicts = {rule.verdict for rule in rules if rule.stage == "application"}
    if Verdict.NOT_MET in verdicts:
        return Outcome.REFUSED
    return Outcome.CANNOT_DECIDE if Verdict.UNKNOWN in verdicts or not verdicts else Outcome.APPROVED


def _findings(facts: Mapping[str, Any], regime: Regime) -> dict[str, Mapping[str, Any]]:
    """The office's findings by rule. Raises FactsRefused for one on a rule that this regime does not decide
    on.
    """
    decided = {rule.name for rule in regime.rules if rule.stage == "application"}
    found: dict[str, Mapping[str, Any]] = {}
    for index, row in enumerate(facts.get("findings", ())):
        if row.get("rule") not in decided or "met" not in row or row["rule"] in found:
            raise FactsRefused(
                f"findings[{index}]", "noem één keer een regel van dit regime, met met: true of false."
            )
        found[row["rule"]] = row
    return found


def speak(name: str, value: Value | None) -> Spoken:
    """The value of a named fact, quantity or rule in the notation of JSON."""
    item = NAMED_FACTS.get(name) or node(name)
    assert item is not None
    return spoken(value, item.unit, item.choices)
