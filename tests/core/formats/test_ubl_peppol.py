"""Peppol's rules of ours: each planted fault is found by the rule that is meant for it, and by no other of ours."""

from __future__ import annotations

import string

import pytest
from lxml import etree
from tests.core.formats.invoices import (
    CASES,
    CREDIT_NOTE,
    GOOD,
    Spoil,
    after,
    marked,
    saying,
    spoiled,
    twice,
    without,
)

from portefeuille.core.formats import ubl, ubl_peppol
from portefeuille.core.formats.ubl_peppol import RULES, breaches
from portefeuille.core.formats.ubl_peppol_texts import TEXTS
from portefeuille.core.formats.ubl_writer import write

CURRENCY = "cbc:DocumentCurrencyCode"
LINE = "cac:InvoiceLine"
PRICE = f"{LINE}/cac:Price/cbc:PriceAmount"
EUR = 'currencyID="EUR"'


def allowance(inside: str, indicator: str = "false") -> Spoil:
    """A discount on the whole invoice."""
    said = f"<cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>{inside}"
    return after("cac:PaymentMeans", f"<cac:AllowanceCharge>{said}</cac:AllowanceCharge>")


def on_price(indicator: str, inside: str) -> Spoil:
    said = f"<cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>{inside}"
    return after(PRICE, f"<cac:AllowanceCharge>{said}</cac:AllowanceCharge>")


def on_line(*codes: str) -> Spoil:
    parts = (f"<cbc:ID>A</cbc:ID><cbc:DocumentTypeCode>{code}</cbc:DocumentTypeCode>" for code in codes)
    return after(
        f"{LINE}/cbc:LineExtensionAmount",
        "".join(f"<cac:DocumentReference>{part}</cac:DocumentReference>" for part in parts),
    )


def line_period(part: str, day: str) -> Spoil:
    said = f"<cac:InvoicePeriod><cbc:{part}>{day}</cbc:{part}></cac:InvoicePeriod>"
    return after(f"{LINE}/cbc:LineExtensionAmount", said)


def tax_total(currency: str, amount: str) -> Spoil:
    said = f'<cbc:TaxAmount currencyID="{currency}">{amount}</cbc:TaxAmount>'
    return after("cac:TaxTotal", f"<cac:TaxTotal>{said}</cac:TaxTotal>")


def tax_currency(currency: str) -> Spoil:
    return after(CURRENCY, f"<cbc:TaxCurrencyCode>{currency}</cbc:TaxCurrencyCode>")


def attachment(mime: str) -> Spoil:
    binary = f'<cbc:EmbeddedDocumentBinaryObject mimeCode="{mime}" filename="a">QQ==</cbc:EmbeddedDocumentBinaryObject>'
    reference = f"<cbc:ID>A</cbc:ID><cac:Attachment>{binary}</cac:Attachment>"
    return after(
        "cac:InvoicePeriod", f"<cac:AdditionalDocumentReference>{reference}</cac:AdditionalDocumentReference>"
    )


SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
OLDER = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:2.0"
AMOUNT = f"<cbc:Amount {EUR}>50.00</cbc:Amount>"
PERCENT = "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>"
BASE = f"<cbc:BaseAmount {EUR}>1000.00</cbc:BaseAmount>"

