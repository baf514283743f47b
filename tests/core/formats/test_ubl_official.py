"""The official rules: they run, they speak Dutch where providers meet them, and the schema says where it hurts."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lxml import etree
from tests.core.formats.invoices import (
    CASES,
    GOOD,
    Spoil,
    after,
    marked,
    saying,
    spoiled,
    twice,
    without,
)

from portefeuille.core.errors import FileRefused
from portefeuille.core.formats import ubl, ubl_cen_texts
from portefeuille.core.formats import ubl_official as official
from portefeuille.core.formats.ubl_writer import write

EXEMPT = write(CASES["article 44 without a VAT number"])
EXEMPT_WITH_NUMBER = write(CASES["article 44 with a VAT number"])
SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
LINE = "cac:InvoiceLine"
TOTAL = "cac:LegalMonetaryTotal/cbc"
VAT = "cac:TaxTotal/cac:TaxSubtotal"
ITEM_VAT = f"{LINE}/cac:Item/cac:ClassifiedTaxCategory"

FAULTS: dict[str, tuple[bytes, tuple[Spoil, ...]]] = {
    "BR-02": (GOOD, (without("cbc:ID"),)),
    "BR-03": (GOOD, (without("cbc:IssueDate"),)),
    "BR-05": (GOOD, (without("cbc:DocumentCurrencyCode"),)),
    "BR-06": (GOOD, (without(f"{SELLER}/cac:PartyLegalEntity/cbc:RegistrationName"),)),
    "BR-07": (GOOD, (without(f"{BUYER}/cac:PartyLegalEntity/cbc:RegistrationName"),)),
    "BR-08": (GOOD, (without(f"{SELLER}/cac:PostalAddress"),)),
    "BR-09": (GOOD, (without(f"{SELLER}/cac:PostalAddress/cac:Country"),)),
    "BR-11": (GOOD, (without(f"{BUYER}/cac:PostalAddress/cac:Country"),)),
    "BR-13": (GOOD, (without(f"{TOTAL}:TaxExclusiveAmount"),)),
    "BR-15": (GOOD, (without(f"{TOTAL}:PayableAmount"),)),
    "BR-16": (GOOD, (without(LINE),)),
    "BR-22": (GOOD, (without(f"{LINE}/cbc:InvoicedQuantity"),)),
    "BR-25": (GOOD, (without(f"{LINE}/cac:Item/cbc:Name"),)),
    "BR-26": (GOOD, (without(f"{LINE}/cac:Price"),)),
    "BR-27": (GOOD, (saying(f"{LINE}/cac:Price/cbc:PriceAmount", "-1000.00"),)),
    "BR-29": (GOOD, (saying("cac:InvoicePeriod/cbc:EndDate", "2026-11-09"),)),
    "BR-49": (GOOD, (without("cac:PaymentMeans/cbc:PaymentMeansCode"),)),
    "BR-61": (GOOD, (without("cac:PaymentMeans/cac:PayeeFinancialAccount"),)),
    "BR-CO-09": (GOOD, (saying(f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID", "0000000196"),)),
    "BR-CO-10": (GOOD, (saying(f"{TOTAL}:LineExtensionAmount", "1000.01"),)),
    "BR-CO-13": (GOOD, (saying(f"{TOTAL}:TaxExclusiveAmount", "999.00"),)),
    "BR-CO-14": (GOOD, (saying("cac:TaxTotal/cbc:TaxAmount", "211.00"),)),
    "BR-CO-15": (GOOD, (saying(f"{TOTAL}:TaxInclusiveAmount", "1210.01"),)),
    "BR-CO-16": (GOOD, (saying(f"{TOTAL}:PayableAmount", "210.00"),)),
    "BR-CO-17": (GOOD, (saying(f"{VAT}/cbc:TaxAmount", "200.00"),)),
    "BR-CO-18": (GOOD, (without("cac:TaxTotal"),)),
    "BR-S-02": (GOOD, (without(f"{SELLER}/cac:PartyTaxScheme"),)),
    "BR-S-05": (GOOD, (saying(f"{ITEM_VAT}/cbc:Percent", "0"),)),
    "BR-S-08": (GOOD, (saying(f"{VAT}/cbc:TaxableAmount", "900.00"),)),
    "BR-E-02": (EXEMPT, (without(f"{SELLER}/cac:PartyTaxScheme"),)),
    "BR-E-05": (EXEMPT, (saying(f"{ITEM_VAT}/cbc:Percent", "21"),)),
    "BR-E-08": (EXEMPT, (saying(f"{VAT}/cbc:TaxableAmount", "900.00"),)),
    "BR-E-09": (EXEMPT, (saying(f"{VAT}/cbc:TaxAmount", "10.00"),)),
    "BR-E-10": (
        EXEMPT,
        tuple(without(f"{VAT}/cac:TaxCategory/cbc:TaxExemptionReason{end}") for end in ("Code", "")),
    ),
    "BR-O-02": (
        EXEMPT_WITH_NUMBER,
        (saying(f"{VAT}/cac:TaxCategory/cbc:ID", "O"), saying(f"{ITEM_VAT}/cbc:ID", "O")),
    ),
    "BR-CL-01": (GOOD, (saying("cbc:InvoiceTypeCode", "999"),)),
    "BR-CL-04": (GOOD, (saying("cbc:DocumentCurrencyCode", "EURO"),)),
    "BR-CL-14": (GOOD, (saying(f"{SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode", "Be"),)),
    "BR-CL-16": (GOOD, (saying("cac:PaymentMeans/cbc:PaymentMeansCode", "IBAN"),)),
    "BR-CL-22": (EXEMPT, (saying(f"{VAT}/cac:TaxCategory/cbc:TaxExemptionReasonCode", "ART44"),)),
    "BR-CL-23": (GOOD, (marked(f"{LINE}/cbc:InvoicedQuantity", "unitCode", "stuk"),)),
    "BR-CL-25": (GOOD, (marked(f"{BUYER}/cbc:EndpointID", "schemeID", "KBO"),)),
    "UBL-DT-01": (GOOD, (saying(f"{TOTAL}:PayableAmount", "1210.001"),)),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_that_providers_make_is_named_in_dutch(rule: str) -> None:
    content, spoils = FAULTS[rule]
    checked = ubl.check(spoiled(content, *spoils))
    assert not checked.valid
    found = {one.rule: one for one in checked.findings}
    assert rule in found, sorted(found)
    assert found[rule].text.split(" (")[0].startswith(ubl_cen_texts.TEXTS[rule].split(" (")[0])


def test_article_44_without_a_number_is_explained_with_its_cure() -> None:
    content, spoils = FAULTS["BR-E-02"]
    [finding] = ubl.check(spoiled(content, *spoils)).findings
    assert finding.rule == "BR-E-02"
    for word in ("artikel 44", "BT-32", "ondernemingsnummer", "geen btw-nummer"):
        assert word in finding.text


def test_every_text_of_ours_is_for_a_rule_that_exists() -> None:
    rules = (official.folder() / official.EUROPEAN_RULES).read_text()
    official_names = set(re.findall(r'name="id">([A-Z0-9-]+)<', rules))
    assert len(official_names) > 900
    assert set(ubl_cen_texts.TEXTS) <= official_names
    assert len(ubl_cen_texts.TEXTS) >= 60


def test_a_rule_without_a_text_of_ours_speaks_its_english_and_says_so() -> None:
    faulty = spoiled(GOOD, twice(f"{SELLER}/cac:PartyTaxScheme"), twice(f"{SELLER}/cac:PartyTaxScheme"))
    texts = {one.rule: one.text for one in ubl.check(faulty).findings}
    assert texts["UBL-SR-42"].startswith(
        "Officiële tekst, alleen in het Engels: Party tax scheme shall occur"
    )


def test_a_field_that_the_norm_does_not_know_is_a_warning_only() -> None:
    extra = after("cbc:IssueDate", "<cbc:IssueTime>10:00:00</cbc:IssueTime>")
    checked = ubl.check(spoiled(GOOD, extra))
    assert checked.valid
    [finding] = checked.findings
    assert (finding.rule[:7], finding.severity) == ("UBL-CR-", "warning")
    assert "Je hoeft niets te doen" in finding.text


def test_what_is_found_on_many_lines_is_said_once() -> None:
    many = write(CASES["a lunch with 12 % apart"]).replace(b'unitCode="C62"', b'unitCode="stuk"')
    [finding] = [one for one in ubl.check(many).findings if one.rule == "BR-CL-23"]
    assert finding.text.endswith("(2 keer)")


class TestTheSchema:
    """Where the document is not built as UBL says."""

    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (without("cbc:ID"), ("IssueDate", "hier kan: ProfileExecutionID, ID.")),
            (after("cbc:IssueDate", "<cbc:Datum>x</cbc:Datum>"), ("Datum", "DueDate")),
            (without(f"{LINE}/cac:Item"), ("Price",)),
            (without(f"{LINE}/cac:Price/cbc:PriceAmount"), ("Price", "ontbreekt", "PriceAmount")),
            (saying("cbc:IssueDate", "20 november"), ("IssueDate", "20 november", "2026-11-20")),
            (saying(f"{TOTAL}:PayableAmount", "€ 1.210,00"), ("PayableAmount", "€ 1.210,00", "1210.00")),
        ],
    )
    def test_names_line_field_and_what_was_expected(self, spoil: Spoil, words: tuple[str, ...]) -> None:
        texts = [one.text for one in ubl.check(spoiled(GOOD, spoil)).findings if one.rule == "UBL-XSD"]
        assert texts
        assert all(word in texts[0] for word in words), texts[0]
        assert re.search(r"[Rr]egel [0-9]+", texts[0])

    def test_names_an_attribute_that_is_missing(self) -> None:
        faulty = GOOD.replace(b'<cbc:PayableAmount currencyID="EUR">', b"<cbc:PayableAmount>")
        texts = [one.text for one in ubl.check(faulty).findings if one.rule == "UBL-XSD"]
        assert "currencyID" in texts[0]

    def test_says_that_sums_were_not_made_with_what_is_no_number(self) -> None:
        rules = {
            one.rule for one in ubl.check(spoiled(GOOD, saying(f"{TOTAL}:PayableAmount", "veel"))).findings
        }
        assert rules == {"UBL-XSD", "RULES-SKIPPED"}

    def test_a_file_with_a_hundred_slips_gives_a_short_list(self) -> None:
        inside = b"".join(b"<cac:InvoiceLine><cbc:ID>%d</cbc:ID></cac:InvoiceLine>" % n for n in range(50))
        checked = ubl.check(GOOD.replace(b"</Invoice>", inside + b"</Invoice>"))
        of_schema = [one for one in checked.findings if one.rule == "UBL-XSD"]
        assert len(of_schema) <= 21
        assert of_schema[-1].text.startswith("Er zijn nog ")


SHEET = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:svrl="http://purl.oclc.org/dsdl/svrl"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <xsl:template match="/"><svrl:schematron-output>{inside}</svrl:schematron-output></xsl:template>
</xsl:stylesheet>"""
SAYS = "<svrl:failed-assert {marks}><svrl:text>{text}</svrl:text></svrl:failed-assert>"


