"""Invoices to check: right ones of each kind, and ways to spoil them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from lxml import etree

from portefeuille.core.formats import ogm
from portefeuille.core.formats import ubl_tree as tree
from portefeuille.core.formats.ubl_writer import ARTICLE_44, MEALS, STANDARD, Invoice, Line, Party, write
from portefeuille.core.money import Money

SELLER = Party(
    "Leerhuis Voorbeeld BV", "0000000196", "Teststraat 1", "9000", "Gent", vat_number="BE0000000196"
)
EXEMPT_SELLER = replace(SELLER, vat_number="")
BUYER = Party("Klant Voorbeeld BV", "0000000295", "Testlaan 2", "8000", "Brugge", vat_number="BE0000000295")

TRAINING = Line("Opleiding boekhouden", Money.euros("1000.00"), STANDARD)
EXEMPT_TRAINING = replace(TRAINING, vat=ARTICLE_44)
LUNCH = Line("Lunch", Money.euros("25.00"), MEALS, quantity=2, in_wallet=False)

WITH_VAT = Invoice(
    number="2026-0042",
    issued_on=date(2026, 11, 20),
    due_on=date(2026, 12, 20),
    seller=SELLER,
    buyer=BUYER,
    iban="BE68539007547034",
    reference=ogm.make(2_026_000_017),
    project="KP2026-000017",
    starts_on=date(2026, 11, 10),
    ends_on=date(2026, 11, 12),
    lines=(TRAINING,),
)
CASES: dict[str, Invoice] = {
    "training with 21 %": WITH_VAT,
    "a lunch with 12 % apart": replace(WITH_VAT, lines=(TRAINING, LUNCH)),
    "article 44 with a VAT number": replace(WITH_VAT, lines=(EXEMPT_TRAINING,)),
    "article 44 without a VAT number": replace(WITH_VAT, seller=EXEMPT_SELLER, lines=(EXEMPT_TRAINING,)),
    "credit note": replace(WITH_VAT, number="2026-C003", credits="2026-0042", credits_of=date(2026, 11, 20)),
    "credit note without VAT": replace(
        WITH_VAT, seller=EXEMPT_SELLER, lines=(EXEMPT_TRAINING,), number="2026-C004", credits="2026-0042"
    ),
    "only VAT due": replace(WITH_VAT, paid_by_wallet=Money.euros("1000.00")),
    "nothing due": replace(WITH_VAT, lines=(EXEMPT_TRAINING,), paid_by_wallet=Money.euros("1000.00")),
    "with an order": replace(WITH_VAT, order="PO-7"),
}
GOOD = write(WITH_VAT)
CREDIT_NOTE = write(CASES["credit note"])

Spoil = Callable[[etree._Element], None]
_PREFIXES = f'xmlns:cac="{tree.CAC}" xmlns:cbc="{tree.CBC}"'


def spoiled(content: bytes, *spoils: Spoil) -> bytes:
    """The invoice with something wrong."""
    root = etree.fromstring(content)
    for spoil in spoils:
        spoil(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def at(root: etree._Element, path: str) -> etree._Element:
    found = tree.first(root, path)
    assert found is not None, path
    return found


def without(path: str) -> Spoil:
    def spoil(root: etree._Element) -> None:
        gone = at(root, path)
        parent = gone.getparent()
        assert parent is not None
        parent.remove(gone)

    return spoil


def saying(path: str, text: str) -> Spoil:
    def spoil(root: etree._Element) -> None:
        at(root, path).text = text

    return spoil


def marked(path: str, attribute: str, value: str) -> Spoil:
    def spoil(root: etree._Element) -> None:
        at(root, path).set(attribute, value)

    return spoil


def twice(path: str) -> Spoil:
    def spoil(root: etree._Element) -> None:
        once = at(root, path)
        once.addnext(etree.fromstring(etree.tostring(once, with_tail=False)))

    return spoil


def after(path: str, xml: str) -> Spoil:
    """With something more behind what stands at a path; the names in it are written with their prefixes."""

    def spoil(root: etree._Element) -> None:
        wrapped = etree.fromstring(f"<x {_PREFIXES}>{xml}</x>")
        for part in reversed(wrapped):
            at(root, path).addnext(part)

    return spoil