FAULTS: dict[str, tuple[bytes, tuple[Spoil, ...]]] = {
    "PEPPOL-EN16931-R001": (GOOD, (without("cbc:ProfileID"),)),
    "PEPPOL-EN16931-R002": (GOOD, (twice("cbc:Note"),)),
    "PEPPOL-EN16931-R003": (GOOD, (without("cbc:BuyerReference"),)),
    "PEPPOL-EN16931-R004": (GOOD, (saying("cbc:CustomizationID", OLDER),)),
    "PEPPOL-EN16931-R005": (GOOD, (tax_currency("EUR"), tax_total("EUR", "210.00"))),
    "PEPPOL-EN16931-R007": (GOOD, (saying("cbc:ProfileID", "urn:www.cenbii.eu:profile:bii05:ver2.0"),)),
    "PEPPOL-EN16931-R008": (GOOD, (after(CURRENCY, "<cbc:AccountingCost/>"),)),
    "PEPPOL-EN16931-R010": (GOOD, (without(f"{BUYER}/cbc:EndpointID"),)),
    "PEPPOL-EN16931-R020": (GOOD, (without(f"{SELLER}/cbc:EndpointID"),)),
    "PEPPOL-EN16931-R040": (GOOD, (allowance(PERCENT + AMOUNT + BASE),)),
    "PEPPOL-EN16931-R041": (GOOD, (allowance(PERCENT + AMOUNT),)),
    "PEPPOL-EN16931-R042": (GOOD, (allowance(AMOUNT + BASE),)),
    "PEPPOL-EN16931-R043": (GOOD, (allowance(AMOUNT, "0"),)),
    "PEPPOL-EN16931-R044": (GOOD, (on_price("true", AMOUNT),)),
    "PEPPOL-EN16931-R046": (GOOD, (on_price("false", AMOUNT + BASE),)),
    "PEPPOL-EN16931-R051": (GOOD, (marked(PRICE, "currencyID", "USD"),)),
    "PEPPOL-EN16931-R053": (GOOD, (twice("cac:TaxTotal"),)),
    "PEPPOL-EN16931-R054": (GOOD, (tax_total("EUR", "210.00"),)),
    "PEPPOL-EN16931-R055": (GOOD, (tax_currency("USD"), tax_total("USD", "-230.00"))),
    "PEPPOL-EN16931-R061": (GOOD, (saying("cac:PaymentMeans/cbc:PaymentMeansCode", "59"),)),
    "PEPPOL-EN16931-R080": (CREDIT_NOTE, (twice("cac:AdditionalDocumentReference"),)),
    "PEPPOL-EN16931-R100": (GOOD, (on_line("130", "130"),)),
    "PEPPOL-EN16931-R101": (GOOD, (on_line("50"),)),
    "PEPPOL-EN16931-R110": (GOOD, (line_period("StartDate", "2026-11-09"),)),
    "PEPPOL-EN16931-R111": (GOOD, (line_period("EndDate", "2026-11-13"),)),
    "PEPPOL-EN16931-R120": (GOOD, (saying(f"{LINE}/cbc:InvoicedQuantity", "2"),)),
    "PEPPOL-EN16931-R121": (
        GOOD,
        (after(PRICE, '<cbc:BaseQuantity unitCode="C62">0</cbc:BaseQuantity>'),),
    ),
    "PEPPOL-EN16931-R130": (
        GOOD,
        (after(PRICE, '<cbc:BaseQuantity unitCode="HUR">1</cbc:BaseQuantity>'),),
    ),
    "PEPPOL-EN16931-P0100": (GOOD, (saying("cbc:InvoiceTypeCode", "389"),)),
    "PEPPOL-EN16931-P0101": (CREDIT_NOTE, (saying("cbc:CreditNoteTypeCode", "261"),)),
    "PEPPOL-EN16931-F001": (GOOD, (saying("cbc:IssueDate", "2026-11-20Z"),)),
    "PEPPOL-EN16931-CL001": (GOOD, (attachment("text/xml"),)),
    "PEPPOL-COMMON-R043": (GOOD, (saying(f"{BUYER}/cbc:EndpointID", "0000000296"),)),
}


def ours(content: bytes) -> list[str]:
    return [rule for rule, _shown in breaches(etree.fromstring(content))]


def test_every_rule_of_ours_has_a_text_and_a_planted_fault() -> None:
    assert set(RULES) == set(TEXTS) == set(FAULTS)


@pytest.mark.parametrize("case", CASES)
def test_what_is_right_breaks_no_rule(case: str) -> None:
    assert ours(write(CASES[case])) == []


@pytest.mark.parametrize("rule", FAULTS)
def test_a_planted_fault_is_found_by_its_own_rule_and_no_other(rule: str) -> None:
    content, spoils = FAULTS[rule]
    faulty = spoiled(content, *spoils)
    assert set(ours(faulty)) == {rule}
    checked = ubl.check(faulty)
    assert not checked.valid
    [finding] = [one for one in checked.findings if one.rule == rule]
    assert finding.severity == "error"
    assert "{" not in finding.text


