"""What an invoice says, as plain facts: amounts as decimal strings, days as they are written, numbers without dots.

Nothing is judged here, and a fact that is missing or unreadable is None or an empty text. The number of the project may
stand in many places; each place is named by the norm's number for it, in the order in which a matcher should look.
Source: sections 4.1 and 4.2 of the description of formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml import etree

from portefeuille.core.formats import ogm
from portefeuille.core.formats import ubl_tree as tree
from portefeuille.core.formats.ubl_peppol import claim
from portefeuille.core.formats.ubl_tree import every, number, said, text
from portefeuille.core.identifiers import NotANumber, enterprise_number, iban

_CENT = Decimal("0.01")
_LONGEST_TEXT = 1_000
_PROJECT_IN_CREDIT_NOTE = "50"
_LOOKS_LIKE_OGM = re.compile(r"[+*]{3}[0-9 ./\-]+[+*]{3}|[0-9]{12}|[0-9]{3}/[0-9]{4}/[0-9]{5}")

# For seller and buyer: where a number may stand, best place first, with the norm's number of that field.
_LEGAL = "cac:PartyLegalEntity/cbc:CompanyID"
_ADDRESS = "cbc:EndpointID"
_OTHER = "cac:PartyIdentification/cbc:ID"
_PLACES = {
    tree.SELLER: ((_LEGAL, "BT-30"), (_ADDRESS, "BT-34"), (_OTHER, "BT-29")),
    tree.BUYER: ((_LEGAL, "BT-47"), (_ADDRESS, "BT-49"), (_OTHER, "BT-46")),
}
_VAT_PLACE = {tree.SELLER: "BT-31", tree.BUYER: "BT-48"}


def facts(root: etree._Element) -> dict[str, Any]:
    """All that the platform asks of an invoice."""
    return {
        "kind": "credit_note" if tree.is_credit_note(root) else "invoice",
        "claims": claim(root).value,
        "number": _short(text(root, "cbc:ID")),
        "type_code": text(root, "cbc:CreditNoteTypeCode") or text(root, "cbc:InvoiceTypeCode"),
        "issue_date": text(root, "cbc:IssueDate"),
        "due_date": text(root, "cbc:DueDate") or text(root, "cac:PaymentMeans/cbc:PaymentDueDate"),
        "period": _period(root),
        "currency": text(root, "cbc:DocumentCurrencyCode"),
        "seller": _party(root, tree.SELLER),
        "buyer": _party(root, tree.BUYER),
        "project_references": list(_project_references(root)),
        "order_references": _texts(root, "cac:OrderReference/cbc:ID"),
        "preceding_invoices": _texts(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        "payment": _payment(root),
        "totals": _totals(root),
        "vat": [_vat(one) for one in every(root, "cac:TaxTotal/cac:TaxSubtotal")],
        "lines": [_line(root, one) for one in tree.lines(root)],
    }


def _short(written: str) -> str:
    return written[:_LONGEST_TEXT]


def _texts(element: etree._Element, path: str) -> list[str]:
    return [_short(said(one)) for one in every(element, path) if said(one)]


def amount(value: Decimal | None) -> str | None:
    """At least two decimals, and more when they were written."""
    if value is None:
        return None
    exponent = value.as_tuple().exponent
    return format((value.quantize(_CENT) if isinstance(exponent, int) and exponent > -2 else value) + 0, "f")


def plain(value: Decimal | None) -> str | None:
    """A rate or a quantity, without zeros that say nothing."""
    if value is None:
        return None
    written = format(value + 0, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def _period(element: etree._Element) -> dict[str, str]:
    return {
        "start": text(element, "cac:InvoicePeriod/cbc:StartDate"),
        "end": text(element, "cac:InvoicePeriod/cbc:EndDate"),
    }


# -- who ------------------------------------------------------------------------------------------------------------


def _party(root: etree._Element, path: str) -> dict[str, Any]:
    party = tree.first(root, path)
    if party is None:
        return {
            "name": "",
            "enterprise_number": None,
            "found_in": None,
            "vat_number": None,
            "tax_number": None,
        }
    found = next(_enterprise_numbers(party, path), (None, None))
    return {
        "name": _short(
            text(party, "cac:PartyLegalEntity/cbc:RegistrationName") or text(party, "cac:PartyName/cbc:Name")
        ),
        "enterprise_number": found[0],
        "found_in": found[1],
        "vat_number": next(_tax_numbers(party, "VAT"), None),
        "tax_number": next(_tax_numbers(party, "TAX"), None),
    }


def _enterprise_numbers(party: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    """Belgian numbers with a right check: first where the field says that it is one, then where it may be."""
    told = [(one, place) for where, place in _PLACES[path] for one in every(party, where)]
    candidates = [(said(one), place) for one, place in told if one.get("schemeID") == "0208"]
    candidates += [
        (one, _VAT_PLACE[path]) for one in _tax_numbers(party, "VAT") if one.upper().startswith("BE")
    ]
    candidates += [(said(one), place) for one, place in told if one.get("schemeID") in (None, "9925", "9956")]
    candidates += [(one, "BT-32") for one in _tax_numbers(party, "TAX")]
    for written, place in candidates:
        try:
            yield enterprise_number(written), place
        except NotANumber:
            continue


def _tax_numbers(party: etree._Element, scheme: str) -> Iterator[str]:
    for one in every(party, "cac:PartyTaxScheme"):
        named = text(one, "cac:TaxScheme/cbc:ID")
        if (named == "VAT") is (scheme == "VAT") and text(one, "cbc:CompanyID"):
            yield _short(text(one, "cbc:CompanyID"))


# -- for what -------------------------------------------------------------------------------------------------------


def _project_references(root: etree._Element) -> Iterator[dict[str, str]]:
    """Every place where a project number may stand; those of notes are texts in which one may stand."""
    for one in every(root, "cac:AdditionalDocumentReference"):
        if text(one, "cbc:DocumentTypeCode") == _PROJECT_IN_CREDIT_NOTE and text(one, "cbc:ID"):
            yield {"value": _short(text(one, "cbc:ID")), "found_in": "BT-11"}
    for path, place in (
        ("cac:ProjectReference/cbc:ID", "BT-11"),
        ("cbc:BuyerReference", "BT-10"),
        ("cac:OrderReference/cbc:ID", "BT-13"),
        ("cac:ContractDocumentReference/cbc:ID", "BT-12"),
        ("cbc:Note", "BT-22"),
    ):
        for value in _texts(root, path):
            yield {"value": value, "found_in": place}
    for line in tree.lines(root):
        for value in _texts(line, "cbc:Note"):
            yield {"value": value, "found_in": "BT-127", "line": _short(text(line, "cbc:ID"))}


def _line(root: etree._Element, line: etree._Element) -> dict[str, Any]:
    quantity = tree.first(line, tree.quantity_path(root))
    category = "cac:Item/cac:ClassifiedTaxCategory"
    return {
        "number": _short(text(line, "cbc:ID")),
        "name": _short(text(line, "cac:Item/cbc:Name")),
        "quantity": plain(number(line, tree.quantity_path(root))),
        "unit": "" if quantity is None else _short(quantity.get("unitCode", "")),
        "price": amount(number(line, "cac:Price/cbc:PriceAmount")),
        "net": amount(number(line, "cbc:LineExtensionAmount")),
        "vat_category": text(line, f"{category}/cbc:ID"),
        "vat_rate": plain(number(line, f"{category}/cbc:Percent")),
        "period": _period(line),
    }


# -- how much -------------------------------------------------------------------------------------------------------


def _totals(root: etree._Element) -> dict[str, str | None]:
    total = "cac:LegalMonetaryTotal/cbc:"
    return {
        "lines": amount(number(root, f"{total}LineExtensionAmount")),
        "allowances": amount(number(root, f"{total}AllowanceTotalAmount")),
        "charges": amount(number(root, f"{total}ChargeTotalAmount")),
        "exclusive": amount(number(root, f"{total}TaxExclusiveAmount")),
        "vat": amount(_total_vat(root)),
        "inclusive": amount(number(root, f"{total}TaxInclusiveAmount")),
        "prepaid": amount(number(root, f"{total}PrepaidAmount")),
        "payable": amount(number(root, f"{total}PayableAmount")),
    }


def _total_vat(root: etree._Element) -> Decimal | None:
    """The one in the currency of the invoice; a second may stand in that of the tax."""
    currency = text(root, "cbc:DocumentCurrencyCode")
    totals = every(root, "cac:TaxTotal/cbc:TaxAmount")
    return next((tree.decimal(said(one)) for one in totals if one.get("currencyID") == currency), None)


def _vat(subtotal: etree._Element) -> dict[str, str | None]:
    category = "cac:TaxCategory/cbc:"
    return {
        "category": text(subtotal, f"{category}ID"),
        "rate": plain(number(subtotal, f"{category}Percent")),
        "taxable": amount(number(subtotal, "cbc:TaxableAmount")),
        "amount": amount(number(subtotal, "cbc:TaxAmount")),
        "exemption_code": text(subtotal, f"{category}TaxExemptionReasonCode") or None,
        "exemption_reason": _short(text(subtotal, f"{category}TaxExemptionReason")) or None,
    }


def _payment(root: etree._Element) -> dict[str, Any]:
    written = _texts(root, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID")
    reference = _short(text(root, "cac:PaymentMeans/cbc:PaymentID"))
    found = ogm.find(reference)
    return {
        "means": text(root, "cac:PaymentMeans/cbc:PaymentMeansCode"),
        "iban": written[0] if written else None,
        "iban_is_valid": _is_iban(written[0]) if written else None,
        "other_ibans": written[1:],
        "reference": reference or None,
        "ogm": found[0] if found else None,
        # None: this is no structured communication at all; False: it looks like one and its check is wrong.
        "ogm_is_valid": True if found else False if _LOOKS_LIKE_OGM.fullmatch(reference) else None,
    }


def _is_iban(written: str) -> bool:
    try:
        iban(written)
    except NotANumber:
        return False
    return True
