"""Walking through an invoice in UBL: the names of its parts, and how a field is read whatever stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC = _UBL + "CommonAggregateComponents-2"
CBC = _UBL + "CommonBasicComponents-2"
INVOICE = _UBL + "Invoice-2"
CREDIT_NOTE = _UBL + "CreditNote-2"
NAMESPACES = {"cac": CAC, "cbc": CBC}

SELLER = "cac:AccountingSupplierParty/cac:Party"
BUYER = "cac:AccountingCustomerParty/cac:Party"

# As XML Schema writes a decimal; longer than any amount is no amount.
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")


def every(element: etree._Element, path: str) -> Iterator[etree._Element]:
    """The elements at a path, in the order of the document."""
    return element.iterfind(path, NAMESPACES)


def first(element: etree._Element, path: str) -> etree._Element | None:
    """The first element at a path."""
    return element.find(path, NAMESPACES)


def has(element: etree._Element, path: str) -> bool:
    """Whether something stands at a path."""
    return first(element, path) is not None


def text(element: etree._Element, path: str) -> str:
    """What stands in the first element at a path, on one line; empty when there is none."""
    return said(first(element, path))


def said(element: etree._Element | None) -> str:
    """What stands in an element, on one line."""
    return "" if element is None else " ".join((element.text or "").split())


def number(element: etree._Element, path: str) -> Decimal | None:
    """The number at a path; None when there is none, or something else."""
    return decimal(text(element, path))


def decimal(written: str) -> Decimal | None:
    """A number as UBL writes it; None for anything else."""
    return Decimal(written) if _DECIMAL.fullmatch(written) else None


def name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname


def is_credit_note(root: etree._Element) -> bool:
    """Whether the document is a credit note by its root."""
    return etree.QName(root).namespace == CREDIT_NOTE


def lines(root: etree._Element) -> Iterator[etree._Element]:
    """The lines of an invoice or credit note."""
    return every(root, "cac:CreditNoteLine" if is_credit_note(root) else "cac:InvoiceLine")


def quantity_path(root: etree._Element) -> str:
    """Where a line of this document says how many."""
    return "cbc:CreditedQuantity" if is_credit_note(root) else "cbc:InvoicedQuantity"


def name_of_line(line: etree._Element) -> str:
    """How a person finds the line: by its number."""
    return text(line, "cbc:ID") or "zonder nummer"
