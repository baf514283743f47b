"""What the KBO's codes for legal forms and situations mean, and which situations end an enterprise."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# Versions of NACE-BEL that are in use. The KBO still shows codes of 2003 beside them.
CURRENT_NACE = ("2008", "2025")

# Dissolved or wound up (010-019, 112) and bankrupt, opened or closed (048-053). Mergers, suspensions of
# payment and reorganisations don't end it: those are for a person to judge. Source: KBO code list,
# JuridicalSituation.
ENDED = frozenset({f"{code:03}" for code in (*range(10, 20), *range(48, 54), 112)})


def legal_form_label(code: str) -> str:
    """``610`` -> ``Besloten Vennootschap``; empty for a natural person or an unknown code."""
    return _labels().get(("JuridicalForm", code), "")


def situation_label(code: str) -> str:
    """``000`` -> ``Normale toestand``; empty for an unknown code."""
    return _labels().get(("JuridicalSituation", code), "")


@cache
def _labels() -> dict[tuple[str, str], str]:
    text = (files("portefeuille.register") / "data" / "codes.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {(category, code): label for category, code, label in rows}
