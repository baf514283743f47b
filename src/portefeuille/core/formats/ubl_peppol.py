"""Peppol's own rules that providers meet most, each as a small check of ours.

Peppol's rules stand on top of the European ones and say what its network carries. Their official text has no licence
to pass on, so these are written anew from their meaning, under the official names. They are no stricter than the
official ones; those that are missing here run where an operator drops the official rules (``ubl_official``).

A check yields, for each breach, what its text in ``ubl_peppol_texts`` names. Source: Peppol BIS Billing 3.0; section
4.3 of the description of formats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import Enum

from lxml import etree

from portefeuille.core.formats import ubl_tree as tree
from portefeuille.core.formats.ubl_tree import decimal, every, first, has, number, text

CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_EUROPEAN = "urn:cen.eu:en16931:2017"
_PROFILE_SHAPE = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:billing:([0-9]{2}):1\.0")

_SLACK = Decimal("0.02")  # what rounding to the cent, here and there, may cost
_DIRECT_DEBIT = {"49", "59"}
_INVOICE_TYPES = {
    *(
        "71",
        "80",
        "82",
        "84",
        "102",
        "218",
        "219",
        "326",
        "331",
        "380",
        "382",
        "383",
        "384",
        "386",
        "388",
        "393",
    ),
    *("395", "553", "575", "623", "780", "817", "870", "875", "876", "877"),
}
_CREDIT_NOTE_TYPES = {"81", "83", "381", "396", "532"}
_MIME = {
    "application/pdf",
    "image/png",
    "image/jpeg",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
}
_DATES = ("IssueDate", "DueDate", "TaxPointDate", "StartDate", "EndDate", "ActualDeliveryDate")
_AMOUNTS = (
    *("Amount", "BaseAmount", "PriceAmount", "TaxableAmount", "LineExtensionAmount", "TaxExclusiveAmount"),
    *("TaxInclusiveAmount", "AllowanceTotalAmount", "ChargeTotalAmount", "PrepaidAmount"),
    *("PayableRoundingAmount", "PayableAmount"),
)

Shown = dict[str, str]
Check = Callable[[etree._Element], Iterator[Shown]]
RULES: dict[str, Check] = {}


class Claim(Enum):
    """What an invoice says it is, in its specification identifier (BT-24)."""

    PEPPOL = "peppol"
    EUROPEAN = "european"  # the European norm, or somebody's restriction of it
    UBL_BE = "ubl.be"  # the Belgian format of before 2026 (e-FFF)
    OTHER = "other"


def claim(root: etree._Element) -> Claim:
    """What this invoice says it is."""
    said = text(root, "cbc:CustomizationID")
    if said.startswith(CUSTOMIZATION):
        return Claim.PEPPOL
    if "ubl.be" in said.lower() or "e-fff" in said.lower():
        return Claim.UBL_BE
    if (said == _EUROPEAN or said.startswith(_EUROPEAN + "#compliant#")) and "peppol" not in said:
        return Claim.EUROPEAN
    return Claim.OTHER


def breaches(root: etree._Element) -> Iterator[tuple[str, Shown]]:
    """Each breach of a rule of ours, with the rule's name."""
    for rule, check in RULES.items():
        for shown in check(root):
            yield rule, shown


def _rule(name: str) -> Callable[[Check], Check]:
    def remember(check: Check) -> Check:
        RULES[name] = check
        return check

    return remember


# -- the document ---------------------------------------------------------------------------------------------------


@_rule("PEPPOL-EN16931-R001")
def _has_a_profile(root: etree._Element) -> Iterator[Shown]:
    if not has(root, "cbc:ProfileID"):
        yield {}


@_rule("PEPPOL-EN16931-R002")
def _has_one_note(root: etree._Element) -> Iterator[Shown]:
    """German parties may write more; theirs is left to the official rules."""
    count = len(list(every(root, "cbc:Note")))
    if count > 1 and {_country(root, tree.SELLER), _country(root, tree.BUYER)} != {"DE"}:
        yield {"count": str(count)}


@_rule("PEPPOL-EN16931-R003")
def _names_what_the_buyer_asked(root: etree._Element) -> Iterator[Shown]:
    if not has(root, "cbc:BuyerReference") and not has(root, "cac:OrderReference/cbc:ID"):
        yield {}


@_rule("PEPPOL-EN16931-R004")
def _says_that_it_is_peppol(root: etree._Element) -> Iterator[Shown]:
    if claim(root) is not Claim.PEPPOL:
        yield {"said": text(root, "cbc:CustomizationID")[:120] or "niets"}


