"""Reading CODA 2, the Belgian banks' coded statement of account.

A file is lines of 128 characters. Each statement runs: a header (0), the old balance (1), movements (2) and
information (3), the new balance (8), free messages (4), and a trailer with counts and totals (9). The reader judges
the file by itself: order, version, sums, counts, dates, one account within a statement. It never raises for what a
file holds: everything wrong becomes a ``Problem`` with its line, and with an error nothing may be booked.

Money moves only on movements whose detail number is 0000. Movements with another detail number explain a total; they
are kept beside it, as its details. Source: Febelfin, CODA 2.6; section 2 of the description of formats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from portefeuille.core.formats import ogm
from portefeuille.core.formats.coda_problems import TEXTS
from portefeuille.core.formats.statement import Movement, Problem, Reading, Severity, Statement
from portefeuille.core.identifiers import NotANumber, iban
from portefeuille.core.money import Money

WIDTH = 128
MOST_PROBLEMS = 100

# Which record may follow which. A missing new balance is forgiven where nothing moved.
_FOLLOWS = {
    "0": "1",
    "1": "2389",
    "2": "2389",
    "3": "2389",
    "8": "49",
    "4": "49",
    "9": "0",
}
_OTHER_FORMATS = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"<", "xml"),
    (b":20:", "mt940"),
    (b"{1:", "mt940"),
)
_DETAIL_TYPES = "56789"


class _Bad(Exception):
    """A field that can't be read; ``code`` is a key of ``TEXTS``."""

    def __init__(self, code: str, **shown: object) -> None:
        super().__init__(code)
        self.code = code
        self.shown = shown


@dataclass(slots=True)
class _Draft:
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
    details: list[_Draft] = field(default_factory=list)

    @property
    def is_detail(self) -> bool:
        return self.detail != 0


