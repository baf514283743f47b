"""Each rule by itself: unknown for every input it lacks, and its boundaries."""

from __future__ import annotations

from datetime import date

import pytest
from tests.core.rules.cases import leaves

from portefeuille.core.rules import SCHEMES, Regime, Verdict, judge, load_scheme
from portefeuille.core.rules.graph import QUANTITIES, RULES, Node
from portefeuille.core.rules.named_facts import NAMED_FACTS
from portefeuille.core.rules.terms import Service, Unit, Value

GIDS = load_scheme("gids").on(date(2026, 3, 2))
REGIMES = [regime for key in SCHEMES for regime in load_scheme(key).regimes if not regime.supplement]
DAY = date(2026, 3, 2).toordinal()


def some_value(name: str) -> Value:
    """A value of the right kind for a fact; which one does not matter to a test of what is unknown."""
    fact = NAMED_FACTS[name]
    if fact.unit is Unit.FLAG:
        return True
    if fact.unit is Unit.WORD:
        return "610" if name == "legal_form" else "2008:70220"
    if fact.unit is Unit.DAY:
        return DAY
    return 2 if fact.unit is Unit.SET else 1


def facts_where_it_applies(item: Node, regime: Regime) -> dict[str, Value | None]:
    """Facts under which the rule applies: some first words of the choices make each ``when`` true."""
    facts: dict[str, Value | None] = {name: some_value(name) for name in NAMED_FACTS}
    wanted: dict[str, dict[str, Value]] = {
        "is_advice": {"service": int(Service.ADVICE)},
        "is_company": {"enterprise_kind": 2},
        "legal_form_counts": {"is_work_integration": False},
        "seat_in_brussels": {"seat_region": 2},
        "is_job_specific": {"theme": 2},
    }
    for flag in item.when:
        facts |= wanted.get(flag, {})
    return facts


CASES = [
    (regime, applied.name, fact)
    for regime in REGIMES
    for applied in regime.rules
    for fact in leaves(RULES[applied.name], regime)
]


@pytest.mark.parametrize(
    ("regime", "rule", "fact"), CASES, ids=[f"{regime.key}-{rule}-{fact}" for regime, rule, fact in CASES]
)
def test_a_rule_that_lacks_an_input_is_unknown(regime: Regime, rule: str, fact: str) -> None:
    facts = facts_where_it_applies(RULES[rule], regime)
    assert judge(rule, {**facts, fact: None}, regime) is Verdict.UNKNOWN


@pytest.mark.parametrize("regime", REGIMES, ids=lambda regime: regime.key)
def test_every_rule_has_a_verdict_once_all_its_inputs_are_there(regime: Regime) -> None:
    for applied in regime.rules:
        item = RULES[applied.name]
        verdict = judge(item.name, facts_where_it_applies(item, regime), regime)
        assert verdict is not Verdict.UNKNOWN or item.office_looks


def test_every_rule_is_applied_by_a_regime_and_rests_on_a_fact() -> None:
    applied = {rule.name for regime in REGIMES for rule in regime.rules}
    assert applied == set(RULES)
    assert all(leaves(RULES[rule.name], regime) for regime in REGIMES for rule in regime.rules)


def test_every_input_of_every_rule_and_quantity_is_a_fact_or_another_of_them() -> None:
    for item in [*RULES.values(), *QUANTITIES.values()]:
        for need in [*item.inputs, *item.when]:
            assert need in NAMED_FACTS or need in QUANTITIES, f"{item.name} asks for {need}"


def test_every_rule_and_quantity_says_what_it_is() -> None:
    assert all(item.function.__doc__ for item in [*RULES.values(), *QUANTITIES.values()])


@pytest.mark.parametrize(
    ("days_after_start", "verdict"),
    [(-400, "met"), (0, "met"), (13, "met"), (14, "met"), (15, "not met"), (400, "not met")],
)
def test_an_application_is_in_time_until_the_fourteenth_day_after_the_start(
    days_after_start: int, verdict: str
) -> None:
    assert judge("applied_in_time", {"applied_on": DAY + days_after_start, "starts_on": DAY}, GIDS) == verdict


@pytest.mark.parametrize(
    ("service", "cents", "verdict"),
    [
        (Service.TRAINING, 9_999, "not met"),
        (Service.TRAINING, 10_000, "met"),
        (Service.ADVICE, 49_999, "not met"),
        (Service.ADVICE, 50_000, "met"),
    ],
)
def test_the_minimum_depends_on_the_service(service: int, cents: int, verdict: str) -> None:
    assert judge("amount_reaches_minimum", {"service": service, "amount": cents}, GIDS) == verdict


@pytest.mark.parametrize(
    ("history", "verdict"),
    [(0b00, "met"), (0b01, "met"), (0b10, "met"), (0b11, "not met"), (0b100, "met"), (0b111, "not met")],
)
def test_a_year_is_closed_after_two_years_of_use(history: int, verdict: str) -> None:
    assert judge("year_is_open", {"use_history": history}, GIDS) == verdict


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [(0, 0, "met"), (1, 9, "not met"), (-9, -1, "not met"), (-9, 0, "met"), (0, 9, "met")],
)
def test_a_recognition_counts_from_its_first_to_its_last_day(first: int, last: int, verdict: str) -> None:
    facts = {"applied_on": DAY, "recognised_from": DAY + first, "recognised_to": DAY + last}
    assert judge("provider_recognised", facts, GIDS) == verdict


@pytest.mark.parametrize(
    ("followed", "given", "verdict"),
    [(79, 100, "not met"), (80, 100, "met"), (4, 5, "met"), (7, 9, "not met"), (0, 0, "met")],
)
def test_attendance_is_judged_later_on_the_hours(followed: int, given: int, verdict: str) -> None:
    facts = {"service": int(Service.TRAINING), "hours_followed": followed, "hours_given": given}
    assert judge("attended_enough", facts, GIDS) == verdict


def test_attendance_does_not_apply_to_advice() -> None:
    assert judge("attended_enough", {"service": int(Service.ADVICE)}, GIDS) is Verdict.MET


@pytest.mark.parametrize(("day", "verdict"), [(29, "met"), (30, "met"), (31, "not met")])
def test_the_own_share_is_due_within_thirty_days(day: int, verdict: str) -> None:
    facts = {"deposit_asked_on": DAY, "deposited_on": DAY + day}
    assert judge("deposited_in_time", facts, GIDS) == verdict


@pytest.mark.parametrize(("cents", "verdict"), [(99_999, "not met"), (100_000, "met")])
def test_the_provider_is_to_be_paid_in_full(cents: int, verdict: str) -> None:
    facts = {"amount": 100_000, "paid_to_provider": cents}
    assert judge("provider_paid_in_full", facts, GIDS) == verdict


@pytest.mark.parametrize(("paid_on", "verdict"), [(date(2027, 12, 31), "met"), (date(2028, 1, 1), "not met")])
def test_the_last_day_to_pay_is_the_end_of_the_next_year(paid_on: date, verdict: str) -> None:
    regime = load_scheme("kmo-portefeuille").on(date(2026, 3, 2))
    assert (
        judge("paid_before_last_day", {"applied_year": 2026, "paid_on": paid_on.toordinal()}, regime)
        == verdict
    )