@_rule("PEPPOL-EN16931-R005")
def _has_two_different_currencies(root: etree._Element) -> Iterator[Shown]:
    if has(root, "cbc:TaxCurrencyCode") and text(root, "cbc:TaxCurrencyCode") == _currency(root):
        yield {"currency": _currency(root)}


@_rule("PEPPOL-EN16931-R007")
def _has_a_profile_of_the_right_shape(root: etree._Element) -> Iterator[Shown]:
    said = text(root, "cbc:ProfileID")
    if has(root, "cbc:ProfileID") and not _PROFILE_SHAPE.search(said):
        yield {"said": said[:120] or "niets"}


@_rule("PEPPOL-EN16931-R008")
def _has_no_empty_fields(root: etree._Element) -> Iterator[Shown]:
    for element in root.iter("*"):
        if len(element) == 0 and not (element.text or "").strip():
            yield {"field": tree.name(element), "line": str(element.sourceline)}


@_rule("PEPPOL-EN16931-R010")
def _has_the_buyers_address(root: etree._Element) -> Iterator[Shown]:
    if has(root, tree.BUYER) and not has(root, f"{tree.BUYER}/cbc:EndpointID"):
        yield {}


@_rule("PEPPOL-EN16931-R020")
def _has_the_sellers_address(root: etree._Element) -> Iterator[Shown]:
    if has(root, tree.SELLER) and not has(root, f"{tree.SELLER}/cbc:EndpointID"):
        yield {}


@_rule("PEPPOL-EN16931-R080")
def _credits_one_project(root: etree._Element) -> Iterator[Shown]:
    references = every(root, "cac:AdditionalDocumentReference")
    count = sum(text(reference, "cbc:DocumentTypeCode") == "50" for reference in references)
    if tree.is_credit_note(root) and count > 1:
        yield {"count": str(count)}


@_rule("PEPPOL-EN16931-P0100")
def _is_a_known_kind_of_invoice(root: etree._Element) -> Iterator[Shown]:
    kind = text(root, "cbc:InvoiceTypeCode")
    if has(root, "cbc:InvoiceTypeCode") and _profile(root) == "01" and kind not in _INVOICE_TYPES:
        yield {"kind": kind[:20]}


@_rule("PEPPOL-EN16931-P0101")
def _is_a_known_kind_of_credit_note(root: etree._Element) -> Iterator[Shown]:
    kind = text(root, "cbc:CreditNoteTypeCode")
    if has(root, "cbc:CreditNoteTypeCode") and _profile(root) == "01" and kind not in _CREDIT_NOTE_TYPES:
        yield {"kind": kind[:20]}


@_rule("PEPPOL-EN16931-F001")
def _writes_dates_in_one_way(root: etree._Element) -> Iterator[Shown]:
    for element in _all(root, _DATES):
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", element.text or ""):
            yield {"field": tree.name(element), "said": tree.said(element)[:40]}


@_rule("PEPPOL-EN16931-CL001")
def _attaches_known_kinds_of_files(root: etree._Element) -> Iterator[Shown]:
    for element in _all(root, ("EmbeddedDocumentBinaryObject",)):
        kind = element.get("mimeCode")
        if kind is not None and kind not in _MIME:
            yield {"kind": kind[:60]}


@_rule("PEPPOL-COMMON-R043")
def _has_right_belgian_numbers(root: etree._Element) -> Iterator[Shown]:
    """Ten bare digits with their check; a dotted number is wrong here, and which digit comes first does not matter."""
    for element in _all(root, ("EndpointID", "CompanyID", "ID")):
        if element.get("schemeID") != "0208" or not _names_a_party(element):
            continue
        said = tree.said(element)
        if not re.fullmatch(r"[0-9]{10}", said) or int(said[8:]) != 97 - int(said[:8]) % 97:
            yield {"number": said[:40], "field": tree.name(element)}


# -- VAT and money --------------------------------------------------------------------------------------------------


@_rule("PEPPOL-EN16931-R051")
def _keeps_to_one_currency(root: etree._Element) -> Iterator[Shown]:
    currency = _currency(root)
    totals = (
        amount
        for total in every(root, "cac:TaxTotal")
        if has(total, "cac:TaxSubtotal")
        for amount in every(total, "cbc:TaxAmount")
    )
    for element in [*_all(root, _AMOUNTS), *totals]:
        if element.get("currencyID") != currency:
            other = element.get("currencyID", "geen munt")[:20]
            yield {"field": tree.name(element), "other": other, "currency": currency}


@_rule("PEPPOL-EN16931-R053")
def _has_one_total_of_vat(root: etree._Element) -> Iterator[Shown]:
    count = sum(has(total, "cac:TaxSubtotal") for total in every(root, "cac:TaxTotal"))
    if count != 1:
        yield {"count": str(count)}