@dataclass(slots=True)
class _Open:
    """A statement while its records come in."""

    line: int
    account: str = ""
    currency: str = ""
    sequence: int = 0
    created: date | None = None
    opening: Money = Money.ZERO
    opening_date: date | None = None
    closing: Money | None = None
    closing_date: date | None = None
    movements: list[_Draft] = field(default_factory=list)
    current: _Draft | None = None
    records: int = 0
    debits: int = 0
    credits: int = 0
    is_separate: bool = False


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.statements: list[Statement] = []
        self.open: _Open | None = None
        self.last = "9"  # as if a statement had just ended: only a header may come
        self.number = 0
        self.another_follows = False

    # -- talking of problems ----------------------------------------------------------------------------------------

    def say(
        self, code: str, *, line: int | None = None, severity: Severity = "error", **shown: object
    ) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            text = TEXTS[code].format(**shown)
            self.problems.append(Problem(self.number if line is None else line, code, text, severity))

    # -- lines ------------------------------------------------------------------------------------------------------

    def take(self, text: str) -> None:
        """One line of the file."""
        self.number += 1
        record = text.rstrip("\r\n")
        if len(record) > WIDTH:
            if record[WIDTH:].strip():
                self.say("too_long", width=len(record))
                return
            record = record[:WIDTH]
        record = record.ljust(WIDTH)
        if not record.strip():
            self.say("blank_line", severity="warning")
            return
        kind = record[0]
        if kind not in _FOLLOWS:
            self.say("unknown_record", kind=kind)
            return
        if kind not in _FOLLOWS[self.last]:
            self.say("out_of_order", kind=kind, last=self.last, expected=", ".join(_FOLLOWS[self.last]))
            if kind != "0" and self.open is None:
                return
        self.last = kind
        try:
            _TAKERS[kind](self, record)
        except _Bad as bad:
            self.say(bad.code, **bad.shown)  # type: ignore[arg-type]

    def finish(self) -> None:
        """The end of the file."""
        if self.open is not None:
            self.say("no_trailer", line=self.open.line)
            self.open = None
        elif not self.statements and not self.problems:
            self.say("empty_file", line=1)
        elif self.another_follows:
            self.say("another_follows", severity="warning")

    # -- records ----------------------------------------------------------------------------------------------------

    def header(self, record: str) -> None:
        if self.open is not None:
            self.say("no_trailer", line=self.open.line)
        self.open = _Open(line=self.number)
        version = record[127]
        if version != "2":
            raise _Bad("wrong_version", version=version.strip() or "leeg")
        self.open.created = _day(record[5:11])
        self.open.is_separate = record[83:88] not in ("00000", "     ")
        if record[16] == "D":
            self.say("duplicate", severity="warning")

    def old_balance(self, record: str) -> None:
        statement = self._opened()
        statement.records += 1
        statement.account, statement.currency = self._account(record[1], record[5:42])
        statement.opening = _signed(record[42], record[43:58])
        statement.opening_date = _day(record[58:64])
        statement.sequence = _integer(record[125:128], "sequence")

    def movement(self, record: str) -> None:
        statement = self._opened()
        statement.records += 1
        match record[1]:
            case "1":
                self._movement_1(statement, record)
            case "2":
                self._movement_2(statement, record)
            case "3":
                self._movement_3(statement, record)
            case part:
                raise _Bad("unknown_part", kind="2", part=part)

    def _movement_1(self, statement: _Open, record: str) -> None:
        statement.current = None
        draft = _Draft(
            line=self.number,
            sequence=_integer(record[2:6], "movement_number"),
            detail=_integer(record[6:10], "detail_number"),
            amount=_signed(record[31], record[32:47]),
            value_date=_day(record[47:53]),
            entry_date=_day(record[115:121]),
            transaction=record[53:61],
            bank_reference=record[10:31].strip(),
            structured=record[62:65] if record[61] == "1" else "",
            communication=record[62:115],
        )
        statement.current = draft
        if not draft.is_detail:
            statement.movements.append(draft)
            if draft.amount < Money.ZERO:
                statement.debits -= draft.amount.cents
            else:
                statement.credits += draft.amount.cents
            return
        if not statement.movements or statement.movements[-1].sequence != draft.sequence:
            raise _Bad("detail_without_total", sequence=draft.sequence)
        statement.movements[-1].details.append(draft)

    def _movement_2(self, statement: _Open, record: str) -> None:
        draft = self._continued(statement, record)
        draft.communication += record[10:63]
        draft.end_to_end_id = record[63:98].strip()
        draft.returned = record[112] in "12345"

    def _movement_3(self, statement: _Open, record: str) -> None:
        draft = self._continued(statement, record)
        draft.counterparty_account = record[10:44].strip()
        draft.counterparty_name = record[47:82].strip()
        draft.communication += record[82:125]

    def information(self, record: str) -> None:
        statement = self._opened()
        statement.records += 1
        if record[1] not in "123":
            raise _Bad("unknown_part", kind="3", part=record[1])

    def new_balance(self, record: str) -> None:
        statement = self._opened()
        statement.records += 1
        account, _currency = self._account("2" if record[4:6].isalpha() else "0", record[4:41], quiet=True)
        if account != statement.account:
            raise _Bad("other_account", account=account or "leeg", expected=statement.account)
        statement.closing = _signed(record[41], record[42:57])
        statement.closing_date = _day(record[57:63])

    def message(self, _record: str) -> None:
        self._opened()

    def trailer(self, record: str) -> None:
        statement = self._opened()
        self.open = None
        self.another_follows = record[127] == "1"
        for place, code, counted in (
            (record[16:22], "wrong_count", statement.records),
            (record[22:37], "wrong_debits", statement.debits),
            (record[37:52], "wrong_credits", statement.credits),
        ):
            told = _integer(place, "count") if code == "wrong_count" else _signed("0", place).cents
            if told != counted:
                shown = (told, counted) if code == "wrong_count" else (_euro(told), _euro(counted))
                self.say(code, told=shown[0], counted=shown[1])
        self._close(statement)

    # -- a whole statement ------------------------------------------------------------------------------------------

    def _close(self, statement: _Open) -> None:
        moved = statement.credits - statement.debits
        if statement.closing is None:
            if statement.movements:
                self.say("no_new_balance")
                return
            self.say("no_new_balance_empty", severity="warning")
            statement.closing, statement.closing_date = statement.opening, statement.opening_date
        if statement.opening.cents + moved != statement.closing.cents:
            self.say(
                "does_not_add_up",
                opening=statement.opening.belgian,
                moved=_euro(moved),
                should=_euro(statement.opening.cents + moved),
                closing=statement.closing.belgian,
            )
        if statement.currency != "EUR":
            self.say("wrong_currency", currency=statement.currency or "leeg", line=statement.line)
        if statement.is_separate and statement.movements:
            self.say("separate_application", line=statement.line)
        day = statement.closing_date or statement.created
        if day is None:
            self.say("no_closing_date")
            return
        self.statements.append(
            Statement(
                account=statement.account,
                currency=statement.currency,
                sequence=statement.sequence,
                opening=statement.opening,
                opening_date=statement.opening_date,
                closing=statement.closing,
                closing_date=day,
                movements=tuple(_finished(draft, day) for draft in statement.movements),
            )
        )

    # -- fields -----------------------------------------------------------------------------------------------------

    def _opened(self) -> _Open:
        if self.open is None:
            raise _Bad("no_header")
        return self.open

    def _continued(self, statement: _Open, record: str) -> _Draft:
        """The movement that this record continues: its sequence and detail numbers must be the same."""
        draft = statement.current
        numbers = (_integer(record[2:6], "movement_number"), _integer(record[6:10], "detail_number"))
        if draft is None or (draft.sequence, draft.detail) != numbers:
            raise _Bad("continues_nothing", sequence=numbers[0])
        return draft

    def _account(self, structure: str, text: str, *, quiet: bool = False) -> tuple[str, str]:
        """The account and its currency, by the structure that the record names."""
        match structure:
            case "0":
                account, currency = text[:12].strip(), text[13:16]
            case "1" | "3":
                account, currency = text[:34].strip(), text[34:37]
            case "2":
                account, currency = text[:31].strip(), text[34:37]
            case _:
                raise _Bad("unknown_structure", structure=structure)
        if structure in "23" and not quiet:
            try:
                account = iban(account)
            except NotANumber:
                self.say("bad_iban", severity="warning", account=account or "leeg")
        return account, currency