@pytest.mark.parametrize(
    "rule", [rule for rule in TEXTS if "{" in TEXTS[rule] and rule != "PEPPOL-EN16931-R004"]
)
def test_a_text_names_what_was_found(rule: str) -> None:
    """Every name in a text is shown by its check: a missing one would fail only on the day of the fault."""
    content, spoils = FAULTS[rule]
    shown = next(
        shown for found, shown in breaches(etree.fromstring(spoiled(content, *spoils))) if found == rule
    )
    named = {name for _text, name, _spec, _conversion in string.Formatter().parse(TEXTS[rule]) if name}
    assert named <= set(shown)
    assert all(shown[name] for name in named)


class TestNearMisses:
    """What looks like a fault and is none."""

    @pytest.mark.parametrize(
        "spoils",
        [
            (marked(f"{BUYER}/cbc:EndpointID", "schemeID", "9925"), saying(f"{BUYER}/cbc:EndpointID", "BE1")),
            (allowance(f"{PERCENT}<cbc:Amount {EUR}>100.02</cbc:Amount>{BASE}"),),
            (line_period("StartDate", "2026-11-10"),),
            (line_period("EndDate", "2026-11-12"),),
            (saying(f"{LINE}/cbc:LineExtensionAmount", "1000.02"),),
            (after(PRICE, '<cbc:BaseQuantity unitCode="C62">1</cbc:BaseQuantity>'),),
            (on_line("130"),),
            (tax_currency("USD"), tax_total("USD", "230.00")),
            (attachment("application/pdf"),),
            (on_price("false", f"{AMOUNT}<cbc:BaseAmount {EUR}>1050.00</cbc:BaseAmount>"),),
        ],
    )
    def test_is_let_through(self, spoils: tuple[Spoil, ...]) -> None:
        assert ours(spoiled(GOOD, *spoils)) == []

    @pytest.mark.parametrize(
        "spoils",
        [
            (saying(f"{LINE}/cbc:LineExtensionAmount", "1000.03"),),
            (saying(PRICE, "999.97"),),
            (after(PRICE, '<cbc:BaseQuantity unitCode="C62">2</cbc:BaseQuantity>'),),
        ],
    )
    def test_one_cent_further_is_a_fault(self, spoils: tuple[Spoil, ...]) -> None:
        assert ours(spoiled(GOOD, *spoils)) == ["PEPPOL-EN16931-R120"]

    def test_a_price_for_a_hundred_is_divided(self) -> None:
        spoils = (
            saying(f"{LINE}/cbc:InvoicedQuantity", "50"),
            saying(PRICE, "2000.00"),
            after(PRICE, '<cbc:BaseQuantity unitCode="C62">100</cbc:BaseQuantity>'),
        )
        assert ours(spoiled(GOOD, *spoils)) == []


class TestOtherFormats:
    """An invoice that does not say that it is Peppol."""

    @pytest.mark.parametrize(
        "said",
        ["urn:cen.eu:en16931:2017#conformant#urn:UBL.BE:1.0.0.20180214", "urn:UBL.BE:x", "urn:ubl.be:2"],
    )
    def test_the_old_belgian_one_is_recognised_and_refused(self, said: str) -> None:
        checked = ubl.check(spoiled(GOOD, saying("cbc:CustomizationID", said), without("cbc:ProfileID")))
        assert [(one.rule, one.severity) for one in checked.findings] == [("PEPPOL-EN16931-R004", "error")]
        assert "UBL.BE" in checked.findings[0].text
        assert checked.facts["claims"] == "ubl.be"

    @pytest.mark.parametrize(
        "said",
        ["urn:cen.eu:en16931:2017", "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"],
    )
    def test_another_european_one_is_let_through_with_a_word_of_warning(self, said: str) -> None:
        checked = ubl.check(spoiled(GOOD, saying("cbc:CustomizationID", said), without("cbc:ProfileID")))
        assert checked.valid
        assert [(one.rule, one.severity) for one in checked.findings] == [("PEPPOL-EN16931-R004", "warning")]

    @pytest.mark.parametrize("said", [OLDER, "urn:www.cenbii.eu:transaction:biitrns010:ver2.0", "onzin"])
    def test_anything_else_is_held_to_peppol(self, said: str) -> None:
        assert (
            ubl_peppol.claim(etree.fromstring(spoiled(GOOD, saying("cbc:CustomizationID", said)))).value
            == "other"
        )
        checked = ubl.check(spoiled(GOOD, saying("cbc:CustomizationID", said)))
        assert [(one.rule, one.severity) for one in checked.findings] == [("PEPPOL-EN16931-R004", "error")]