@_rule("PEPPOL-EN16931-R054")
def _has_a_total_in_the_other_currency(root: etree._Element) -> Iterator[Shown]:
    count = sum(not has(total, "cac:TaxSubtotal") for total in every(root, "cac:TaxTotal"))
    expected = int(has(root, "cbc:TaxCurrencyCode"))
    if count != expected:
        yield {"count": str(count), "expected": str(expected)}


@_rule("PEPPOL-EN16931-R055")
def _has_totals_of_one_sign(root: etree._Element) -> Iterator[Shown]:
    totals = list(every(root, "cac:TaxTotal/cbc:TaxAmount"))
    own, other = (
        [decimal(tree.said(total)) for total in totals if total.get("currencyID") == currency]
        for currency in (_currency(root), text(root, "cbc:TaxCurrencyCode"))
    )
    if own and other and own[0] is not None and other[0] is not None and own[0] * other[0] < 0:
        yield {"own": str(own[0]), "other": str(other[0])}


@_rule("PEPPOL-EN16931-R061")
def _names_the_mandate(root: etree._Element) -> Iterator[Shown]:
    for means in every(root, "cac:PaymentMeans"):
        code = text(means, "cbc:PaymentMeansCode")
        if code in _DIRECT_DEBIT and not has(means, "cac:PaymentMandate/cbc:ID"):
            yield {"code": code}


# -- allowances and charges -----------------------------------------------------------------------------------------


@_rule("PEPPOL-EN16931-R040")
def _computes_allowances_rightly(root: etree._Element) -> Iterator[Shown]:
    for allowance in _allowances(root):
        base, percent = number(allowance, "cbc:BaseAmount"), number(allowance, "cbc:MultiplierFactorNumeric")
        amount = number(allowance, "cbc:Amount")
        if base is None or percent is None or amount is None:
            continue
        if abs(amount * 100 - base * percent) > _SLACK * 100:
            yield {"amount": str(amount), "base": str(base), "percent": str(percent)}


@_rule("PEPPOL-EN16931-R041")
def _has_the_base_of_a_percentage(root: etree._Element) -> Iterator[Shown]:
    for allowance in _allowances(root):
        if has(allowance, "cbc:MultiplierFactorNumeric") and not has(allowance, "cbc:BaseAmount"):
            yield {"percent": text(allowance, "cbc:MultiplierFactorNumeric")[:20]}


@_rule("PEPPOL-EN16931-R042")
def _has_the_percentage_of_a_base(root: etree._Element) -> Iterator[Shown]:
    for allowance in _allowances(root):
        if has(allowance, "cbc:BaseAmount") and not has(allowance, "cbc:MultiplierFactorNumeric"):
            yield {"base": text(allowance, "cbc:BaseAmount")[:20]}


@_rule("PEPPOL-EN16931-R043")
def _says_allowance_or_charge_in_a_word(root: etree._Element) -> Iterator[Shown]:
    for allowance in _allowances(root):
        said = text(allowance, "cbc:ChargeIndicator")
        if said not in ("true", "false"):
            yield {"said": said[:20] or "niets"}


# -- lines ----------------------------------------------------------------------------------------------------------


@_rule("PEPPOL-EN16931-R044")
def _has_no_charge_on_a_price(root: etree._Element) -> Iterator[Shown]:
    for line in tree.lines(root):
        for allowance in every(line, "cac:Price/cac:AllowanceCharge"):
            if text(allowance, "cbc:ChargeIndicator") != "false":
                yield {"line": tree.name_of_line(line)}


@_rule("PEPPOL-EN16931-R046")
def _has_a_net_price_that_follows(root: etree._Element) -> Iterator[Shown]:
    for line in tree.lines(root):
        net = number(line, "cac:Price/cbc:PriceAmount")
        gross = number(line, "cac:Price/cac:AllowanceCharge/cbc:BaseAmount")
        discount = number(line, "cac:Price/cac:AllowanceCharge/cbc:Amount")
        if net is None or gross is None or discount is None:
            continue
        if net != gross - discount:
            yield {
                "line": tree.name_of_line(line),
                "net": str(net),
                "gross": str(gross),
                "off": str(discount),
            }


@_rule("PEPPOL-EN16931-R100")
def _has_one_object_on_a_line(root: etree._Element) -> Iterator[Shown]:
    for line in tree.lines(root):
        if len(list(every(line, "cac:DocumentReference"))) > 1:
            yield {"line": tree.name_of_line(line)}


