"""Schemes and regimes: every day has one regime or a stated gap, every figure a source, and bad data is refused."""

from __future__ import annotations

import copy
import tomllib
from datetime import date, timedelta
from typing import Any

import pytest

from portefeuille.core.errors import NotFound
from portefeuille.core.rules import (
    SCHEMES,
    NoRegime,
    Regime,
    RegimeRefused,
    load_scheme,
    read_regime,
    read_scheme,
)
from portefeuille.core.rules.decisions import needed_parameters
from portefeuille.core.rules.regimes import Gap, Scheme

ALL = [regime for key in SCHEMES for regime in load_scheme(key).regimes]
OFFICIAL = load_scheme("kmo-portefeuille")


@pytest.mark.parametrize("key", SCHEMES)
def test_every_day_has_exactly_one_regime_or_lies_in_a_stated_gap(key: str) -> None:
    scheme = load_scheme(key)
    day, last = date(2006, 1, 1), date(2031, 1, 1)
    while day < last:
        regimes = [regime for regime in scheme.regimes if not regime.supplement and regime.covers(day)]
        gaps = [gap for gap in scheme.gaps if within(gap, day)]
        assert len(regimes) + len(gaps) == 1, day
        day += timedelta(days=1)


def within(gap: Gap, day: date) -> bool:
    return (gap.valid_from or date.min) <= day <= (gap.valid_to or date.max)


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2016, 4, 1), "kmop-2016"),
        (date(2019, 11, 30), "kmop-2016"),
        (date(2019, 12, 1), "kmop-2019-12"),
        (date(2020, 1, 1), "kmop-2020"),
        (date(2020, 7, 1), "kmop-2020-07"),
        (date(2021, 7, 14), "kmop-2021-07"),
        (date(2021, 9, 12), "kmop-2021-07"),
        (date(2021, 9, 13), "kmop-2021-09"),
        (date(2023, 1, 1), "kmop-2023"),
        (date(2023, 3, 15), "kmop-2023-energy"),
        (date(2024, 1, 1), "kmop-2024"),
        (date(2026, 1, 1), "kmop-2026-01"),
        (date(2026, 2, 1), "kmop-2026-02"),
        (date(2030, 1, 1), "kmop-2026-02"),
    ],
)
def test_the_application_date_chooses_the_regime(day: date, key: str) -> None:
    assert OFFICIAL.on(day).key == key


def test_a_day_before_the_first_regime_has_none() -> None:
    with pytest.raises(NoRegime):
        OFFICIAL.on(date(2016, 3, 31))


def test_a_supplement_lies_over_the_regime_in_force() -> None:
    (supplement,) = OFFICIAL.supplements(date(2022, 5, 1))
    assert supplement.key == "verhoging-kmop"
    assert supplement.parameter("ceiling").value == 500_000
    assert OFFICIAL.on(date(2022, 5, 1)).key == "kmop-2021-09"
    assert OFFICIAL.supplements(date(2024, 1, 1)) == ()


def test_the_wallet_finds_its_figures_with_their_sources() -> None:
    guide, official = load_scheme("gids").on(date(2026, 3, 2)), OFFICIAL.on(date(2026, 3, 2))
    assert guide.parameter("deposit_term_days").value == 30
    assert guide.parameter("deposit_mode").value == "proportional"
    assert official.parameter("deposit_mode").value == "exact"
    assert official.parameter("deposit_mode").source == "V13"
    assert guide.find("payment_last_day_years_after") is None
    assert official.parameter("payment_last_day_years_after").value == 1
    for regime in (guide, official):
        assert regime.parameter("cancel_restores_ceiling").value == "same_year"
        assert regime.parameter("late_deposit").value == "lapse"
        assert regime.parameter("vat_in_wallet").value is False


def test_a_figure_that_a_regime_lacks_is_refused() -> None:
    with pytest.raises(RegimeRefused, match="no_such_figure"):
        OFFICIAL.regimes[0].parameter("no_such_figure")


def test_a_table_has_no_one_value() -> None:
    with pytest.raises(ValueError, match="service"):
        _ = load_scheme("gids").regimes[0].parameter("minimum_amount").value


@pytest.mark.parametrize("regime", ALL, ids=lambda regime: regime.key)
def test_every_rule_and_figure_has_a_source_that_the_scheme_lists(regime: Regime) -> None:
    scheme = load_scheme(regime.scheme)
    named = [source for rule in regime.rules for source in rule.sources]
    named += [source for figure in regime.parameters.values() for source in figure.sources]
    assert named
    assert all(scheme.source_titles(named).values())


@pytest.mark.parametrize("regime", [regime for regime in ALL if not regime.supplement], ids=lambda r: r.key)
def test_every_regime_has_all_the_figures_that_its_rules_read(regime: Regime) -> None:
    assert set(needed_parameters(regime)) <= set(regime.parameters)


def test_an_unknown_scheme_or_regime_is_not_found() -> None:
    with pytest.raises(NotFound, match="gids, kmo-portefeuille"):
        load_scheme("../etc")
    with pytest.raises(NoRegime):
        OFFICIAL.regime("kmop-1999")


def test_a_scheme_is_read_once() -> None:
    assert load_scheme("gids") is load_scheme("gids")


SMALL = """
[regime]
key = "small"
title = "Klein"
valid_from = 2020-01-01
valid_to = 2020-12-31

[rules.application]
ceiling_has_room = ["S"]

[parameter.ceiling]
unit = "euro"
by = ["size", "theme"]
rows = [
  { size = "small", value = "1.00", sources = ["S"] },
  { size = "small", theme = "innovation", value = "2.00", sources = ["S"] },
  { value = "0.00", sources = ["S"] },
]
"""


