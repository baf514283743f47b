"""The guide's conditions, line by line: what is different about a good application, and what comes out."""

# A scenario is one line, however long.
# ruff: noqa: E501

from __future__ import annotations

import pytest
from tests.core.rules.cases import advice, decided, example, scenarios, summed_up

from portefeuille.core.rules import Verdict

# Start: a self-employed person in Flanders applies on 2026-03-02 for a training of 10,000.00 that starts on
# 2026-03-09; the wallet was used in 2025 and nothing was granted yet in 2026.
TRAINING = """
as it is                                             -> approved: subsidy 4000.00, own share 6000.00

# The amount, and the ceiling of 4,000 euro a calendar year
application.amount = 1000.00                         -> approved: subsidy 400.00, own share 600.00
application.amount = 12000.00                        -> approved: subsidy 4000.00, own share 8000.00
application.amount = 10000.01                        -> approved: subsidy 4000.00, own share 6000.01
application.amount = 100.00                          -> approved: subsidy 40.00, own share 60.00
application.amount = 100.01                          -> approved: subsidy 40.00, own share 60.01
application.amount = 100.02                          -> approved: subsidy 40.00, own share 60.02
application.amount = 100.03                          -> approved: subsidy 40.01, own share 60.02
application.amount = 99.99                           -> refused: amount_reaches_minimum
application.amount = 0                               -> refused: amount_reaches_minimum
enterprise.subsidy_granted_this_year = 3999.99       -> approved: subsidy 0.01, own share 9999.99
enterprise.subsidy_granted_this_year = 1500.00       -> approved: subsidy 2500.00, own share 7500.00
enterprise.subsidy_granted_this_year = 4000.00       -> refused: ceiling_has_room
enterprise.subsidy_granted_this_year = 4000.01       -> refused: ceiling_has_room

# Before the start, or at most 14 days after it
on 2026-03-08                                        -> approved: subsidy 4000.00, own share 6000.00
on 2026-03-22                                        -> approved: subsidy 4000.00, own share 6000.00
on 2026-03-23                                        -> approved: subsidy 4000.00, own share 6000.00
on 2026-03-24                                        -> refused: applied_in_time
application.agreement_on = 2026-03-23; on 2026-03-23 -> approved: subsidy 4000.00, own share 6000.00
application.agreement_on = 2026-03-24                -> refused: agreed_in_time
application.agreement_on = 2025-01-01                -> approved: subsidy 4000.00, own share 6000.00

# Two years of use, then one without
enterprise.used_years = []                           -> approved: subsidy 4000.00, own share 6000.00
enterprise.used_years = [2024]                       -> approved: subsidy 4000.00, own share 6000.00
enterprise.used_years = [2024, 2025]                 -> refused: year_is_open
enterprise.used_years = [2025, 2024, 2026]           -> refused: year_is_open
enterprise.used_years = [2023, 2024]                 -> approved: subsidy 4000.00, own share 6000.00
enterprise.used_years = [2023, 2025]                 -> approved: subsidy 4000.00, own share 6000.00
enterprise.used_years = [2025, 2026]                 -> approved: subsidy 4000.00, own share 6000.00

# No online courses, and a live teacher at a distance is online too
application.form = in_house                          -> approved: subsidy 4000.00, own share 6000.00
application.form = online                            -> refused: not_online
application.form = distance_live                     -> refused: not_online

# Who may use it
enterprise.kind = company                            -> approved: subsidy 4000.00, own share 6000.00
enterprise.kind = not_self_employed                  -> refused: runs_an_enterprise
enterprise.size = medium                             -> approved: subsidy 4000.00, own share 6000.00
enterprise.size = large                              -> refused: small_or_medium
enterprise.is_active = false                         -> refused: active_in_register
enterprise.is_active absent; enterprise.situation = "000" -> approved: subsidy 4000.00, own share 6000.00
enterprise.is_active absent; enterprise.situation = "050" -> cannot_decide: active_in_register
enterprise.region = netherlands                      -> refused: region_served
enterprise.region = wallonia                         -> refused: region_served
enterprise.region = other                            -> refused: region_served

# Brussels: the office looks at it, unless an establishment and the people are known to be in Flanders
enterprise.region = brussels                         -> approved: subsidy 4000.00, own share 6000.00
enterprise.region = brussels; enterprise.flemish_establishment absent -> cannot_decide: brussels_works_in_flanders
enterprise.region = brussels; enterprise.flemish_establishment = false -> cannot_decide: brussels_works_in_flanders
enterprise.region = brussels; application.participants[0].works_in_flanders = false -> cannot_decide: brussels_works_in_flanders
enterprise.region = brussels; application.participants[0].works_in_flanders absent -> cannot_decide: brussels_works_in_flanders
# In Flanders itself neither is asked
enterprise.flemish_establishment absent; application.participants[0].works_in_flanders absent -> approved: subsidy 4000.00, own share 6000.00

# The activity: one that is registered, and the applicant's own statement
application.activity_nace.code = 62.010              -> refused: activity_is_registered
application.activity_nace.version = "2025"           -> refused: activity_is_registered
application.activity_nace.code = "70220"             -> approved: subsidy 4000.00, own share 6000.00
application.activity_nace.code absent                -> cannot_decide: activity_is_registered
enterprise.nace_codes absent                         -> cannot_decide: activity_is_registered
application.supports_activity = false                -> refused: training_supports_activity

# A tie to the enterprise
application.participants = [{"tie": "payroll"}, {"tie": "assisting"}] -> approved: subsidy 4000.00, own share 6000.00
application.participants = [{"tie": "payroll"}, {"tie": "none"}]      -> refused: participants_tied
application.participants = [{"tie": "payroll"}, {}]                   -> cannot_decide: participants_tied
application.participants = []                                         -> cannot_decide: participants_tied

# The provider, recognised for that very service on the application date
provider.number = DV.A220518                         -> refused: number_fits_service
provider.number = DV.O111111                         -> refused: provider_recognised
provider.recognitions = []                           -> refused: provider_recognised
provider.recognitions[0].valid_to = 2026-03-02       -> approved: subsidy 4000.00, own share 6000.00
provider.recognitions[0].valid_to = 2026-03-01       -> refused: provider_recognised
provider.recognitions[0].valid_from = 2026-03-02     -> approved: subsidy 4000.00, own share 6000.00
provider.recognitions[0].valid_from = 2026-03-03     -> refused: provider_recognised
provider.recognitions[0].valid_to absent             -> approved: subsidy 4000.00, own share 6000.00
provider.recognitions[0].valid_from absent           -> cannot_decide: provider_recognised
provider.recognitions[0].service absent              -> approved: subsidy 4000.00, own share 6000.00

# Unknown is never yes
application.amount absent                            -> cannot_decide: amount_reaches_minimum
application.starts_on absent                         -> cannot_decide: applied_in_time, agreed_in_time
enterprise.size absent                               -> cannot_decide: small_or_medium
provider absent                                      -> cannot_decide: number_fits_service, provider_recognised
# but what is certainly not met refuses, whatever else is unknown
enterprise.size absent; application.amount = 5.00    -> refused: amount_reaches_minimum
"""