@_rule("PEPPOL-EN16931-R101")
def _refers_to_objects_only_on_a_line(root: etree._Element) -> Iterator[Shown]:
    for line in tree.lines(root):
        references = list(every(line, "cac:DocumentReference"))
        if references and all(text(one, "cbc:DocumentTypeCode") != "130" for one in references):
            yield {"line": tree.name_of_line(line)}


@_rule("PEPPOL-EN16931-R110")
def _begins_a_line_within_the_period(root: etree._Element) -> Iterator[Shown]:
    start = text(root, "cac:InvoicePeriod/cbc:StartDate")
    for line in tree.lines(root):
        said = text(line, "cac:InvoicePeriod/cbc:StartDate")
        if start and said and said < start:
            yield {"line": tree.name_of_line(line), "said": said, "limit": start}


@_rule("PEPPOL-EN16931-R111")
def _ends_a_line_within_the_period(root: etree._Element) -> Iterator[Shown]:
    end = text(root, "cac:InvoicePeriod/cbc:EndDate")
    for line in tree.lines(root):
        said = text(line, "cac:InvoicePeriod/cbc:EndDate")
        if end and said and said > end:
            yield {"line": tree.name_of_line(line), "said": said, "limit": end}


@_rule("PEPPOL-EN16931-R120")
def _computes_lines_rightly(root: etree._Element) -> Iterator[Shown]:
    """Net amount = quantity x price / base quantity + charges - allowances; multiplied out, so nothing is divided."""
    for line in tree.lines(root):
        net = number(line, "cbc:LineExtensionAmount")
        quantity = (
            number(line, tree.quantity_path(root)) if has(line, tree.quantity_path(root)) else Decimal(1)
        )
        price = number(line, "cac:Price/cbc:PriceAmount")
        base = number(line, "cac:Price/cbc:BaseQuantity") or Decimal(1)
        extra = _charges_minus_allowances(line)
        if net is None or quantity is None or price is None or extra is None:
            continue
        if abs(net * base - quantity * price - extra * base) > _SLACK * abs(base):
            yield {
                "line": tree.name_of_line(line),
                "net": str(net),
                "quantity": str(quantity),
                "price": str(price),
                "extra": str(extra),
            }


@_rule("PEPPOL-EN16931-R121")
def _has_a_positive_base_quantity(root: etree._Element) -> Iterator[Shown]:
    for line in tree.lines(root):
        base = number(line, "cac:Price/cbc:BaseQuantity")
        if base is not None and base <= 0:
            yield {"line": tree.name_of_line(line), "said": str(base)}


@_rule("PEPPOL-EN16931-R130")
def _counts_in_one_unit(root: etree._Element) -> Iterator[Shown]:
    for line in tree.lines(root):
        base, quantity = first(line, "cac:Price/cbc:BaseQuantity"), first(line, tree.quantity_path(root))
        if base is None or quantity is None or base.get("unitCode") is None:
            continue
        if base.get("unitCode") != quantity.get("unitCode"):
            yield {
                "line": tree.name_of_line(line),
                "base": base.get("unitCode", "")[:20],
                "quantity": quantity.get("unitCode", "geen")[:20],
            }


# -- reading --------------------------------------------------------------------------------------------------------


def _currency(root: etree._Element) -> str:
    return text(root, "cbc:DocumentCurrencyCode")


def _profile(root: etree._Element) -> str:
    match = _PROFILE_SHAPE.search(text(root, "cbc:ProfileID"))
    return match[1] if match else ""


def _country(root: etree._Element, party: str) -> str:
    return text(root, f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode")


def _all(root: etree._Element, names: tuple[str, ...]) -> Iterator[etree._Element]:
    return root.iter(*(f"{{{tree.CBC}}}{name}" for name in names))


def _names_a_party(element: etree._Element) -> bool:
    """An ``ID`` names many things; only that of a party is a party's number."""
    parent = element.getparent()
    return tree.name(element) != "ID" or (parent is not None and tree.name(parent) == "PartyIdentification")


def _allowances(root: etree._Element) -> Iterator[etree._Element]:
    """Those of the document and of its lines; those of a price have rules of their own."""
    yield from every(root, "cac:AllowanceCharge")
    for line in tree.lines(root):
        yield from every(line, "cac:AllowanceCharge")


def _charges_minus_allowances(line: etree._Element) -> Decimal | None:
    total = Decimal(0)
    for allowance in every(line, "cac:AllowanceCharge"):
        amount = number(allowance, "cbc:Amount")
        if amount is None:
            return None
        total += amount if text(allowance, "cbc:ChargeIndicator") == "true" else -amount
    return total
