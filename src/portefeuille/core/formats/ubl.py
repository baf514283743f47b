"""Checking an invoice (UBL 2.1, EN 16931, Peppol BIS 3) by itself: the file, its schema, the official rules, and ours.

The steps run from the coarse to the fine, so that the first finding is the one to mend first. The European rules run
also over a document that is not built as the schema says, unless they stumble over a value. Peppol's rules run over
what says that it is Peppol, or says nothing known; for another European or the old Belgian format that fact itself is
the finding. Nothing here knows an application or a database. Source: section 4.3 of the description of formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree

from portefeuille.core.formats import ubl_official as official
from portefeuille.core.formats import ubl_peppol as peppol
from portefeuille.core.formats import ubl_peppol_texts as peppol_texts
from portefeuille.core.formats import ubl_reading as reading
from portefeuille.core.formats.ubl_facts import facts
from portefeuille.core.formats.ubl_peppol import Claim
from portefeuille.core.formats.ubl_problems import Finding, problem

SAYS_THAT_IT_IS_PEPPOL = "PEPPOL-EN16931-R004"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, worst step first, and what the invoice says; no facts when it can't be read."""

    findings: tuple[Finding, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        """Whether nothing was found that is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """JSON."""
        return {
            "valid": self.valid,
            "findings": [finding.as_dict() for finding in self.findings],
            "facts": self.facts,
        }


def check(content: bytes, *, peppol_rules: Sequence[Path] = ()) -> Checked:
    """Judge a file. ``peppol_rules`` are official style sheets that an operator holds (``ubl_official.rules_in``)."""
    try:
        root = reading.read(content)
    except reading.Unreadable as refused:
        return Checked((problem(refused.code, refused.shown),))
    of_schema, values_are_right = official.schema_findings(root)
    found = [*of_schema, *_european(root, values_are_right), *_of_peppol(root, peppol_rules)]
    return Checked(tuple(_counted(found)), facts(root))


def _european(root: etree._Element, values_are_right: bool) -> list[Finding]:
    try:
        return official.european_findings(root)
    except official.RulesFailed:
        if not values_are_right:  # the schema said already what can't be computed with
            return [problem("rules_skipped", severity="warning")]
        return [problem("rules_failed", {"which": "de Europese norm"})]


def _of_peppol(root: etree._Element, rules: Sequence[Path]) -> Iterator[Finding]:
    kind = peppol.claim(root)
    ours = list(peppol.breaches(root))
    if kind in (Claim.UBL_BE, Claim.EUROPEAN):
        shown = next(shown for rule, shown in ours if rule == SAYS_THAT_IT_IS_PEPPOL)
        said, severity = (
            (peppol_texts.UBL_BE, "error") if kind is Claim.UBL_BE else (peppol_texts.EUROPEAN, "warning")
        )
        yield Finding(SAYS_THAT_IT_IS_PEPPOL, severity, said.format(**shown))  # type: ignore[arg-type]
        return
    for rule, shown in ours:
        yield Finding(rule, "error", peppol_texts.TEXTS[rule].format(**shown))
    named = {rule for rule, _shown in ours}
    for path in rules:
        try:
            yield from (one for one in official.findings_of(path, root) if one.rule not in named)
        except official.RulesFailed:
            yield problem("rules_failed", {"which": "Peppol"})


def _counted(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Each finding once; of what was found again in the same words, how often."""
    times: dict[Finding, int] = {}
    for finding in findings:
        times[finding] = times.get(finding, 0) + 1
    for finding, count in times.items():
        yield finding if count == 1 else replace(finding, text=f"{finding.text} ({count} keer)")
