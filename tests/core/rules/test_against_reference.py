"""Figure by figure: the schemes that ship against the reference table of regimes that they were made from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portefeuille.core.rules import Regime, load_scheme
from portefeuille.core.rules.terms import Form, Listing, Service, Size, Theme, Tie, Value

OFFICIAL = load_scheme("kmo-portefeuille")
OURS = {
    "guide": load_scheme("gids").regimes[0],
    **{regime.key: regime for regime in OFFICIAL.regimes},
}
LIVE = Form.DISTANCE_LIVE

# What a rule of the reference says, and what of ours must say the same: a figure (name, value) or an applied rule.
SAME: dict[tuple[str, Any], tuple[str, Any] | str] = {
    ("provider_confirmation", "refuse_only"): ("provider_confirmation", "refuse_only"),
    ("size_locked", "first_successful_application_of_calendar_year"): (
        "size_locked",
        "first_successful_application_of_calendar_year",
    ),
    ("deposit_exact", True): ("deposit_mode", "exact"),
    ("topup", "full_after_exact_deposit"): ("deposit_mode", "exact"),
    ("topup", "proportional_after_deposit"): ("deposit_mode", "proportional"),
    ("late_deposit", "lapse"): ("late_deposit", "lapse"),
    ("payment_order", "applicant_100pct"): "provider_paid_in_full",
    ("vat_in_portfolio", False): ("vat_in_wallet", False),
    ("cooldown_years", 0): ("years_off", 0),
    ("cooldown_years", 1): ("years_off", 1),
    ("use_years", 2): ("years_of_use", 2),
    ("catering_max_eur_per_person_day", 25): ("catering_per_person_day", 2_500),
    ("exam_cost_eligible", False): ("exam_cost_eligible", False),
    ("attendance_list", "signed_each_lesson"): "attendance_signed",
    ("attendance_min_pct", 80): ("attendance_rate", 8_000),
    ("related_party_forbidden", True): "provider_unrelated",
    ("cancel_restores_cap", "same_calendar_year_only"): ("cancel_restores_ceiling", "same_year"),
    ("state_aid", "de_minimis_1407_2013"): ("state_aid", "de_minimis_1407_2013"),
    ("state_aid", "de_minimis_2023_2831"): ("state_aid", "de_minimis_2023_2831"),
    ("private_sector_public_share_below_pct", 25): ("public_share_below", 2_500),
    ("nonprofit_excluded", True): "legal_form_not_refused",
    ("excluded_service_count", 16): "subject_not_excluded",
    ("excluded_service_count", 26): "subject_not_excluded",
    ("themes_limited", True): "theme_accepted",
    ("evidence_retention_years", 10): ("evidence_retention_years", 10),
    ("training_must_fit_nace", True): "training_supports_activity",
    ("participant_works_in_enterprise", True): "participants_tied",
    ("region", "flanders"): "region_served",
}
# What has no figure here: how the whole platform works, other rows of the same table, or (the last four) the sign-in.
ELSEWHERE = {
    "rate_by",
    "hourly_cost_cap_eur",
    "quality_chamber",
    "theme_uplift_points",
    "project_amount_for_cap_eur",
    "own_share_pct",
    "wrong_reference",
    "provider_reporting_duty",
    "token_working_days_max",
    "activation_letter_working_days_max",
}


@pytest.fixture(params=sorted(OURS))
def pair(request: pytest.FixtureRequest, shared_data: Path) -> tuple[dict[str, Any], Regime]:
    """A regime of the reference table, and ours of the same name."""
    path = shared_data.parent / "domain" / "regimes.toml"
    told = {row["id"]: row for row in tomllib.loads(path.read_text())["regime"]}
    return told[request.param], OURS[request.param]


def test_no_regime_since_april_2016_is_left_out(shared_data: Path) -> None:
    path = shared_data.parent / "domain" / "regimes.toml"
    told = {
        row["id"] for row in tomllib.loads(path.read_text())["regime"] if str(row["valid_from"]) >= "2016-04"
    }
    assert told == set(OURS)


def test_its_first_and_last_day(pair: tuple[dict[str, Any], Regime]) -> None:
    told, ours = pair
    if told["id"] != "guide":  # which the project applies without end
        assert (told["valid_from"], told.get("valid_to")) == (ours.valid_from, ours.valid_to)


def _kinds(told: str) -> list[tuple[int, bool]]:
    """Size and whether it is a work-integration enterprise, for a size of the reference table."""
    if told == "all":
        return [(Size.SMALL, False), (Size.MEDIUM, False)]
    size, _, kind = told.partition("_")
    return [(Size.of(size), bool(kind))]


def _at(regime: Regime, name: str, **facts: Value) -> Value:
    figure = regime.parameter(name)
    return figure.at(*(facts[axis] for axis in figure.axes))


def _rates(told: dict[str, Any]) -> Iterator[tuple[dict[str, Value], int]]:
    for row in told.get("rate", []):
        services = Service if row["service"] == "all" else [Service(Service.of(row["service"]))]
        theme = Theme.INNOVATION if row["theme"] == "*" else Theme.of(row["theme"])
        for size, is_work in _kinds(row["size"]):
            for service in services:
                if row["theme"] == "*" and service is Service.ADVICE and told["id"] == "kmop-2026-02":
                    continue  # advice outside cybersecurity has no rate any more
                keys: dict[str, Value] = {"service": service, "theme": theme, "size": size}
                yield keys | {"is_work_integration": is_work}, row["pct"] * 100


def test_every_rate(pair: tuple[dict[str, Any], Regime]) -> None:
    told, ours = pair
    compared = [(keys, rate, _at(ours, "subsidy_rate", **keys)) for keys, rate in _rates(told)]
    assert compared
    assert [one for one in compared if one[1] != one[2]] == []


def test_every_ceiling(pair: tuple[dict[str, Any], Regime]) -> None:
    told, ours = pair
    for row in told["cap"]:
        for size, is_work in _kinds(row["size"]):
            assert _at(ours, "ceiling", size=size, is_work_integration=is_work) == row["eur"] * 100, row


def test_every_minimum(pair: tuple[dict[str, Any], Regime]) -> None:
    told, ours = pair
    for row in told.get("minimum", []):
        assert (
            _at(ours, "minimum_amount", service=Service.of(row["service"])) == row["eligible_cost_eur"] * 100
        )


TERMS = {
    "apply_after_start_max": "apply_after_start_days",
    "deposit_own_share": "deposit_term_days",
    "service_ends_by": "service_ends_years_after",
    "paid_by": "payment_last_day_years_after",
    "project_length_max": "project_months",
}


def test_every_term(pair: tuple[dict[str, Any], Regime]) -> None:
    told, ours = pair
    for row in told.get("deadline", []):
        if row["code"] == "apply_from":
            assert "agreed_before_applying" in {rule.name for rule in ours.rules}
        else:
            assert ours.parameter(TERMS[row["code"]]).value == row["value"], row


def test_every_other_rule(pair: tuple[dict[str, Any], Regime]) -> None:
    told, ours = pair
    applied = {rule.name for rule in ours.rules}
    for row in told.get("rule", []):
        key = (row["code"], row["value"])
        if row["code"] in ELSEWHERE or row["code"] in (
            "distance_learning",
            "advice_themes",
            "legal_form_waived_for",
        ):
            continue
        same = SAME[key]
        if isinstance(same, str):
            assert same in applied, row
        else:
            assert ours.parameter(same[0]).value == same[1], row


def test_how_a_training_may_be_given(pair: tuple[dict[str, Any], Regime]) -> None:
    told, ours = pair
    said = {row["value"] for row in told.get("rule", []) if row["code"] == "distance_learning"}
    if said:
        accepted = int(ours.parameter("forms_accepted").value)
        assert bool(accepted >> LIVE & 1) is (said == {"direct_teacher_supervision_or_interaction"})
        assert not accepted >> Form.ONLINE & 1


def test_for_which_themes_advice_may_be_bought(pair: tuple[dict[str, Any], Regime]) -> None:
    told, ours = pair
    if any(row["code"] == "advice_themes" for row in told.get("rule", [])):
        assert _at(ours, "themes_accepted", service=Service.ADVICE) == 1 << Theme.CYBERSECURITY


def test_for_whom_the_legal_form_is_waived(pair: tuple[dict[str, Any], Regime]) -> None:
    told, ours = pair
    waived = any(row["code"] == "legal_form_waived_for" for row in told.get("rule", []))
    figure = ours.find("legal_form_waived")
    if figure is not None:
        assert _at(ours, "legal_form_waived", is_work_integration=True) is waived
        assert _at(ours, "legal_form_waived", is_work_integration=False) is False


def test_ties_and_legal_forms_that_every_regime_shares() -> None:
    for regime in OURS.values():
        if not regime.supplement:
            assert not int(regime.parameter("ties_accepted").value) >> Tie.NONE & 1
    assert OFFICIAL.regimes[0].parameter("legal_form_listing").at("017") == Listing.REFUSED
