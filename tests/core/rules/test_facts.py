"""The facts: what is refused and how, and the schema that describes them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.rules.cases import APPLIED_ON, advice, changed, example, official, put

from portefeuille.core.money import Money
from portefeuille.core.rules import FactsRefused, Outcome, decide, load_scheme, read_facts, schema

VALIDATOR = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())

# What is wrong, and the path that the refusal names.
MALFORMED = [
    ("application.amount = -1.00", "application.amount"),
    ("application.amount = tien", "application.amount"),
    ("application.amount = 1.234", "application.amount"),
    ("application.amount = 1250.5e3", "application.amount"),
    ("application.amount = true", "application.amount"),
    ("application.amount = 99999999999999", "application.amount"),
    ("application.amount = []", "application.amount"),
    ("application.starts_on = 2026-02-30", "application.starts_on"),
    ("application.starts_on = 02/03/2026", "application.starts_on"),
    ("application.starts_on = 1989-12-31", "application.starts_on"),
    ("application.starts_on = 20260302", "application.starts_on"),
    ("application.service = opleiding", "application.service"),
    ("application.service = []", "application.service"),
    ("application.supports_activity = ja", "application.supports_activity"),
    ("application.supports_activity = 1", "application.supports_activity"),
    ("application.vat_rate = 101", "application.vat_rate"),
    ("application.name = []", "application.name"),
    ("application.participants = {}", "application.participants"),
    ("application.participants[0].tie = friend", "application.participants[0].tie"),
    ("application.activity_nace.code = A", "application.activity_nace.code"),
    ("application.activity_nace.version = 2003", "application.activity_nace.version"),
    ("enterprise.number = 0123.456.748", "enterprise.number"),
    ("enterprise.number = 123456749", "enterprise.number"),
    ("enterprise.used_years = [2025.5]", "enterprise.used_years[0]"),
    ("enterprise.used_years = [true]", "enterprise.used_years[0]"),
    ("enterprise.used_years = [2025, null]", "enterprise.used_years[1]"),
    ("enterprise.legal_form = 61", "enterprise.legal_form"),
    ("enterprise.size = micro", "enterprise.size"),
    ("enterprise = []", "enterprise"),
    ("enterprise.sise = small", "enterprise.sise"),
    ("provider.number = DV.X123456", "provider.number"),
    ('findings = [{"rule": 5}]', "findings[0].rule"),
]


@pytest.mark.parametrize(("clauses", "path"), MALFORMED)
def test_a_malformed_fact_is_refused_with_its_path(clauses: str, path: str) -> None:
    facts, _ = changed(example(), clauses)
    with pytest.raises(FactsRefused) as refused:
        read_facts(facts)
    assert refused.value.field == path
    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("clauses", "path"),
    [
        ("application.ends_on = 2026-03-08", "application.ends_on"),
        ("provider.recognitions[1].valid_to = 2022-05-31", "provider.recognitions[1].valid_to"),
    ],
)
def test_facts_that_run_backwards_are_refused(clauses: str, path: str) -> None:
    facts, _ = changed(example(), clauses)
    with pytest.raises(FactsRefused) as refused:
        read_facts(facts)
    assert refused.value.field == path


@pytest.mark.parametrize("raw", [[], "x", 5, True, [1], None])
def test_facts_that_are_no_object_are_refused(raw: object) -> None:
    with pytest.raises(FactsRefused, match="feiten"):
        read_facts(raw)


def test_a_misspelt_fact_is_told_which_names_exist() -> None:
    with pytest.raises(FactsRefused, match="subsidy_granted_this_year"):
        read_facts({"enterprise": {"granted": "0"}})


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "\ud800", "x" * 301])
def test_text_that_no_screen_can_show_is_refused(text: str) -> None:
    with pytest.raises(FactsRefused):
        read_facts({"application": {"name": text}})


def test_a_float_is_refused_and_told_how_to_write_it() -> None:
    with pytest.raises(FactsRefused, match="aanhalingstekens"):
        read_facts({"application": {"amount": 1250.5}})


def test_what_is_unknown_leaves_no_trace() -> None:
    assert read_facts({"enterprise": {"size": None}, "application": None, "provider": {}}) == {}


def test_a_program_may_hand_over_its_own_days_and_amounts() -> None:
    given = {"application": {"amount": Money(10_050), "starts_on": date(2026, 3, 2)}}
    assert read_facts(given) == {"application": {"amount": "100.50", "starts_on": "2026-03-02"}}


def test_numbers_are_kept_bare() -> None:
    read = read_facts({"enterprise": {"number": "be 0123.456.749"}, "provider": {"number": "dv.0218693"}})
    assert read == {"enterprise": {"number": "0123456749"}, "provider": {"number": "DV.O218693"}}


def test_a_decimal_is_exact_and_read() -> None:
    assert read_facts({"application": {"amount": Decimal("1.5")}}) == {"application": {"amount": "1.50"}}
    with pytest.raises(FactsRefused):
        read_facts({"application": {"amount": Decimal("1.555")}})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["enterprise", "application", "amount", "size", "x"]), inner, max_size=3
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused_and_reading_again_changes_nothing(raw: Any) -> None:
    try:
        facts = read_facts(raw)
    except FactsRefused:
        return
    assert read_facts(json.loads(json.dumps(facts))) == facts


WRONG_KINDS: list[Any] = [
    [],
    {},
    [None],
    [[]],
    {"x": 1},
    True,
    -1,
    10**20,
    0.5,
    "",
    "x",
    "\x00",
    b"x",
    complex(1),
]


def places(node: Any, path: str = "") -> Iterator[str]:
    """Every place in a tree of facts, groups and lists included."""
    children: list[tuple[str, Any]] = []
    if isinstance(node, dict):
        children = [(f"{path}.{name}" if path else name, child) for name, child in node.items()]
    elif isinstance(node, list):
        children = [(f"{path}[{number}]", child) for number, child in enumerate(node)]
    for place, child in children:
        yield place
        yield from places(child, place)


@pytest.mark.parametrize("wrong", WRONG_KINDS, ids=repr)
@pytest.mark.parametrize(
    ("facts", "scheme"),
    [(example(), "gids"), (advice(), "gids"), (official(), "kmo-portefeuille")],
    ids=["example", "advice", "official"],
)
def test_a_fact_of_a_wrong_kind_is_refused_or_never_approves(
    facts: dict[str, Any], scheme: str, wrong: Any
) -> None:
    """F1: in every place, a value of every kind: refused with that place, or decided without it being a yes."""
    for place in places(facts):
        wronged = copy.deepcopy(facts)
        put(wronged, place, wrong)
        outcome, named = _outcome(wronged, scheme)
        assert named.startswith(place.split("[", maxsplit=1)[0]) or not named, (place, named)
        if outcome is Outcome.APPROVED:
            assert place in DECIDES_NOTHING or _is_right(place, wrong), place


def _outcome(facts: dict[str, Any], scheme: str) -> tuple[Outcome | None, str]:
    """What is decided, or the place that the refusal names."""
    try:
        return decide(facts, scheme=load_scheme(scheme), on=APPLIED_ON).outcome, ""
    except FactsRefused as refused:
        return None, refused.field or "nothing"


# Facts on which no rule of the guide decides.
DECIDES_NOTHING = {
    "application.name",
    "application.is_related_party",
    "enterprise.flemish_establishment",
    "enterprise.is_work_integration",
    "application.participants[0].works_in_flanders",
    "findings",
    "findings[0].reason",
    *(f"enterprise.nace_codes[{number}]{field}" for number in (0, 1) for field in ("", ".main")),
}


def _is_right(place: str, value: Any) -> bool:
    """A value of the list above that is a good one, or one that leaves the decision as it is, in that place."""
    if value is True:
        return True
    other_recognition = place in ("provider.recognitions[0]", "provider.recognitions[1]") and value == {}
    return other_recognition or (place, value) == ("enterprise.used_years", [])


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize(
    "facts", [{}, example(), advice(), official()], ids=["none", "example", "advice", "official"]
)
def test_the_schema_accepts_good_facts(facts: dict[str, Any]) -> None:
    VALIDATOR.validate(facts)
    read_facts(facts)


# What only check digits, the calendar or another field can tell is beyond a schema.
# (A schema cannot tell a float from an exact number; the reader takes no float at all.)
BEYOND = ("2026-02-30", "0123.456.748", "123456749", "DV.X", "form = 61", "e3")


@pytest.mark.parametrize(
    "clauses", [clauses for clauses, _ in MALFORMED if not any(part in clauses for part in BEYOND)]
)
def test_the_schema_refuses_what_the_reader_refuses(clauses: str) -> None:
    facts, _ = changed(example(), clauses)
    assert not VALIDATOR.is_valid(facts)


def described(node: dict[str, Any]) -> bool:
    inner = [*node.get("properties", {}).values(), *([node["items"]] if "items" in node else [])]
    return bool(node.get("description")) and all(described(child) for child in inner)


def test_every_fact_in_the_schema_is_described() -> None:
    assert described(schema())


def test_a_list_that_is_too_long_is_refused() -> None:
    with pytest.raises(FactsRefused, match="te lang"):
        read_facts({"enterprise": {"used_years": [2020] * 1_001}})