_TAKERS: dict[str, Callable[[_Reader, str], None]] = {
    "0": _Reader.header,
    "1": _Reader.old_balance,
    "2": _Reader.movement,
    "3": _Reader.information,
    "8": _Reader.new_balance,
    "4": _Reader.message,
    "9": _Reader.trailer,
}


def read(content: bytes) -> Reading:
    """Read a whole file. Never raises for what it holds."""
    if problem := _not_coda(content):
        return Reading(problem[0], (problem[1],), ())
    reader = _Reader()
    for line in _lines(content):
        reader.take(line)
    reader.finish()
    order: dict[Severity, int] = {"error": 0, "warning": 1}
    problems = sorted(reader.problems, key=lambda one: (order[one.severity], one.line))
    return Reading("coda", tuple(problems), tuple(reader.statements))


def _not_coda(content: bytes) -> tuple[str, Problem] | None:
    head = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return "empty", Problem(1, "empty_file", TEXTS["empty_file"])
    for magic, name in _OTHER_FORMATS:
        if head.startswith(magic):
            return name, Problem(1, f"is_{name}", TEXTS[f"is_{name}"])
    if b"\x00" in content:
        line = content[: content.index(b"\x00")].count(b"\n") + 1
        return "unknown", Problem(line, "binary", TEXTS["binary"])
    if head[:1] != b"0":
        return "unknown", Problem(1, "not_coda", TEXTS["not_coda"])
    return None


def _lines(content: bytes) -> Iterator[str]:
    """The lines, in the encoding that banks use; a byte that it does not know becomes a replacement mark."""
    text = content.decode("cp1252", errors="replace")
    lines = text.split("\n")
    if lines and not lines[-1].strip("\r\x1a "):
        lines.pop()  # after the last line end, and an old end-of-file mark
    return iter(lines)


