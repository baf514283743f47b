"""What an invoice says: each fact in its place, and nothing made up when it is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import etree
from tests.core.formats.invoices import (
    CASES,
    CREDIT_NOTE,
    GOOD,
    LUNCH,
    TRAINING,
    WITH_VAT,
    Spoil,
    after,
    marked,
    saying,
    spoiled,
    without,
)

from portefeuille.core.formats.ubl_facts import facts
from portefeuille.core.formats.ubl_writer import write

SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
LEGAL, ENDPOINT, VAT = "cac:PartyLegalEntity/cbc:CompanyID", "cbc:EndpointID", "cac:PartyTaxScheme"
REFERENCE = "cac:PaymentMeans/cbc:PaymentID"


def said(content: bytes, *spoils: Spoil) -> dict[str, Any]:
    return facts(etree.fromstring(spoiled(content, *spoils)))


def test_everything_that_our_own_invoice_says() -> None:
    content = write(replace(WITH_VAT, lines=(TRAINING, LUNCH), order="PO-7"))
    told = said(content)
    note = told["project_references"].pop()
    assert note["found_in"] == "BT-22"
    assert "KP2026-000017" in note["value"]
    assert told == {
        "kind": "invoice",
        "claims": "peppol",
        "number": "2026-0042",
        "type_code": "380",
        "issue_date": "2026-11-20",
        "due_date": "2026-12-20",
        "period": {"start": "2026-11-10", "end": "2026-11-12"},
        "currency": "EUR",
        "seller": {
            "name": "Leerhuis Voorbeeld BV",
            "enterprise_number": "0000000196",
            "found_in": "BT-30",
            "vat_number": "BE0000000196",
            "tax_number": None,
        },
        "buyer": {
            "name": "Klant Voorbeeld BV",
            "enterprise_number": "0000000295",
            "found_in": "BT-47",
            "vat_number": "BE0000000295",
            "tax_number": None,
        },
        "project_references": [
            {"value": "KP2026-000017", "found_in": "BT-11"},
            {"value": "KP2026-000017", "found_in": "BT-10"},
            {"value": "PO-7", "found_in": "BT-13"},
        ],
        "order_references": ["PO-7"],
        "preceding_invoices": [],
        "payment": {
            "means": "30",
            "iban": "BE68539007547034",
            "iban_is_valid": True,
            "other_ibans": [],
            "reference": "+++202/6000/01711+++",
            "ogm": "202600001711",
            "ogm_is_valid": True,
        },
        "totals": {
            "lines": "1050.00",
            "allowances": None,
            "charges": None,
            "exclusive": "1050.00",
            "vat": "216.00",
            "inclusive": "1266.00",
            "prepaid": None,
            "payable": "1266.00",
        },
        "vat": [
            {
                "category": "S",
                "rate": "21",
                "taxable": "1000.00",
                "amount": "210.00",
                "exemption_code": None,
                "exemption_reason": None,
            },
            {
                "category": "S",
                "rate": "12",
                "taxable": "50.00",
                "amount": "6.00",
                "exemption_code": None,
                "exemption_reason": None,
            },
        ],
        "lines": [
            {
                "number": "1",
                "name": "Opleiding boekhouden",
                "quantity": "1",
                "unit": "C62",
                "price": "1000.00",
                "net": "1000.00",
                "vat_category": "S",
                "vat_rate": "21",
                "period": {"start": "", "end": ""},
            },
            {
                "number": "2",
                "name": "Lunch",
                "quantity": "2",
                "unit": "C62",
                "price": "25.00",
                "net": "50.00",
                "vat_category": "S",
                "vat_rate": "12",
                "period": {"start": "", "end": ""},
            },
        ],
    }


def test_a_credit_note_says_what_it_credits_and_for_which_project() -> None:
    told = said(CREDIT_NOTE)
    assert (told["kind"], told["type_code"]) == ("credit_note", "381")
    assert told["preceding_invoices"] == ["2026-0042"]
    assert told["project_references"][0] == {"value": "KP2026-000017", "found_in": "BT-11"}
    assert told["due_date"] == "2026-12-20"
    assert told["lines"][0]["quantity"] == "1"


def test_what_the_wallet_paid_is_prepaid_and_vat_is_due() -> None:
    totals = said(write(CASES["only VAT due"]))["totals"]
    assert (totals["prepaid"], totals["payable"], totals["exclusive"]) == ("1000.00", "210.00", "1000.00")


def test_an_exempt_seller_without_vat_number_is_known_by_its_tax_number() -> None:
    told = said(write(CASES["article 44 without a VAT number"]))
    assert told["seller"]["vat_number"] is None
    assert told["seller"]["tax_number"] == "0000000196"
    assert told["vat"][0]["exemption_code"] == "VATEX-EU-132-1I"


class TestEnterpriseNumbers:
    """The best place that holds a right number wins; a wrong one is passed over."""

    @pytest.mark.parametrize(
        ("spoils", "expected"),
        [
            ((), ("0000000295", "BT-47")),
            ((without(f"{BUYER}/{LEGAL}"),), ("0000000295", "BT-49")),
            ((saying(f"{BUYER}/{LEGAL}", "0000000296"),), ("0000000295", "BT-49")),
            ((without(f"{BUYER}/{LEGAL}"), without(f"{BUYER}/{ENDPOINT}")), ("0000000295", "BT-48")),
            (
                (
                    without(f"{BUYER}/{VAT}"),
                    without(f"{BUYER}/{LEGAL}"),
                    marked(f"{BUYER}/{ENDPOINT}", "schemeID", "9925"),
                    saying(f"{BUYER}/{ENDPOINT}", "BE 0000.000.295"),
                ),
                ("0000000295", "BT-49"),
            ),
            (
                (
                    without(f"{BUYER}/{VAT}"),
                    without(f"{BUYER}/{LEGAL}"),
                    marked(f"{BUYER}/{ENDPOINT}", "schemeID", "0106"),  # a Dutch number
                ),
                (None, None),
            ),
        ],
    )
    def test_of_the_buyer(self, spoils: tuple[Spoil, ...], expected: tuple[str | None, str | None]) -> None:
        buyer = said(GOOD, *spoils)["buyer"]
        assert (buyer["enterprise_number"], buyer["found_in"]) == expected


class TestProjects:
    """Where a project number may stand, best place first."""

    def test_in_a_contract_and_on_a_line(self) -> None:
        told = said(
            GOOD,
            without("cac:ProjectReference"),
            after(
                "cac:InvoicePeriod",
                "<cac:ContractDocumentReference><cbc:ID>KP2026-1</cbc:ID></cac:ContractDocumentReference>",
            ),
            after("cac:InvoiceLine/cbc:ID", "<cbc:Note>project KP2026-2</cbc:Note>"),
        )
        places = [(one["found_in"], one["value"]) for one in told["project_references"]]
        assert [place for place, _value in places] == ["BT-10", "BT-12", "BT-22", "BT-127"]
        assert places[1] == ("BT-12", "KP2026-1")
        assert told["project_references"][-1] == {
            "value": "project KP2026-2",
            "found_in": "BT-127",
            "line": "1",
        }


class TestPayment:
    """The account, and the reference by which it is matched."""

    @pytest.mark.parametrize(
        ("written", "ogm", "valid"),
        [
            ("+++202/6000/01711+++", "202600001711", True),
            ("***202/6000/01711***", "202600001711", True),
            ("202600001711", "202600001711", True),
            ("+++202/6000/01712+++", None, False),
            ("202600001712", None, False),
            ("202/6000/01712", None, False),
            ("Factuur 2026-0042", None, None),
            ("RF39KMO2026000017", None, None),
        ],
    )
    def test_the_reference(self, written: str, ogm: str | None, valid: bool | None) -> None:
        payment = said(GOOD, saying(REFERENCE, written))["payment"]
        assert (payment["reference"], payment["ogm"], payment["ogm_is_valid"]) == (written, ogm, valid)

    def test_a_wrong_account(self) -> None:
        account = "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"
        assert said(GOOD, saying(account, "BE68539007547035"))["payment"]["iban_is_valid"] is False

    def test_no_payment_at_all(self) -> None:
        payment = said(GOOD, without("cac:PaymentMeans"))["payment"]
        assert (payment["iban"], payment["iban_is_valid"], payment["reference"]) == (None, None, None)
        assert payment["ogm_is_valid"] is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1210", "1210.00"),
        ("1210.5", "1210.50"),
        ("+1210.00", "1210.00"),
        ("-0", "0.00"),
        ("0.001", "0.001"),
        ("1e3", None),
        ("", None),
        ("veel", None),
        ("NaN", None),
        ("1" * 30, None),
        ("١٢", None),
    ],
)
def test_an_amount_is_a_decimal_string_or_nothing(written: str, expected: str | None) -> None:
    total = "cac:LegalMonetaryTotal/cbc:PayableAmount"
    assert said(GOOD, saying(total, written))["totals"]["payable"] == expected


def test_an_invoice_of_nothing_says_nothing() -> None:
    told = facts(
        etree.fromstring(b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>')
    )
    assert told["seller"]["enterprise_number"] is None
    assert told["totals"]["payable"] is None
    assert (told["lines"], told["vat"], told["project_references"]) == ([], [], [])
