"""The rules that decide an application: one text of the rules, dated figures with their sources, and the
decision.

``decide(facts, scheme=load_scheme("gids"), on=date(2026, 3, 2))`` gives a ``Decision`` that explains itself.
"""

from portefeuille.core.rules import conditions, quantities  # noqa: F401 - importing registers them
from portefeuille.core.rules.decisions import (
    Amounts,
    Calculated,
    Decision,
    Missing,
    Outcome,
    Reading,
    ReplayDiffers,
    RuleVerdict,
    Verdict,
    canonical,
    decide,
    judge,
    read_record,
    recorded,
    replay,
)
from portefeuille.core.rules.facts import Facts, FactsRefused, read_facts, schema
from portefeuille.core.rules.regimes import (
    SCHEMES,
    NoRegime,
    Parameter,
    Regime,
    RegimeRefused,
    Scheme,
    load_scheme,
    read_regime,
    read_scheme,
)

__all__ = [
    "SCHEMES",
    "Amounts",
    "Calculated",
    "Decision",
    "Facts",
    "FactsRefused",
    "Missing",
    "NoRegime",
    "Outcome",
    "Parameter",
    "Reading",
    "Regime",
    "RegimeRefused",
    "ReplayDiffers",
    "RuleVerdict",
    "Scheme",
    "Verdict",
    "canonical",
    "decide",
    "judge",
    "load_scheme",
    "read_facts",
    "read_record",
    "read_regime",
    "read_scheme",
    "recorded",
    "replay",
    "schema",
]