def _integer(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise _Bad("not_a_number", what=_WHAT[what], text=text.strip() or "leeg")
    return int(text)


_WHAT = {
    "sequence": "het volgnummer van het uittreksel",
    "movement_number": "het nummer van de beweging",
    "detail_number": "het detailnummer",
    "count": "het aantal records",
}


def _signed(sign: str, digits: str) -> Money:
    """An amount of twelve digits and three decimals, the last of which must be 0; sign 0 is a credit, 1 a debit."""
    if not (digits.isascii() and digits.isdigit()):
        raise _Bad("bad_amount", text=digits.strip() or "leeg")
    if sign not in ("0", "1"):
        raise _Bad("bad_sign", sign=sign.strip() or "leeg")
    if digits[-1] != "0":
        raise _Bad("third_decimal", text=f"{int(digits[:12])},{digits[12:]}")
    cents = int(digits) // 10
    if cents > 10**13:
        raise _Bad("bad_amount", text=digits)
    return Money(-cents if sign == "1" else cents)


def _day(text: str) -> date | None:
    """A day as DDMMYY; six zeros are no day."""
    if text == "000000":
        return None
    if not (text.isascii() and text.isdigit()):
        raise _Bad("bad_date", text=text.strip() or "leeg")
    year = int(text[4:])
    try:
        return date(1900 + year if year >= 80 else 2000 + year, int(text[2:4]), int(text[:2]))
    except ValueError:
        raise _Bad("bad_date", text=f"{text[:2]}/{text[2:4]}/{text[4:]}") from None


def _euro(cents: int) -> str:
    return Money(cents).belgian


def _finished(draft: _Draft, day: date) -> Movement:
    references, communication = _said(draft)
    movement = Movement(
        line=draft.line,
        sequence=draft.sequence,
        amount=draft.amount,
        entry_date=draft.entry_date or draft.value_date or day,
        value_date=draft.value_date,
        references=references,
        communication=communication,
        counterparty_name=draft.counterparty_name,
        counterparty_account=draft.counterparty_account,
        kind=_kind(draft),
        bank_reference=draft.bank_reference,
        end_to_end_id=draft.end_to_end_id,
    )
    if not draft.details:
        return movement
    return replace(movement, details=tuple(_details(draft, movement, day)))


def _details(total: _Draft, movement: Movement, day: date) -> Iterable[Movement]:
    """The details one level down. A detail that names no counterparty or reference has those of its total."""
    wanted = min(detail.transaction[0] for detail in total.details)
    for detail in total.details:
        if detail.transaction[0] == wanted and wanted in _DETAIL_TYPES:
            one = _finished(detail, day)
            yield replace(
                one,
                entry_date=movement.entry_date,
                counterparty_name=one.counterparty_name or movement.counterparty_name,
                counterparty_account=one.counterparty_account or movement.counterparty_account,
            )


def _said(draft: _Draft) -> tuple[tuple[str, ...], str]:
    """The valid references of a movement, and its communication as text.

    A structured one holds its reference at a fixed place; only free text is searched.
    """
    text = draft.communication
    match draft.structured:
        case "":
            plain = text.strip()
            return tuple(ogm.find(plain)), re.sub(r" {2,}", " ", plain)
        case "101" | "102":
            digits = text[3:15].strip()
        case "105":
            digits = text[3 + 45 : 3 + 57].strip()  # straddles the first and the second record
        case "100":
            content = text[3:28].strip()
            return tuple(ogm.find(content)), content
        case "127":
            content = text[3 + 6 + 1 + 1 + 1 + 35 + 35 :][:62].strip()
            return tuple(ogm.find(content)), content
        case _:
            return (), text[3:].strip()
    shown = ogm.pretty(digits) if re.fullmatch(r"[0-9]{12}", digits) else text[3:].strip()
    return ((digits,) if ogm.is_valid(digits) else ()), shown


def _kind(draft: _Draft) -> str:
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