def small(**head: Any) -> dict[str, Any]:
    data = tomllib.loads(SMALL)
    data["regime"].update(head)
    return data


def scheme_of(*regimes: dict[str, Any], **head: Any) -> Scheme:
    return read_scheme("s", {"title": "S", "source": {}, **head}, regimes, {})


def test_the_narrowest_row_of_a_table_speaks() -> None:
    ceiling = read_regime("s", small()).parameter("ceiling")
    assert [ceiling.at(1, 6), ceiling.at(1, 7), ceiling.at(2, 6)] == [200, 100, 0]


def test_a_key_of_text_fits_by_its_beginning_and_the_longest_wins() -> None:
    rows = [
        {"activity": "2008:01", "value": "refused", "sources": ["S"]},
        {"activity": "2008:0164", "value": "accepted", "sources": ["S"]},
        {"value": "review", "sources": ["S"]},
    ]
    data = small()
    data["parameter"]["listing"] = {"unit": "choice", "of": "listing", "by": ["activity"], "rows": rows}
    listing = read_regime("s", data).parameter("listing")
    assert [listing.at(code) for code in ("2008:01110", "2008:01640", "2008:10110", "2025:01110")] == [
        2,
        1,
        3,
        3,
    ]


@pytest.mark.parametrize(
    ("earlier_to", "later_from"), [(date(2020, 7, 1), date(2020, 7, 1)), (None, date(2021, 1, 1))]
)
def test_two_regimes_on_one_day_are_refused(earlier_to: date | None, later_from: date) -> None:
    earlier, later = (
        small(key="one", valid_to=earlier_to),
        small(key="two", valid_from=later_from, valid_to=None),
    )
    with pytest.raises(RegimeRefused, match="one en two"):
        scheme_of(earlier, later)


def test_what_regimes_share_is_laid_under_each_of_them() -> None:
    common = {
        "rules": {"application": {"active_in_register": ["S"]}},
        "parameter": {"years_of_use": {"unit": "years", "value": 2, "sources": ["S"]}},
    }
    (regime,) = scheme_of(small(), common=common).regimes
    assert [rule.name for rule in regime.rules] == ["active_in_register", "ceiling_has_room"]
    assert regime.parameter("years_of_use").value == 2


def test_a_figure_of_its_own_replaces_a_shared_one_whole() -> None:
    shared = {"unit": "euro", "value": "9.00", "sources": ["S"], "confidence": "low"}
    (regime,) = scheme_of(small(), common={"parameter": {"ceiling": shared}}).regimes
    assert regime.parameter("ceiling").at(2, 6) == 0
    assert regime.parameter("ceiling").confidence == "high"


BAD = {
    "no source": {"sources": []},
    "a source that is no list": {"sources": "S"},
    "an unknown unit": {"unit": "miles"},
    "a float": {"value": 4000.0},
    "a bool for days": {"unit": "days", "value": True},
    "three decimals": {"value": "1.234"},
    "an unknown word": {"unit": "set", "of": "form", "value": ["telepathy"]},
    "an unknown list": {"unit": "choice", "of": "colours", "value": "red"},
    "an unknown axis": {"by": ["weather"], "rows": [{"value": "1.00", "sources": ["S"]}]},
    "no row for the rest": {"by": ["size"], "rows": [{"size": "small", "value": "1.00", "sources": ["S"]}]},
    "the same row twice": {"by": ["size"], "rows": [{"value": "1.00", "sources": ["S"]}] * 2},
    "two rows in doubt": {
        "by": ["size", "theme"],
        "rows": [
            {"size": "small", "value": "1.00", "sources": ["S"]},
            {"theme": "innovation", "value": "2.00", "sources": ["S"]},
            {"value": "0.00", "sources": ["S"]},
        ],
    },
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD.keys())
def test_a_bad_figure_is_refused_with_its_name(wrong: dict[str, Any]) -> None:
    data = small()
    data["parameter"]["figure"] = {"unit": "euro", "value": "1.00", "sources": ["S"]} | copy.deepcopy(wrong)
    with pytest.raises(RegimeRefused, match=r"^parameter\.figure: "):
        read_regime("s", data)


def test_a_rule_without_a_source_is_refused() -> None:
    data = small()
    data["rules"]["application"]["ceiling_has_room"] = []
    with pytest.raises(RegimeRefused, match="ceiling_has_room"):
        read_regime("s", data)


def test_a_rule_that_nobody_wrote_is_refused() -> None:
    data = small()
    data["rules"]["application"]["moon_is_full"] = ["S"]
    with pytest.raises(RegimeRefused, match="moon_is_full"):
        needed_parameters(read_regime("s", data))


@pytest.mark.parametrize("what", ["value", "source", "rule"])
def test_the_digest_of_a_regime_covers_rules_figures_and_sources(what: str) -> None:
    data = small()
    if what == "value":
        data["parameter"]["ceiling"]["rows"][0]["value"] = "1.01"
    elif what == "source":
        data["parameter"]["ceiling"]["rows"][0]["sources"] = ["T"]
    else:
        data["rules"]["closing"] = {"provider_paid_in_full": ["S"]}
    assert read_regime("s", data).digest != read_regime("s", small()).digest
    assert read_regime("s", small(title="Anders")).digest == read_regime("s", small()).digest
