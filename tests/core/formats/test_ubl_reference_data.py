"""The reference data's invoices give what is written of them: those made for this project, and public samples."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from portefeuille.core.formats import ubl

# The description of formats, section 4.3: which file breaks which rule; all others break none.
EXAMPLES = {
    "kmo_invoice_21.xml": [],
    "kmo_invoice_21_order.xml": [],
    "kmo_invoice_21_plus_lunch12.xml": [],
    "kmo_invoice_vat_only_due.xml": [],
    "kmo_invoice_art44_vatid.xml": [],
    "kmo_invoice_art44_no_vatid.xml": ["BR-E-02"],
    "kmo_invoice_art44_bt32.xml": [],
    "kmo_invoice_cat_O.xml": [],
    "kmo_invoice_cat_O_buyer_vat.xml": ["BR-O-02"],
    "kmo_pain001_09.xml": ["FILE-IS-BANK-FILE"],
}
SAMPLES = {
    # The first is European, not Peppol, which is a warning and no error; the second has fields the norm doesn't know.
    "cen_ubl-tc434-example1.xml": {"PEPPOL-EN16931-R004"},
    "derived_BE-BE_from_UBLBE_15000001.xml": {"UBL-CR-202", "UBL-CR-504", "UBL-CR-561", "UBL-CR-597"},
}
# Rules of CEN's test sets that no look of ours reaches, each with the reason. There is none in those of the reference
# data; a set whose values stop the official rules themselves would be one.
OUT_OF_REACH: dict[str, str] = {}


def _errors(content: bytes) -> list[str]:
    return [finding.rule for finding in ubl.check(content).findings if finding.severity == "error"]


def test_every_example_gives_what_is_written_of_it(shared_data: Path) -> None:
    found = {path.name: _errors(path.read_bytes()) for path in (shared_data / "examples").glob("*.xml")}
    assert found == EXAMPLES


def test_the_examples_say_what_the_platform_asks(shared_data: Path) -> None:
    for path in (shared_data / "examples").glob("kmo_invoice_*.xml"):
        facts = ubl.check(path.read_bytes()).facts
        assert facts["seller"]["enterprise_number"] == "0000000196", path
        assert facts["buyer"]["enterprise_number"] == "0000000295", path
        assert facts["project_references"][0] == {"value": "2026OPL000017", "found_in": "BT-11"}, path
        assert facts["payment"]["ogm"] == "202600001711", path
        assert facts["totals"]["exclusive"] in ("1000.00", "1050.00"), path


def test_every_valid_sample_has_no_error(shared_data: Path) -> None:
    found = {}
    for path in (shared_data / "samples" / "ubl-peppol").glob("*.xml"):
        checked = ubl.check(path.read_bytes())
        assert checked.valid, (path, checked.findings)
        found[path.name] = {finding.rule for finding in checked.findings}
    assert found == SAMPLES


def _planted(path: Path) -> list[tuple[str, str, bytes]]:
    """What a test set of CEN says of each of its documents: (success or error, rule, document)."""
    told = []
    for test in etree.parse(str(path)).getroot().iterfind("{*}test"):
        verdict = next(
            one for one in test.iterfind("{*}assert/*") if etree.QName(one).localname != "description"
        )
        document = next(one for one in test if etree.QName(one).localname in ("Invoice", "CreditNote"))
        plain = etree.tostring(document, with_tail=False)
        told.append((etree.QName(verdict).localname, (verdict.text or "").strip(), plain))
    return told


def test_every_planted_fault_of_the_test_sets_is_named(shared_data: Path) -> None:
    sets = sorted((shared_data / "samples" / "ubl-peppol-invalid").glob("*.xml"))
    assert sets
    for path in sets:
        for verdict, rule, document in _planted(path):
            is_named = rule in _errors(document)
            assert rule in OUT_OF_REACH or is_named is (verdict == "error"), (path.name, verdict, rule)


@pytest.mark.parametrize("name", ["cen_BR-16.testset.xml", "cen_BR-CO-15.testset.xml"])
def test_a_test_set_itself_is_no_invoice(shared_data: Path, name: str) -> None:
    content = (shared_data / "samples" / "ubl-peppol-invalid" / name).read_bytes()
    [finding] = ubl.check(content).findings
    assert finding.rule == "FILE-OTHER-XML"
    assert "testSet" in finding.text
