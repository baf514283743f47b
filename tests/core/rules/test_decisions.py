"""A decision as a whole: its laws, its record and its replay."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.rules.cases import APPLIED_ON, advice, decided, example, leaves, official, put

from portefeuille.core.money import Money
from portefeuille.core.rules import (
    Decision,
    FactsRefused,
    NoRegime,
    Outcome,
    RegimeRefused,
    ReplayDiffers,
    Verdict,
    canonical,
    decide,
    load_scheme,
    recorded,
    replay,
)
from portefeuille.core.rules.graph import RULES
from portefeuille.core.rules.named_facts import NAMED_FACTS
from portefeuille.core.rules.regimes import read_scheme

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.json"))
CENTS = st.integers(0, 3_000_000)


def priced(amount: int, granted: int = 0) -> Decision:
    facts = example()
    put(facts, "application.amount", str(Money(amount)))
    put(facts, "enterprise.subsidy_granted_this_year", str(Money(granted)))
    return decided(facts)


@given(amount=CENTS, granted=CENTS)
def test_the_parts_sum_to_the_amount_and_the_subsidy_stays_within_rate_and_room(
    amount: int, granted: int
) -> None:
    decision = priced(amount, granted)
    if decision.outcome is Outcome.APPROVED:
        assert decision.subsidy is not None
        assert decision.own_share is not None
        assert decision.subsidy + decision.own_share == Money(amount)
        assert Money.ZERO < decision.subsidy <= Money(max(400_000 - granted, 0))
        assert decision.subsidy <= Money(amount).basis_points(4000)
    else:
        assert decision.outcome is Outcome.REFUSED
        assert amount < 10_000 or granted >= 400_000


@given(amount=st.integers(10_000, 2_000_000), more=st.integers(0, 100_000), granted=st.integers(0, 399_999))
def test_a_higher_price_never_gives_less_subsidy_nor_a_lower_own_share(
    amount: int, more: int, granted: int
) -> None:
    low, high = priced(amount, granted), priced(amount + more, granted)
    assert low.subsidy <= high.subsidy  # type: ignore[operator]
    assert low.own_share <= high.own_share  # type: ignore[operator]


@given(amount=st.integers(10_000, 2_000_000), granted=st.integers(0, 399_999), more=st.integers(0, 100_000))
def test_more_granted_before_never_gives_more_subsidy(amount: int, granted: int, more: int) -> None:
    later = priced(amount, granted + more).subsidy or Money.ZERO
    assert later <= priced(amount, granted).subsidy  # type: ignore[operator]


def paths(facts: Any, under: str = "") -> list[str]:
    """Every path of a leaf in the facts."""
    if isinstance(facts, dict):
        return [path for name, inner in facts.items() for path in paths(inner, f"{under}.{name}".strip("."))]
    if isinstance(facts, list):
        return [path for index, inner in enumerate(facts) for path in paths(inner, f"{under}[{index}]")]
    return [under]


@pytest.mark.parametrize(
    ("facts", "scheme"),
    [(example(), "gids"), (advice(), "gids"), (official(), "kmo-portefeuille")],
    ids=["training", "advice", "official"],
)
def test_taking_any_fact_away_never_turns_a_decision_into_a_better_one(
    facts: dict[str, Any], scheme: str
) -> None:
    assert decided(facts, scheme=scheme).outcome is Outcome.APPROVED
    for path in paths(facts):
        if not path.startswith("findings"):
            less = json.loads(json.dumps(facts))
            put_null(less, path)
            decision = decided(less, scheme=scheme)
            assert decision.outcome is not Outcome.APPROVED or unused(path, decision), path


def put_null(facts: dict[str, Any], path: str) -> None:
    """Take one leaf away; in a list of bare values the whole list goes."""
    put(facts, path.rsplit("[", 1)[0] if path.endswith("]") else path, None)


def unused(path: str, decision: Decision) -> bool:
    """Whether no rule of this decision rests on the fact."""
    if "recognitions" in path or path.startswith("enterprise.nace_codes[0]") or path.endswith(".main"):
        return True  # another item of a list than the one that counts, or what the number's letter repeats
    whole = path.removesuffix("[0]").replace("[0]", "[]")
    made_of = {name for name, fact in NAMED_FACTS.items() if whole in fact.paths}
    rules = [RULES[rule.rule] for rule in decision.rules if rule.stage == "application"]
    return made_of.isdisjoint(leaf for rule in rules for leaf in leaves(rule, decision.regime))


def test_the_amounts_of_a_refused_application_grant_nothing() -> None:
    decision = decided(example(), "application.form = online")
    assert decision.amounts.as_dict() == {
        "amount": "10000.00",
        "subsidy": None,
        "own_share": None,
        "vat": "2100.00",
        "payable_to_provider": "12100.00",
    }


def test_an_undecided_application_shows_what_it_would_get() -> None:
    decision = decided(example(), "enterprise.size absent")
    assert decision.subsidy is None
    assert decision.as_dict()["if_approved"]["subsidy"] == "4000.00"


@pytest.mark.parametrize(
    ("clauses", "vat"),
    [
        ("application.vat_rate = 21; application.amount = 152.89", "32.11"),
        ("application.vat_rate absent", None),
        ("application.vat_rate absent; application.vat_exempt = true", "0.00"),
        ("application.vat_rate = 6", "600.00"),
    ],
)
def test_vat_is_as_an_invoice_rounds_it_and_never_blocks(clauses: str, vat: str | None) -> None:
    decision = decided(example(), clauses)
    assert decision.outcome is Outcome.APPROVED
    assert decision.amounts.as_dict()["vat"] == vat


def test_every_rule_carries_its_sources_inputs_and_the_figures_it_used() -> None:
    rules = {rule.rule: rule for rule in decided(example()).rules}
    assert all(rule.sources for rule in rules.values())
    assert rules["applied_in_time"].inputs == {"applied_on": "2026-03-02", "last_day_to_apply": "2026-03-23"}
    assert rules["amount_reaches_minimum"].parameters == {"minimum_amount": "100.00"}
    assert rules["amount_reaches_minimum"].inputs == {"amount": "10000.00", "service": "training"}


def test_what_is_missing_is_named_once_with_every_rule_that_waits_for_it() -> None:
    (item,) = decided(example(), "application.starts_on absent").missing
    assert item.fact == "application.starts_on"
    assert item.rules == ("applied_in_time", "agreed_in_time")
    assert item.question == "Wanneer begint de dienst?"


def test_nothing_known_asks_for_everything_and_approves_nothing() -> None:
    decision = decided({})
    assert decision.outcome is Outcome.CANNOT_DECIDE
    assert {rule.verdict for rule in decision.rules if rule.stage == "application"} == {Verdict.UNKNOWN}
    assert len(decision.missing) == len({item.fact for item in decision.missing}) > 12


@pytest.mark.parametrize(("met", "outcome"), [(True, Outcome.APPROVED), (False, Outcome.REFUSED)])
def test_a_finding_of_the_office_settles_what_the_facts_leave_open(met: bool, outcome: Outcome) -> None:
    facts = example() | {
        "findings": [{"rule": "brussels_works_in_flanders", "met": met, "reason": "Bezocht."}]
    }
    decision = decided(facts, "enterprise.region = brussels; enterprise.flemish_establishment = false")
    assert decision.outcome is outcome
    (rule,) = [rule for rule in decision.rules if rule.rule == "brussels_works_in_flanders"]
    assert (rule.found_by, rule.reason) == ("office", "Bezocht.")


def test_a_finding_changes_nothing_about_what_the_facts_settle() -> None:
    facts = example() | {"findings": [{"rule": "not_online", "met": True}]}
    assert decided(facts, "application.form = online").outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    "findings",
    [
        [{"rule": "no_such_rule", "met": True}],
        [{"rule": "attended_enough", "met": True}],
        [{"rule": "not_online"}],
        [{"rule": "not_online", "met": True}, {"rule": "not_online", "met": False}],
    ],
)
def test_a_finding_about_nothing_is_refused(findings: list[dict[str, Any]]) -> None:
    with pytest.raises(FactsRefused, match=r"findings\["):
        decided(example() | {"findings": findings})


def test_the_record_is_canonical_and_the_digest_is_over_it() -> None:
    decision = decided(example())
    stored = json.loads(decision.record)
    assert decision.record == canonical(stored)
    assert decision.digest == hashlib.sha256(decision.record).hexdigest()
    assert b"Je " not in decision.record


def test_the_order_and_notation_of_the_facts_do_not_matter() -> None:
    turned = {name: dict(reversed(list(group.items()))) for name, group in reversed(list(example().items()))}
    turned["enterprise"]["number"] = "BE 0123 456 749"
    turned["application"]["amount"] = 10000
    turned["application"]["theme"] = "financial_literacy"
    turned["application"]["vat_exempt"] = None
    assert decided(turned).digest == decided(example()).digest


@pytest.mark.parametrize(
    "clauses",
    ["application.amount = 10000.01", "on 2026-03-03", "application.name = X", "enterprise.kind absent"],
)
def test_every_change_of_a_fact_changes_the_digest(clauses: str) -> None:
    assert decided(example(), clauses).digest != decided(example()).digest


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_stored_decision_replays_to_the_same_bytes(path: Path) -> None:
    record = path.read_bytes()
    assert replay(record).record == record


def test_the_stored_decisions_show_every_outcome_of_both_schemes() -> None:
    shown = {
        (stored["scheme"], stored["outcome"]) for stored in (json.loads(path.read_bytes()) for path in CORPUS)
    }
    assert len(CORPUS) >= 12
    assert shown == {(scheme, str(outcome)) for scheme in ("gids", "kmo-portefeuille") for outcome in Outcome}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"subsidy":"4000.00"', b'"subsidy":"4000.01"'),
        (b'"outcome":"approved"', b'"outcome":"refused"'),
        (b'"amount":"10000.00"', b'"amount":"10000.0"'),
        (b'{"amounts"', b'{ "amounts"'),
    ],
)
def test_an_altered_record_does_not_replay(old: bytes, new: bytes) -> None:
    record = decided(example()).record
    assert old in record
    with pytest.raises(ReplayDiffers):
        replay(record.replace(old, new, 1))


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 200_000,
        b" " * 4_000_001,
        b'{"form":1,"scheme":"gids","applied_on":"2026-13-01","facts":{}}',
        b'{"form":1,"scheme":"gids","applied_on":"2026-03-02","facts":[]}',
    ],
    ids=["empty", "bytes", "list", "nothing", "deep", "large", "no day", "no facts"],
)
def test_what_is_no_record_is_refused(record: bytes) -> None:
    with pytest.raises(ReplayDiffers):
        replay(record)


def test_a_regime_that_changed_since_does_not_replay() -> None:
    record = decided(example()).record
    assert load_scheme("gids").on(APPLIED_ON).digest.encode() in record
    with pytest.raises(ReplayDiffers):
        replay(record, scheme=with_ceiling("5000.00"))


def test_a_scheme_that_does_not_ship_decides_and_replays() -> None:
    scheme = with_ceiling("5000.00")
    decision = decide(example() | {}, scheme=scheme, on=APPLIED_ON)
    assert replay(decision.record, scheme=scheme).digest == decision.digest


def test_a_regime_without_a_figure_that_it_needs_is_refused() -> None:
    with pytest.raises(RegimeRefused, match="ceiling"):
        decide(example(), scheme=with_ceiling(None), on=APPLIED_ON)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_day_outside_any_calendar_in_use_is_refused(day: date) -> None:
    with pytest.raises(FactsRefused):
        decide(example(), scheme=load_scheme("gids"), on=day)


def test_a_day_without_a_regime_is_refused() -> None:
    with pytest.raises(NoRegime):
        decide(example(), scheme=load_scheme("kmo-portefeuille"), on=date(2016, 3, 31))


def with_ceiling(euros: str | None) -> Any:
    """A scheme of one small regime, as an administrator could publish it."""
    figures = {
        "subsidy_rate": {"unit": "basis_points", "value": "40.00", "sources": ["X"]},
        "ceiling": {"unit": "euro", "value": euros, "sources": ["X"]},
    }
    if euros is None:
        del figures["ceiling"]
    data = {
        "regime": {"key": "gids", "title": "Proef"},
        "rules": {"application": {"ceiling_has_room": ["X"]}},
        "parameter": figures,
    }
    return read_scheme(
        "gids", {"title": "Proef", "source": {"X": {"title": "X"}}}, [data], load_scheme("gids").texts
    )


def test_the_record_can_be_taken_out_of_the_answer_for_people() -> None:
    decision = decided(example())
    assert recorded(json.loads(json.dumps(decision.as_dict()))) == decision.record


@pytest.mark.parametrize("rules", [None, {}, [1]])
def test_an_answer_without_rules_holds_no_record(rules: object) -> None:
    with pytest.raises(ReplayDiffers):
        recorded(decided(example()).as_dict() | {"rules": rules})


@pytest.mark.parametrize("value", [float("nan"), "\ud800"])
def test_an_answer_that_no_decision_could_give_holds_no_record(value: object) -> None:
    with pytest.raises(ReplayDiffers):
        recorded(decided(example()).as_dict() | {"facts": {"application": {"name": value}}})
