"""Writing pain.001.001.09: a file of SEPA transfers for the bank.

Everything that could differ between two makings (ids, creation time) is given by the caller from what is stored, so
that making the file again gives the same bytes. Source: ISO 20022; section 3.2 of the description of formats.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from portefeuille.core.calendar import BRUSSELS
from portefeuille.core.formats import ogm
from portefeuille.core.money import Money

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_BATCH = "-1"  # what a batch's id adds to that of its file
LONGEST_NAME = 70
LONGEST_TEXT = 140
LARGEST = Money(99_999_999_999)

_ALLOWED = re.compile(r"[^a-zA-Z0-9/\-?:().,'+ ]")
# An id starts with a letter or figure, and no slash or space ends it.
_ID = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9/\-?:().,'+ ]{0,33}[a-zA-Z0-9\-?:().,'+])?")
# Letters that are no letter with an accent, and the signs that firms put in their names.
_SPELLED = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "&": "+", "@": "(at)"}
    | {"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-"}
)


@dataclass(frozen=True, slots=True)
class Payment:
    """One transfer: with the creditor's ``reference`` (a structured communication), else ``remittance`` in words."""

    end_to_end_id: str
    amount: Money
    creditor_name: str
    creditor_iban: str
    reference: str = ""
    remittance: str = ""


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """All transfers of one run, out of one account, on one day. ``debtor_number`` is an enterprise number."""

    message_id: str
    created_at: datetime
    execute_on: date
    debtor_name: str
    debtor_iban: str
    payments: tuple[Payment, ...]
    debtor_bic: str = ""
    debtor_number: str = ""


def plain(text: str, longest: int) -> str:
    """The text in the characters that every bank takes (accents dropped), cut to so many."""
    spelled = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    bare = "".join(mark for mark in spelled if not unicodedata.combining(mark))
    return " ".join(_ALLOWED.sub(" ", bare).split())[:longest].strip()


def write(file: PaymentFile) -> bytes:
    """The file, in UTF-8. Raises ValueError for a file without payments, a wrong amount, id or reference."""
    _check(file)
    root = etree.Element(_name("Document"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    body = _add(root, "CstmrCdtTrfInitn")
    total = str(Money(sum(payment.amount.cents for payment in file.payments)))
    head = _add(body, "GrpHdr")
    _add(head, "MsgId", file.message_id)
    _add(head, "CreDtTm", file.created_at.astimezone(BRUSSELS).replace(microsecond=0).isoformat())
    _add(head, "NbOfTxs", str(len(file.payments)))
    _add(head, "CtrlSum", total)
    _add_initiator(head, file)
    batch = _add(body, "PmtInf")
    _add(batch, "PmtInfId", file.message_id + _BATCH)
    _add(batch, "PmtMtd", "TRF")
    _add(batch, "BtchBookg", "false")  # one debit for each payment, so that each is confirmed by itself
    _add(batch, "NbOfTxs", str(len(file.payments)))
    _add(batch, "CtrlSum", total)
    _add(_add(_add(batch, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _add(_add(batch, "ReqdExctnDt"), "Dt", file.execute_on.isoformat())
    _add(_add(batch, "Dbtr"), "Nm", plain(file.debtor_name, LONGEST_NAME))
    _add_iban(_add(batch, "DbtrAcct"), file.debtor_iban)
    _add_agent(_add(batch, "DbtrAgt"), file.debtor_bic)
    _add(batch, "ChrgBr", "SLEV")
    for payment in file.payments:
        _add_transfer(batch, payment)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _add_initiator(head: etree._Element, file: PaymentFile) -> None:
    initiator = _add(head, "InitgPty")
    _add(initiator, "Nm", plain(file.debtor_name, LONGEST_NAME))
    if file.debtor_number:
        other = _add(_add(_add(initiator, "Id"), "OrgId"), "Othr")
        _add(other, "Id", file.debtor_number)
        _add(other, "Issr", "KBO-BCE")


def _add_transfer(batch: etree._Element, payment: Payment) -> None:
    transfer = _add(batch, "CdtTrfTxInf")
    _add(_add(transfer, "PmtId"), "EndToEndId", payment.end_to_end_id)
    _add(_add(transfer, "Amt"), "InstdAmt", str(payment.amount)).set("Ccy", "EUR")
    _add(_add(transfer, "Cdtr"), "Nm", plain(payment.creditor_name, LONGEST_NAME))
    _add_iban(_add(transfer, "CdtrAcct"), payment.creditor_iban)
    remittance = _add(transfer, "RmtInf")
    if not payment.reference:
        _add(remittance, "Ustrd", plain(payment.remittance, LONGEST_TEXT))
        return
    reference = _add(_add(remittance, "Strd"), "CdtrRefInf")
    kind = _add(reference, "Tp")
    _add(_add(kind, "CdOrPrtry"), "Cd", "SCOR")
    _add(kind, "Issr", "BBA")
    _add(reference, "Ref", payment.reference)


def _add_iban(parent: etree._Element, iban: str) -> None:
    _add(_add(parent, "Id"), "IBAN", iban)


def _add_agent(parent: etree._Element, bic: str) -> None:
    institution = _add(parent, "FinInstnId")
    if bic:
        _add(institution, "BICFI", bic)
    else:
        _add(_add(institution, "Othr"), "Id", "NOTPROVIDED")


def _check(file: PaymentFile) -> None:
    if not file.payments:
        raise ValueError("a payment file needs payments")
    for text in (file.message_id + _BATCH, *(payment.end_to_end_id for payment in file.payments)):
        if not _ID.fullmatch(text) or "//" in text:
            raise ValueError(f"{text!r} is not an id that banks take")
    if len({payment.end_to_end_id for payment in file.payments}) != len(file.payments):
        raise ValueError("two payments share an end-to-end id")
    for payment in file.payments:
        if not Money.ZERO < payment.amount <= LARGEST:
            raise ValueError(f"{payment.amount} can't be transferred")
        if payment.reference and not ogm.is_valid(payment.reference):
            raise ValueError(f"{payment.reference!r} is not a structured communication")
        if not plain(payment.creditor_name, LONGEST_NAME):
            raise ValueError("a payment needs the creditor's name")
        if not (payment.reference or plain(payment.remittance, LONGEST_TEXT)):
            raise ValueError("a payment needs a reference or a text")


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _add(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, _name(tag))
    child.text = text
    return child