# Open-ended: the guide decides on any application date.
ANY_DATE = """
on 2015-06-01; application.starts_on = 2015-06-01; application.ends_on = 2015-06-02; application.agreement_on = 2015-06-01; enterprise.used_years = []; provider.recognitions[0].valid_from = 2014-01-01 -> approved: subsidy 4000.00, own share 6000.00
on 2039-12-31; application.starts_on = 2040-01-01; application.ends_on = 2040-01-02; application.agreement_on = 2039-12-31; enterprise.used_years = []; provider.recognitions[0].valid_to absent -> approved: subsidy 4000.00, own share 6000.00
"""

ADVICE = """
as it is                                             -> approved: subsidy 4000.00, own share 6000.00
application.amount = 500.00                          -> approved: subsidy 200.00, own share 300.00
application.amount = 499.99                          -> refused: amount_reaches_minimum
application.concerns_enterprise = false              -> refused: advice_concerns_enterprise
application.concerns_enterprise absent               -> cannot_decide: advice_concerns_enterprise
application.form = online                            -> approved: subsidy 4000.00, own share 6000.00
application.participants[0].tie = none               -> refused: participants_tied
provider.number = DV.O218693                         -> refused: number_fits_service
provider.recognitions[1].valid_to = 2026-03-01       -> refused: provider_recognised
"""


