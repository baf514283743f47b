"""Writing our own invoices: a training or an advice that the wallet pays, as Peppol BIS 3 (UBL 2.1).

The bytes follow from what is given and from nothing else. The project number stands in BT-11 (and in BT-10, which
Peppol asks), the structured communication in BT-83, and a note says who pays what: the wallet the amount without VAT,
the enterprise the VAT. Source: sections 4.1 to 4.3 of the description of formats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from portefeuille.core.formats import ogm
from portefeuille.core.formats import ubl_tree as tree
from portefeuille.core.formats.ubl_peppol import CUSTOMIZATION, PROFILE
from portefeuille.core.money import Money

_INVOICE_TYPE = "380"
_CREDIT_NOTE_TYPE = "381"
_PROJECT_DOCUMENT = "50"
_CREDIT_TRANSFER = "30"
_PIECE = "C62"
_BELGIAN_NUMBER = "0208"
_LONGEST_PROJECT = 35


@dataclass(frozen=True, slots=True)
class Vat:
    """How a line is taxed: the norm's category, the rate in percent, and why when there is none."""

    category: str
    percent: int
    exemption_code: str = ""
    exemption_reason: str = ""

    def of(self, base: Money) -> Money:
        """The tax on an amount, rounded half up to the cent: the norm's way (BR-CO-17), not the platform's."""
        return Money((base.cents * self.percent + 50) // 100)


STANDARD = Vat("S", 21)
MEALS = Vat("S", 12)
ARTICLE_44 = Vat("E", 0, "VATEX-EU-132-1I", "Vrijgesteld van btw, artikel 44 WBTW")


@dataclass(frozen=True, slots=True)
class Party:
    """A Belgian enterprise; without ``vat_number`` it has none."""

    name: str
    enterprise_number: str
    street: str
    postal_code: str
    city: str
    vat_number: str = ""
    country: str = "BE"


@dataclass(frozen=True, slots=True)
class Line:
    """What was delivered. ``in_wallet`` is False for what the wallet can't pay, such as a lunch."""

    description: str
    price: Money
    vat: Vat
    quantity: int = 1
    in_wallet: bool = True

    @property
    def net(self) -> Money:
        """The amount without VAT."""
        return Money(self.price.cents * self.quantity)


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice, or a credit note on the invoice ``credits``; amounts are positive in both.

    ``reference`` is the twelve digits of a structured communication; ``paid_by_wallet`` is what the provider got.
    """

    number: str
    issued_on: date
    due_on: date
    seller: Party
    buyer: Party
    iban: str
    reference: str
    project: str
    starts_on: date
    ends_on: date
    lines: tuple[Line, ...]
    paid_by_wallet: Money = Money.ZERO
    order: str = ""
    credits: str = ""
    credits_of: date | None = None

    @property
    def is_credit_note(self) -> bool:
        """Whether it gives back."""
        return bool(self.credits)

    @property
    def net(self) -> Money:
        """The total without VAT."""
        return _sum([line.net for line in self.lines])

    @property
    def vat_groups(self) -> list[tuple[Vat, Money]]:
        """The amount under each kind of VAT, in the order of the lines."""
        kinds = dict.fromkeys(line.vat for line in self.lines)
        return [(kind, _sum([line.net for line in self.lines if line.vat == kind])) for kind in kinds]

    @property
    def vat(self) -> Money:
        """The VAT, computed over each kind as a whole."""
        return _sum([kind.of(base) for kind, base in self.vat_groups])

    @property
    def payable(self) -> Money:
        """What is still to be paid, by wallet and enterprise together."""
        return self.net + self.vat - self.paid_by_wallet


def _sum(amounts: Sequence[Money]) -> Money:
    return Money(sum(amount.cents for amount in amounts))


def note(invoice: Invoice) -> str:
    """The one free text: who pays what to whom."""
    if invoice.is_credit_note:
        return f"Creditnota bij factuur {invoice.credits}, kmo-portefeuille project {invoice.project}."
    by_wallet = _sum([line.net for line in invoice.lines if line.in_wallet])
    directly = invoice.net + invoice.vat - by_wallet
    verb = "betaalde" if invoice.paid_by_wallet else "betaalt"
    said = [
        f"De kmo-portefeuille {verb} de hoofdsom van € {by_wallet.belgian} (project {invoice.project}).",
        f"Rechtstreeks aan ons te betalen: {_what_is_direct(invoice)}, samen € {directly.belgian}."
        if directly
        else "Er is geen btw, dus je betaalt niets rechtstreeks aan ons.",
    ]
    return " ".join(said)


def _what_is_direct(invoice: Invoice) -> str:
    others = [line.description for line in invoice.lines if not line.in_wallet]
    parts = [*(["de btw"] if invoice.vat else []), *others]
    return " en ".join(parts)


def write(invoice: Invoice) -> bytes:
    """The document, in UTF-8. Raises ValueError for what could not be a right invoice."""
    _check(invoice)
    namespace, name = (
        (tree.CREDIT_NOTE, "CreditNote") if invoice.is_credit_note else (tree.INVOICE, "Invoice")
    )
    root = etree.Element(
        f"{{{namespace}}}{name}",
        nsmap={None: namespace, "cac": tree.CAC, "cbc": tree.CBC},  # type: ignore[dict-item]
    )
    _add_head(root, invoice)
    _add_references(root, invoice)
    _add_party(_group(root, "AccountingSupplierParty"), invoice.seller)
    _add_party(_group(root, "AccountingCustomerParty"), invoice.buyer)
    _add_payment(root, invoice)
    _add_vat(root, invoice)
    _add_totals(root, invoice)
    for place, line in enumerate(invoice.lines, start=1):
        _add_line(root, invoice, place, line)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _check(invoice: Invoice) -> None:
    parties = (invoice.seller, invoice.buyer)
    texts = [
        *(invoice.number, invoice.iban, invoice.project),
        *(line.description for line in invoice.lines),
        *(part for one in parties for part in (one.name, one.enterprise_number, one.street, one.city)),
    ]
    if not all(text.strip() for text in texts):
        raise ValueError("an invoice has no empty number, name, street, account, project or description")
    if not invoice.lines or any(line.quantity < 1 or line.net.cents <= 0 for line in invoice.lines):
        raise ValueError("an invoice has lines, each of some amount")
    if not ogm.is_valid(invoice.reference):
        raise ValueError("the reference is no structured communication")
    if len(invoice.project) > _LONGEST_PROJECT:
        raise ValueError(f"a project number is at most {_LONGEST_PROJECT} signs")
    if not invoice.seller.vat_number and any(line.vat.category == "S" for line in invoice.lines):
        raise ValueError("who has no VAT number may not charge VAT")
    if invoice.starts_on > invoice.ends_on or not Money.ZERO <= invoice.paid_by_wallet <= invoice.net:
        raise ValueError(
            "the period ends before it starts, or the wallet paid more than the amount without VAT"
        )


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{tree.CBC}}}{name}")
    child.text = text
    return child


def _group(parent: etree._Element, *names: str) -> etree._Element:
    for name in names:
        parent = etree.SubElement(parent, f"{{{tree.CAC}}}{name}")
    return parent


def _add_amount(parent: etree._Element, name: str, amount: Money) -> None:
    _add(parent, name, str(amount)).set("currencyID", "EUR")


def _add_head(root: etree._Element, invoice: Invoice) -> None:
    _add(root, "CustomizationID", CUSTOMIZATION)
    _add(root, "ProfileID", PROFILE)
    _add(root, "ID", invoice.number)
    _add(root, "IssueDate", invoice.issued_on.isoformat())
    if invoice.is_credit_note:
        _add(root, "CreditNoteTypeCode", _CREDIT_NOTE_TYPE)
    else:
        _add(root, "DueDate", invoice.due_on.isoformat())
        _add(root, "InvoiceTypeCode", _INVOICE_TYPE)
    _add(root, "Note", note(invoice))
    _add(root, "DocumentCurrencyCode", "EUR")
    _add(root, "BuyerReference", invoice.project)


def _add_references(root: etree._Element, invoice: Invoice) -> None:
    period = _group(root, "InvoicePeriod")
    _add(period, "StartDate", invoice.starts_on.isoformat())
    _add(period, "EndDate", invoice.ends_on.isoformat())
    if invoice.order:
        _add(_group(root, "OrderReference"), "ID", invoice.order)
    if not invoice.is_credit_note:
        _add(_group(root, "ProjectReference"), "ID", invoice.project)
        return
    preceding = _group(root, "BillingReference", "InvoiceDocumentReference")
    _add(preceding, "ID", invoice.credits)
    if invoice.credits_of is not None:
        _add(preceding, "IssueDate", invoice.credits_of.isoformat())
    project = _group(root, "AdditionalDocumentReference")  # a credit note has no project reference of its own
    _add(project, "ID", invoice.project)
    _add(project, "DocumentTypeCode", _PROJECT_DOCUMENT)


def _add_party(parent: etree._Element, party: Party) -> None:
    """Who has no VAT number gives its enterprise number as the tax registration (BT-32), which exemption asks for."""
    body = _group(parent, "Party")
    _add(body, "EndpointID", party.enterprise_number).set("schemeID", _BELGIAN_NUMBER)
    _add(_group(body, "PartyName"), "Name", party.name)
    address = _group(body, "PostalAddress")
    _add(address, "StreetName", party.street)
    _add(address, "CityName", party.city)
    _add(address, "PostalZone", party.postal_code)
    _add(_group(address, "Country"), "IdentificationCode", party.country)
    is_seller = parent.tag == f"{{{tree.CAC}}}AccountingSupplierParty"
    if party.vat_number or is_seller:
        tax = _group(body, "PartyTaxScheme")
        _add(tax, "CompanyID", party.vat_number or party.enterprise_number)
        _add(_group(tax, "TaxScheme"), "ID", "VAT" if party.vat_number else "TAX")
    legal = _group(body, "PartyLegalEntity")
    _add(legal, "RegistrationName", party.name)
    _add(legal, "CompanyID", party.enterprise_number).set("schemeID", _BELGIAN_NUMBER)


def _add_payment(root: etree._Element, invoice: Invoice) -> None:
    means = _group(root, "PaymentMeans")
    _add(means, "PaymentMeansCode", _CREDIT_TRANSFER)
    if invoice.is_credit_note:
        _add(means, "PaymentDueDate", invoice.due_on.isoformat())
    _add(means, "PaymentID", ogm.pretty(invoice.reference))
    _add(_group(means, "PayeeFinancialAccount"), "ID", invoice.iban)


def _add_vat(root: etree._Element, invoice: Invoice) -> None:
    total = _group(root, "TaxTotal")
    _add_amount(total, "TaxAmount", invoice.vat)
    for kind, base in invoice.vat_groups:
        part = _group(total, "TaxSubtotal")
        _add_amount(part, "TaxableAmount", base)
        _add_amount(part, "TaxAmount", kind.of(base))
        _add_category(part, "TaxCategory", kind, with_reason=True)


def _add_category(parent: etree._Element, name: str, kind: Vat, *, with_reason: bool) -> None:
    category = _group(parent, name)
    _add(category, "ID", kind.category)
    _add(category, "Percent", str(kind.percent))
    if with_reason and kind.exemption_code:
        _add(category, "TaxExemptionReasonCode", kind.exemption_code)
        _add(category, "TaxExemptionReason", kind.exemption_reason)
    _add(_group(category, "TaxScheme"), "ID", "VAT")


def _add_totals(root: etree._Element, invoice: Invoice) -> None:
    total = _group(root, "LegalMonetaryTotal")
    _add_amount(total, "LineExtensionAmount", invoice.net)
    _add_amount(total, "TaxExclusiveAmount", invoice.net)
    _add_amount(total, "TaxInclusiveAmount", invoice.net + invoice.vat)
    if invoice.paid_by_wallet:
        _add_amount(total, "PrepaidAmount", invoice.paid_by_wallet)
    _add_amount(total, "PayableAmount", invoice.payable)


def _add_line(root: etree._Element, invoice: Invoice, place: int, line: Line) -> None:
    body = _group(root, "CreditNoteLine" if invoice.is_credit_note else "InvoiceLine")
    _add(body, "ID", str(place))
    quantity = _add(
        body, "CreditedQuantity" if invoice.is_credit_note else "InvoicedQuantity", str(line.quantity)
    )
    quantity.set("unitCode", _PIECE)
    _add_amount(body, "LineExtensionAmount", line.net)
    item = _group(body, "Item")
    _add(item, "Name", line.description)
    _add_category(item, "ClassifiedTaxCategory", line.vat, with_reason=False)
    _add_amount(_group(body, "Price"), "PriceAmount", line.price)
