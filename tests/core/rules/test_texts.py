"""The sentences: every rule has them, they fill in, and none shows a bare percentage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.core.rules.cases import APPLIED_ON, advice, decided, example

from portefeuille.core.rules import SCHEMES, Verdict, load_scheme
from portefeuille.core.rules.graph import RULES
from portefeuille.core.rules.named_facts import NAMED_FACTS
from portefeuille.core.rules.terms import CHOICES
from portefeuille.core.rules.texts import Texts

DATA: Any = load_scheme("gids").texts


def sentences(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for inner in data.values():
            yield from sentences(inner)


def test_every_rule_has_a_title_and_every_failure_a_reason_and_a_cure() -> None:
    assert set(DATA["rule"]) == set(RULES)
    for name, rule in RULES.items():
        texts = DATA["rule"][name]
        assert texts["title"]
        assert (
            ("unknown" in texts and "cure_unknown" in texts)
            if rule.office_looks
            else texts["not_met"] and texts["cure"]
        )


def test_every_word_of_every_choice_has_its_dutch() -> None:
    for choices in CHOICES.values():
        assert set(DATA["word"][choices.__name__.lower()]) == set(choices.words())


def test_every_reading_of_every_regime_has_its_sentence() -> None:
    used = {key for scheme in SCHEMES for regime in load_scheme(scheme).regimes for key in regime.readings}
    assert used <= set(DATA["reading"])


def test_every_fact_that_can_be_missing_has_a_question() -> None:
    asked = {path for fact in NAMED_FACTS.values() for path in fact.paths} - {"application.vat_rate"}
    assert asked <= set(DATA["question"])


def test_no_sentence_shows_a_bare_percentage() -> None:
    assert not [text for text in sentences(DATA) if "%" in text or "procent" in text]


@pytest.mark.parametrize(
    "clauses",
    [
        "as it is",
        "application.amount = 5.00; application.form = online; on 2026-04-20; enterprise.used_years = [2024, 2025]",
        "enterprise.region = wallonia; enterprise.size = large; application.participants[0].tie = none",
        "enterprise.region = brussels; enterprise.flemish_establishment absent; application.starts_on absent",
    ],
)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_hole_in_the_sentences_of_a_decision_is_filled(scheme: str, clauses: str) -> None:
    for facts in (example(), advice()):
        decision = decided(facts, clauses, scheme)
        for rule in decision.rules:
            assert not re.search(r"[{}]|…", rule.title + rule.cure), rule
            assert rule.verdict is Verdict.UNKNOWN or not re.search(r"[{}]|…", rule.reason), rule
            assert bool(rule.cure) == (rule.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN))


def test_amounts_and_days_are_said_the_dutch_way() -> None:
    (rule,) = decided(example(), "application.amount = 99.99").not_met()
    assert rule.reason == "De dienst kost 99,99 euro zonder btw. Het minimum is 100,00 euro."
    late = decided(example(), "on 2026-03-24").not_met()[0]
    assert late.reason == "Je vraagt aan op 24 maart 2026. Dat kon maar tot en met 23 maart 2026."


def test_the_summary_names_the_euros_and_who_pays_them() -> None:
    assert decided(example()).summary == (
        "Goedgekeurd. De overheid legt 4.000,00 euro bij, jij stort 6.000,00 euro. "
        "Samen gaat 10.000,00 euro naar de dienstverlener."
    )


def test_a_text_can_name_a_value_but_never_reach_into_it() -> None:
    data = {"summary": {"approved": "{amount} {amount.cents} {amount!r} {__class__}"}}
    said = Texts(data, {}, APPLIED_ON, load_scheme("gids").on(APPLIED_ON)).summary(
        "approved", {"amount": "1.00"}
    )
    assert said == "1,00 euro {amount.cents} {amount!r} …"