Drop = Callable[[str], tuple[Path, ...]]


class TestRulesOfAnOperator:
    """Official Peppol rules, dropped in a folder; their own text has no licence to ship, so these are stand-ins."""

    @pytest.fixture
    def drop(self, tmp_path: Path) -> Drop:
        def dropped(inside: str) -> tuple[Path, ...]:
            (tmp_path / "peppol.xslt").write_text(SHEET.format(inside=inside))
            return official.rules_in(tmp_path)

        return dropped

    def test_run_beside_ours(self, drop: Drop) -> None:
        rules = drop(
            SAYS.format(marks='id="PEPPOL-EN16931-P0112" flag="fatal"', text="Only between Germans.")
        )
        [finding] = ubl.check(GOOD, peppol_rules=rules).findings
        assert (finding.rule, finding.severity) == ("PEPPOL-EN16931-P0112", "error")
        assert finding.text.endswith("Only between Germans.")

    def test_a_warning_is_a_warning_and_a_name_may_stand_in_the_text(self, drop: Drop) -> None:
        rules = drop(SAYS.format(marks='flag="warning"', text="[XX-R-001]-Mind this."))
        checked = ubl.check(GOOD, peppol_rules=rules)
        assert checked.valid
        assert [(one.rule, one.text) for one in checked.findings] == [
            ("XX-R-001", "Officiële tekst, alleen in het Engels: Mind this.")
        ]

    def test_what_ours_already_said_is_not_said_again(self, drop: Drop) -> None:
        rules = drop(SAYS.format(marks='id="PEPPOL-EN16931-R001" flag="fatal"', text="Must be provided."))
        found = ubl.check(spoiled(GOOD, without("cbc:ProfileID")), peppol_rules=rules).findings
        assert [one.rule for one in found] == ["PEPPOL-EN16931-R001"]
        assert "ProfileID" in found[0].text

    def test_rules_that_break_down_never_pass_an_invoice(
        self, drop: Drop, capfd: pytest.CaptureFixture[str]
    ) -> None:
        rules = drop(
            '<xsl:value-of select="xs:decimal(/*/cbc:ID)" xmlns:xs="http://www.w3.org/2001/XMLSchema"/>'
        )
        [finding] = ubl.check(GOOD, peppol_rules=rules).findings
        assert (finding.rule, finding.severity) == ("RULES-FAILED", "error")
        assert "Peppol" in finding.text
        assert capfd.readouterr() == ("", "")

    def test_a_folder_without_compiled_rules_is_refused_with_what_to_do(self, tmp_path: Path) -> None:
        (tmp_path / "PEPPOL-EN16931-UBL.sch").write_text("<schema/>")
        with pytest.raises(FileRefused, match="XSLT"):
            official.rules_in(tmp_path)


def test_european_rules_that_break_down_never_pass_an_invoice(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_root: etree._Element) -> None:
        raise official.RulesFailed("x")

    monkeypatch.setattr(official, "european_findings", fail)
    [finding] = ubl.check(GOOD).findings
    assert (finding.rule, finding.severity) == ("RULES-FAILED", "error")


def test_many_at_once_each_get_their_own_answer() -> None:
    content, spoils = FAULTS["BR-E-02"]
    both = [GOOD, spoiled(content, *spoils)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ubl.check, both * 20))
    assert [[one.rule for one in answer.findings] for answer in answers] == [[], ["BR-E-02"]] * 20
