"""The official series since 2016: its rates, ceilings and conditions through time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.core.rules.cases import OFFICE_FOUND_ACTIVITY, advice, official, put, scenarios, summed_up

from portefeuille.core.rules import Outcome, decide, load_scheme

OFFICIAL = load_scheme("kmo-portefeuille")

# Application date, size, theme -> subsidy on a training of 10,000.00 (what the rate and the ceiling leave of it).
RATES = """
2016-04-01 small  innovation        -> 4000.00
2016-04-01 medium innovation        -> 3000.00
2019-11-30 small  cybersecurity     -> 4000.00
2019-12-01 small  innovation        -> 3000.00
2019-12-01 medium innovation        -> 2000.00
2021-09-12 small  cybersecurity     -> 3000.00
2021-09-13 small  cybersecurity     -> 4500.00
2021-09-13 medium cybersecurity     -> 3500.00
2021-09-13 small  energy_efficiency -> 3000.00
2023-03-14 small  energy_efficiency -> 3000.00
2023-03-15 small  energy_efficiency -> 4500.00
2023-03-15 medium energy_efficiency -> 3500.00
2024-06-01 medium innovation        -> 2000.00
2026-01-15 small  cybersecurity     -> 4500.00
2026-03-02 small  energy_efficiency -> 4500.00
2026-03-02 medium innovation        -> 2000.00
"""

# Application date, size -> subsidy on a training of 100,000.00: the ceiling of the calendar year.
CEILINGS = """
2016-04-01 small  -> 10000.00
2016-04-01 medium -> 15000.00
2019-12-31 small  -> 10000.00
2019-12-31 medium -> 15000.00
2020-01-01 small  -> 7500.00
2020-01-01 medium -> 7500.00
2026-03-02 small  -> 7500.00
"""


def applied(facts: dict[str, Any], day: str, *clauses: str) -> str:
    """The outcome of an application on that day for a service that starts that day."""
    on = date.fromisoformat(day)
    for name in ("agreement_on", "starts_on", "ends_on"):
        put(facts, f"application.{name}", day)
    for index in (0, 1):
        put(facts, f"provider.recognitions[{index}].valid_from", "2015-01-01")
        put(facts, f"provider.recognitions[{index}].valid_to", None)
    for clause in clauses:
        path, _, value = clause.partition(" = ")
        put(facts, path, {"true": True, "false": False, "absent": None}.get(value, value))
    return summed_up(decide(facts, scheme=OFFICIAL, on=on))


@pytest.mark.parametrize(("case", "subsidy"), scenarios(RATES))
def test_the_rate_of_the_application_date(case: str, subsidy: str) -> None:
    day, size, theme = case.split()
    outcome = applied(official(), day, f"enterprise.size = {size}", f"application.theme = {theme}")
    assert outcome.startswith(f"approved: subsidy {subsidy},")


@pytest.mark.parametrize(("case", "subsidy"), scenarios(CEILINGS))
def test_the_ceiling_of_the_application_date(case: str, subsidy: str) -> None:
    day, size = case.split()
    outcome = applied(official(), day, f"enterprise.size = {size}", "application.amount = 100000.00")
    assert outcome.startswith(f"approved: subsidy {subsidy},")


CONDITIONS = """
2022-05-02 application.theme = other                            -> approved: subsidy 3000.00, own share 7000.00
2023-01-01 application.theme = other                            -> refused: theme_accepted
2023-01-01 application.theme = job_specific_skills              -> cannot_decide: job_training_listed
2020-06-30 application.subject = shiatsu                        -> approved: subsidy 3000.00, own share 7000.00
2020-07-01 application.subject = shiatsu                        -> refused: subject_not_excluded
2021-07-13 application.subject = pendulum                       -> approved: subsidy 3000.00, own share 7000.00
2021-07-14 application.subject = pendulum                       -> refused: subject_not_excluded
2026-03-02 application.subject = absent                         -> cannot_decide: subject_not_excluded
2026-03-02 application.form = distance_live                     -> approved: subsidy 3000.00, own share 7000.00
2026-03-02 application.form = online                            -> refused: not_online
2026-03-02 application.is_related_party = true                  -> refused: provider_unrelated
2026-03-02 application.is_related_party = absent                -> cannot_decide: provider_unrelated
2026-03-02 application.ends_on = 2027-12-31                     -> approved: subsidy 3000.00, own share 7000.00
2026-03-02 application.ends_on = 2028-01-01                     -> refused: ends_in_time
2026-03-02 application.agreement_on = 2026-03-03                -> refused: agreed_before_applying
2026-03-02 enterprise.flemish_establishment = false             -> refused: establishment_in_flanders
2026-03-02 enterprise.region = brussels                         -> approved: subsidy 3000.00, own share 7000.00
2026-03-02 application.participants[0].works_in_flanders = false -> refused: people_work_in_flanders
2026-03-02 enterprise.size = large                              -> refused: small_or_medium, ceiling_has_room
2026-03-02 enterprise.is_work_integration = absent              -> cannot_decide: small_or_medium, ceiling_has_room
2025-12-31 enterprise.is_work_integration = absent              -> approved: subsidy 3000.00, own share 7000.00
"""


@pytest.mark.parametrize(("case", "outcome"), scenarios(CONDITIONS))
def test_a_condition_of_the_application_date(case: str, outcome: str) -> None:
    day, clause = case.split(" ", 1)
    assert applied(official(), day, clause) == outcome


ADVICE = """
2026-01-31 cybersecurity     -> approved: subsidy 4500.00, own share 5500.00
2026-01-31 energy_efficiency -> approved: subsidy 4500.00, own share 5500.00
2026-01-31 innovation        -> approved: subsidy 3000.00, own share 7000.00
2026-02-01 cybersecurity     -> approved: subsidy 4500.00, own share 5500.00
2026-02-01 energy_efficiency -> refused: theme_accepted
2026-02-01 innovation        -> refused: theme_accepted
"""


@pytest.mark.parametrize(("case", "outcome"), scenarios(ADVICE))
def test_advice_is_for_cybersecurity_only_since_february_2026(case: str, outcome: str) -> None:
    day, theme = case.split()
    facts = advice() | {"findings": OFFICE_FOUND_ACTIVITY}
    assert applied(facts, day, f"application.theme = {theme}") == outcome


COMPANIES = """
2026-03-02 610 false -> approved: subsidy 3000.00, own share 7000.00
2026-03-02 014 false -> approved: subsidy 3000.00, own share 7000.00
2026-03-02 017 false -> refused: legal_form_not_refused
2026-03-02 411 false -> refused: legal_form_not_refused
2026-03-02 702 false -> cannot_decide: legal_form_listed
2026-03-02 999 false -> cannot_decide: legal_form_listed
2026-03-02 017 true  -> approved: subsidy 3000.00, own share 7000.00
2025-12-31 017 true  -> refused: legal_form_not_refused
"""


@pytest.mark.parametrize(("case", "outcome"), scenarios(COMPANIES))
def test_the_legal_form_of_a_company(case: str, outcome: str) -> None:
    day, form, work_integration = case.split()
    clauses = ("enterprise.kind = company", "enterprise.public_share = 0", f"enterprise.legal_form = {form}")
    work = f"enterprise.is_work_integration = {work_integration}"
    assert applied(official(), day, *clauses, work) == outcome


@pytest.mark.parametrize(
    ("theme", "subsidy"),
    [("innovation", "2000.00"), ("cybersecurity", "3500.00"), ("energy_efficiency", "3500.00")],
)
@pytest.mark.parametrize("day", ["2026-01-15", "2026-03-02"])
def test_a_large_work_integration_enterprise_may_apply_since_2026(day: str, theme: str, subsidy: str) -> None:
    clauses = (
        "enterprise.size = large",
        "enterprise.is_work_integration = true",
        f"application.theme = {theme}",
    )
    assert applied(official(), day, *clauses).startswith(f"approved: subsidy {subsidy},")


@pytest.mark.parametrize(("share", "approved"), [("24.99", True), ("25.00", False), ("25", False)])
def test_public_administrations_hold_less_than_a_quarter(share: str, approved: bool) -> None:
    clauses = (
        "enterprise.kind = company",
        "enterprise.legal_form = 610",
        f"enterprise.public_share = {share}",
    )
    outcome = applied(official(), "2026-03-02", *clauses)
    assert outcome.startswith("approved") if approved else outcome == "refused: privately_held"


ACTIVITIES = """
01110 -> refused: activity_not_excluded
46110 -> approved: subsidy 3000.00, own share 7000.00
69101 -> approved: subsidy 3000.00, own share 7000.00
86210 -> approved: subsidy 3000.00, own share 7000.00
70220 -> cannot_decide: activity_on_list
64190 -> cannot_decide: activity_on_list
84110 -> cannot_decide: activity_on_list
"""


@pytest.mark.parametrize(("code", "outcome"), scenarios(ACTIVITIES))
def test_an_activity_that_no_source_names_is_for_the_office(code: str, outcome: str) -> None:
    facts = official() | {"findings": []}
    facts["enterprise"]["nace_codes"] = [{"version": "2008", "code": code}]
    assert applied(facts, "2026-03-02", f"application.activity_nace.code = {code}") == outcome


# The list is written in NACE-BEL 2008: of a code of 2025 it says neither yes nor no, whatever the code means.
ONLY_2025 = """
01110 -> cannot_decide: activity_on_list
46110 -> cannot_decide: activity_on_list
69101 -> cannot_decide: activity_on_list
70200 -> cannot_decide: activity_on_list
"""


@pytest.mark.parametrize(("code", "outcome"), scenarios(ONLY_2025))
@pytest.mark.parametrize("day", ["2016-04-01", "2020-01-01", "2026-03-02"])
def test_an_enterprise_with_codes_of_2025_only_is_to_be_reviewed(day: str, code: str, outcome: str) -> None:
    facts = official() | {"findings": []}
    facts["enterprise"]["nace_codes"] = [{"version": "2025", "code": code, "main": True}]
    facts["application"]["activity_nace"] = {"version": "2025", "code": code}
    assert applied(facts, day) == outcome


def test_the_review_says_why_and_what_to_do_and_the_office_settles_it() -> None:
    facts = official() | {"findings": []}
    facts["enterprise"]["nace_codes"] = [{"version": "2025", "code": "70200"}]
    facts["application"]["activity_nace"] = {"version": "2025", "code": "70200"}
    decision = decide(facts, scheme=OFFICIAL, on=date(2026, 3, 2))
    [open_] = [rule for rule in decision.rules if rule.verdict == "unknown"]
    assert "NACE-BEL 2025" in open_.reason
    assert "codes van 2008" in open_.reason
    assert "de administratie zoekt op" in open_.cure
    assert [(item.fact, item.by) for item in decision.missing] == [("findings.activity_on_list", "office")]
    for met, outcome in ((True, Outcome.APPROVED), (False, Outcome.REFUSED)):
        facts["findings"] = [{"rule": "activity_on_list", "met": met, "reason": "Opgezocht."}]
        assert decide(facts, scheme=OFFICIAL, on=date(2026, 3, 2)).outcome is outcome


def test_a_code_of_2008_beside_one_of_2025_is_decided_as_ever() -> None:
    facts = official() | {"findings": []}
    facts["enterprise"]["nace_codes"] = [
        {"version": "2025", "code": "70200"},
        {"version": "2008", "code": "46110"},
    ]
    assert applied(facts, "2026-03-02", "application.activity_nace.code = 46110").startswith("approved")


@pytest.mark.parametrize("scheme", ["gids", "kmo-portefeuille"])
def test_a_code_of_2008_is_not_compared_with_codes_of_2025(scheme: str) -> None:
    facts = official() | {"findings": []}
    facts["enterprise"]["nace_codes"] = [{"version": "2025", "code": "46110"}]
    facts["application"]["activity_nace"] = {"version": "2008", "code": "46110"}
    decision = decide(facts, scheme=load_scheme(scheme), on=date(2026, 3, 2))
    assert summed_up(decision) == "cannot_decide: activity_is_registered"
    [open_] = [rule for rule in decision.rules if rule.verdict == "unknown"]
    assert "andere versie" in open_.reason
    assert open_.cure


def test_what_the_sources_leave_open_is_marked() -> None:
    decision = decide(official(), scheme=OFFICIAL, on=date(2026, 3, 2))
    assert decision.outcome is Outcome.APPROVED
    assert {reading.reading for reading in decision.our_reading} >= {"activities_named", "excluded_subjects"}


def test_weak_figures_say_so() -> None:
    assert OFFICIAL.on(date(2026, 3, 2)).parameter("activity_listing").confidence == "medium"
    assert OFFICIAL.regime("kmop-2023-energy").approximate == ("valid_from",)
