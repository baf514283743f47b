"""What the records of one CODA movement say together: the amounts, the references, and which of it is money.

A movement whose detail number is 0000 moved money. Those below it explain it: the details of a total (transaction
types 5, 6 and 7), the details of such a detail (type 9), or the charges inside a single movement (type 8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from portefeuille.core.formats import ogm
from portefeuille.core.formats.statement import Movement
from portefeuille.core.money import Money

# Transaction types: totals by the customer or by the bank, the details that sum up to one, and details of those.
_TOTALS = ("1", "2")
_DETAILS_OF_TOTAL = ("5", "6", "7")
_DETAILS_OF_DETAIL = "9"
DETAIL_TYPES = ("5", "6", "7", "8", "9")


@dataclass(slots=True)
class Draft:
    """A movement while its records come in."""

    line: int
    sequence: int
    detail: int
    amount: Money
    value_date: date | None
    entry_date: date | None
    transaction: str
    bank_reference: str
    structured: str
    communication: str
    end_to_end_id: str = ""
    returned: bool = False
    counterparty_name: str = ""
    counterparty_account: str = ""
    details: list[Draft] = field(default_factory=list)

    @property
    def kind_of_record(self) -> str:
        """The transaction type: single, total, or detail."""
        return self.transaction[:1]


def finished(draft: Draft, day: date) -> Movement:
    """The movement that the records make; ``day`` stands in where the bank named no entry date."""
    references, communication = _said(draft)
    movement = Movement(
        line=draft.line,
        sequence=draft.sequence,
        amount=draft.amount,
        entry_date=draft.entry_date or draft.value_date or day,
        value_date=draft.value_date,
        references=references,
        reference_rebuilt=draft.structured == "102" and bool(references),
        communication=communication,
        counterparty_name=draft.counterparty_name,
        counterparty_account=draft.counterparty_account,
        kind=_kind(draft),
        bank_reference=draft.bank_reference,
        end_to_end_id=draft.end_to_end_id,
    )
    if not draft.details:
        return movement
    details = tuple(finished(detail, day) for detail in draft.details)
    return replace(movement, details=details, parts=tuple(details[place] for place in _parts(draft)))


def _parts(total: Draft) -> Sequence[int]:
    """Which details, taken together, are the whole of a total; none when they don't sum to it.

    A detail of a detail is taken instead of it where these sum up to it, because it carries the references.
    """
    if total.kind_of_record not in _TOTALS:
        return ()
    parts: list[int] = []
    for place, beneath in _families(total.details):
        whole = total.details[place].amount.cents
        explained = bool(beneath) and sum(total.details[one].amount.cents for one in beneath) == whole
        parts += beneath if explained else [place]
    return parts if sum(total.details[one].amount.cents for one in parts) == total.amount.cents else ()


def _families(details: Sequence[Draft]) -> Iterator[tuple[int, list[int]]]:
    """Each detail of a total by its place, with the places of the details beneath it."""
    open_one: tuple[int, list[int]] | None = None
    for place, detail in enumerate(details):
        if detail.kind_of_record in _DETAILS_OF_TOTAL:
            if open_one is not None:
                yield open_one
            open_one = (place, [])
        elif detail.kind_of_record == _DETAILS_OF_DETAIL and open_one is not None:
            open_one[1].append(place)
    if open_one is not None:
        yield open_one


def _said(draft: Draft) -> tuple[tuple[str, ...], str]:
    """The valid references of a movement, and its communication as text.

    A structured one holds its reference at a fixed place; only free text is searched.
    """
    text = draft.communication
    match draft.structured:
        case "":
            plain = text.strip()
            return tuple(ogm.find(plain)), plain
        case "101" | "102":
            digits = text[3:15].strip()
        case "105":
            digits = text[3 + 45 : 3 + 57].strip()  # straddles the first and the second record
        case "100":
            content = text[3:28].strip()
            return tuple(ogm.wrapped(content)), content
        case "127":
            content = text[3 + 6 + 1 + 1 + 1 + 35 + 35 :][:62].strip()
            return tuple(ogm.find(content)), content
        case _:
            return (), text[3:].strip()
    shown = ogm.pretty(digits) if re.fullmatch(r"[0-9]{12}", digits) else text[3:].strip()
    return ((digits,) if ogm.is_valid(digits) else ()), shown


def _kind(draft: Draft) -> str:
    """What sort of movement it is, in one word, from the transaction code's family and operation."""
    family, operation = draft.transaction[1:3], draft.transaction[3:5]
    if draft.returned or (family in ("01", "02") and operation == "54"):
        return "returned"
    if family in ("01", "02"):
        if operation in ("49", "99"):
            return "reversed"
        return "charge" if operation == "37" else "transfer"
    return {
        "03": "cheque",
        "04": "card",
        "05": "direct_debit",
        "13": "credit",
        "35": "closing",
        "41": "foreign_transfer",
        "80": "charge",
    }.get(family, "other")