@pytest.mark.parametrize(("different", "outcome"), scenarios(TRAINING) + scenarios(ANY_DATE))
def test_training(different: str, outcome: str) -> None:
    assert summed_up(decided(example(), different)) == outcome


@pytest.mark.parametrize(("different", "outcome"), scenarios(ADVICE))
def test_advice(different: str, outcome: str) -> None:
    assert summed_up(decided(advice(), different)) == outcome


def test_attendance_is_still_to_prove_and_never_blocks() -> None:
    decision = decided(example())
    verdicts = {rule.rule: rule.verdict for rule in decision.rules if rule.stage != "application"}
    assert verdicts == dict.fromkeys(
        ("attended_enough", "deposited_in_time", "provider_paid_in_full"), Verdict.STILL_TO_PROVE
    )


def test_an_advice_has_no_rule_about_attendance_or_online_courses() -> None:
    names = {rule.rule for rule in decided(advice()).rules}
    assert names.isdisjoint({"attended_enough", "not_online", "training_supports_activity"})
    assert "advice_concerns_enterprise" in names


def test_the_right_number_is_offered_for_an_advice_number_on_a_training() -> None:
    (wrong,) = decided(example(), "provider.number = DV.A220518").not_met()
    assert wrong.cure == "Gebruik DV.O218693: dat is het nummer van deze dienstverlener voor opleiding."


def test_no_number_is_offered_that_is_not_recognised_that_day() -> None:
    decision = decided(
        example(), "provider.number = DV.A220518; provider.recognitions[0].valid_to = 2026-03-01"
    )
    cures = {rule.rule: rule.cure for rule in decision.not_met()}
    assert set(cures) == {"number_fits_service", "provider_recognised"}
    assert not any("DV.O218693" in cure for cure in cures.values())


@pytest.mark.parametrize(
    ("region", "pointer"),
    [("netherlands", "Belastingdienst"), ("wallonia", "chèques-entreprises"), ("other", "eigen land")],
)
def test_who_is_elsewhere_gets_an_answer_of_their_own(region: str, pointer: str) -> None:
    (rule,) = decided(example(), f"enterprise.region = {region}").not_met()
    assert pointer in rule.cure


def test_who_is_not_self_employed_is_pointed_to_another_scheme() -> None:
    (rule,) = decided(example(), "enterprise.kind = not_self_employed").not_met()
    assert "opleidingscheques" in rule.cure


def test_brussels_asks_the_office_when_the_facts_are_there_but_do_not_settle_it() -> None:
    decision = decided(example(), "enterprise.region = brussels; enterprise.flemish_establishment = false")
    assert [(item.fact, item.by) for item in decision.missing] == [
        ("findings.brussels_works_in_flanders", "office")
    ]


def test_brussels_asks_the_applicant_for_what_is_absent() -> None:
    decision = decided(example(), "enterprise.region = brussels; enterprise.flemish_establishment absent")
    assert [(item.fact, item.by) for item in decision.missing] == [
        ("enterprise.flemish_establishment", "applicant")
    ]


def test_our_readings_are_marked_on_the_rules_they_touch() -> None:
    decision = decided(example())
    marked = {rule.rule: rule.our_reading for rule in decision.rules if rule.our_reading}
    assert marked["year_is_open"] == ("calendar_year", "year_of_use")
    assert {reading.reading for reading in decision.our_reading} >= {
        "above_the_room",
        "rounded_down",
        "deposit_term",
        "distance_is_online",
        "own_statement",
    }
