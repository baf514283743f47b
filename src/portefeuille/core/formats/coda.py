"""Reading CODA 2, the Belgian banks' coded statement of account.

A file is lines of 128 characters. Each statement runs: a header (0), the old balance (1), movements (2) and
information (3), the new balance (8), free messages (4), and a trailer with counts and totals (9). The reader judges
the file by itself: order, version, sums, counts, dates, one account within a statement. It never raises for what a
file holds: everything wrong becomes a ``Problem`` with its line, and with an error nothing may be booked.

Money moves only on movements whose detail number is 0000. Movements with another detail number explain a total; they
are kept beside it, as its details. Source: Febelfin, CODA 2.6; section 2 of the description of formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from portefeuille.core.formats import coda_fields as fields
from portefeuille.core.formats.coda_fields import BadField
from portefeuille.core.formats.coda_movements import DETAIL_TYPES, Draft, finished
from portefeuille.core.formats.coda_problems import TEXTS
from portefeuille.core.formats.content import name_of
from portefeuille.core.formats.statement import Problem, Reading, Severity, Statement
from portefeuille.core.identifiers import NotANumber, iban
from portefeuille.core.money import Money

WIDTH = 128
MOST_PROBLEMS = 100
_LAST_NUMBER = 9999  # after it, sequence and detail numbers start again

# Which record may follow which. A missing new balance is judged at the end: it is forgiven where nothing moved.
_FOLLOWS = {
    "0": "1",
    "1": "23849",
    "2": "23849",
    "3": "23849",
    "8": "49",
    "4": "49",
    "9": "0",
}


@dataclass(slots=True)
class _Open:
    """A statement while its records come in."""

    line: int
    structure: str = ""
    account: str = ""
    currency: str = ""
    sequence: int = 0
    created: date | None = None
    opening: Money = Money.ZERO
    opening_date: date | None = None
    closing: Money | None = None
    closing_date: date | None = None
    has_new_balance: bool = False
    movements: list[Draft] = field(default_factory=list)
    # Details without a total before them: all that a separate application holds, and a fault anywhere else.
    strays: list[Draft] = field(default_factory=list)
    current: Draft | None = None
    records: int = 0
    debits: int = 0
    credits: int = 0
    is_separate: bool = False


class _Reader:
    def __init__(self) -> None:
        self.problems: dict[Severity, list[Problem]] = {"error": [], "warning": []}
        self.statements: list[Statement] = []
        self.open: _Open | None = None
        self.last = "9"  # as if a statement had just ended: only a header may come
        self.number = 0
        self.another_follows = False

    # -- talking of problems ----------------------------------------------------------------------------------------

    def say(
        self, code: str, *, line: int | None = None, severity: Severity = "error", **shown: object
    ) -> None:
        kept = self.problems[severity]  # apart, so that many warnings never push an error out
        if len(kept) < MOST_PROBLEMS:
            text = TEXTS[code].format(**shown)
            kept.append(Problem(self.number if line is None else line, code, text, severity))

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
        except BadField as bad:
            self.say(bad.code, **bad.shown)  # type: ignore[arg-type]

    def finish(self) -> None:
        """The end of the file."""
        if self.open is not None:
            self.say("no_trailer", line=self.open.line)
            self.open = None
        elif not self.statements and not self.problems["error"]:
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
            raise BadField("wrong_version", version=version.strip() or "leeg")
        self.open.created = fields.day(record[5:11])
        self.open.is_separate = record[83:88] not in ("00000", "     ")
        if record[16] == "D":
            self.say("duplicate", severity="warning")

    def old_balance(self, record: str) -> None:
        statement = self._opened()
        statement.records += 1
        statement.structure = record[1]
        statement.account, statement.currency = fields.account(record[1], record[5:42])
        if record[1] in "23" and _account_number(statement.account) is None:
            self.say("bad_iban", severity="warning", account=statement.account or "leeg")
        statement.account = _account_number(statement.account) or statement.account
        statement.opening = fields.signed(record[42], record[43:58])
        statement.opening_date = fields.day(record[58:64])
        statement.sequence = fields.integer(record[125:128], "sequence")

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
                raise BadField("unknown_part", kind="2", part=part)

    def _movement_1(self, statement: _Open, record: str) -> None:
        before, statement.current = statement.current, None
        draft = Draft(
            line=self.number,
            sequence=fields.integer(record[2:6], "movement_number"),
            detail=fields.integer(record[6:10], "detail_number"),
            amount=fields.signed(record[31], record[32:47]),
            value_date=fields.day(record[47:53]),
            entry_date=fields.day(record[115:121]),
            transaction=record[53:61],
            bank_reference=record[10:31].strip(),
            structured=record[62:65] if record[61] == "1" else "",
            communication=record[62:115],
        )
        statement.current = draft
        if draft.detail == 0 and not _wraps(draft, before):
            statement.movements.append(draft)
            if draft.amount < Money.ZERO:
                statement.debits -= draft.amount.cents
            else:
                statement.credits += draft.amount.cents
        elif statement.movements and statement.movements[-1].sequence == draft.sequence:
            statement.movements[-1].details.append(draft)
        else:
            statement.strays.append(draft)

    def _movement_2(self, statement: _Open, record: str) -> None:
        draft = self._continued(statement, record)
        draft.communication += record[10:63]
        draft.end_to_end_id = record[63:98].strip()
        draft.returned = record[112] in "12345"

    def _movement_3(self, statement: _Open, record: str) -> None:
        draft = self._continued(statement, record)
        draft.counterparty_account = fields.counterparty_account(record[10:47])
        draft.counterparty_name = record[47:82].strip() or draft.counterparty_name
        draft.communication += record[82:125]

    def information(self, record: str) -> None:
        statement = self._opened()
        statement.records += 1
        if record[1] not in "123":
            raise BadField("unknown_part", kind="3", part=record[1])
        if (
            record[1] == "1" and record[39:43] == "1001"
        ):  # the counterparty: a name of 70, then where it lives
            self._name_counterparty(statement, record)

    def _name_counterparty(self, statement: _Open, record: str) -> None:
        """Information carries a detail number of its own; it belongs to the movement before it."""
        draft = statement.current
        if draft is not None and f"{draft.sequence:04d}" == record[2:6] and not draft.counterparty_name:
            draft.counterparty_name = record[43:113].strip()

    def new_balance(self, record: str) -> None:
        statement = self._opened()
        statement.records += 1
        statement.has_new_balance = True
        if statement.account:  # else record 1 was refused, and there is nothing to compare with
            told, currency = fields.account(statement.structure, record[4:41])
            account = _account_number(told) or told
            if (account, currency) != (statement.account, statement.currency):
                shown = f"{account} {currency}".strip() or "leeg"
                expected = f"{statement.account} {statement.currency}"
                self.say("other_account", account=shown, expected=expected)
        statement.closing = fields.signed(record[41], record[42:57])
        statement.closing_date = fields.day(record[57:63])

    def message(self, _record: str) -> None:
        self._opened()

    def trailer(self, record: str) -> None:
        statement = self._opened()
        self.open = None
        self.another_follows = record[127] == "1"
        self._compare("wrong_count", fields.integer(record[16:22], "count"), statement.records, str)
        self._compare("wrong_debits", fields.signed("0", record[22:37]).cents, statement.debits, _euro)
        self._compare("wrong_credits", fields.signed("0", record[37:52]).cents, statement.credits, _euro)
        self._close(statement)

    # -- a whole statement ------------------------------------------------------------------------------------------

    def _compare(self, code: str, told: int, counted: int, shown: Callable[[int], str]) -> None:
        if told != counted:
            self.say(code, told=shown(told), counted=shown(counted))

    def _close(self, statement: _Open) -> None:
        moved = statement.credits - statement.debits
        if statement.closing is None:
            if statement.has_new_balance:
                return  # it could not be read, and that was said
            if statement.movements or statement.strays:
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
        self._judge_details(statement, statement.closing)
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
                movements=tuple(finished(draft, day) for draft in statement.movements),
            )
        )

    def _judge_details(self, statement: _Open, closing: Money) -> None:
        """A separate application details the totals of another file: it has no balances, and no money of its own."""
        if statement.is_separate and not statement.opening and not closing:
            if statement.movements or statement.strays:
                self.say("separate_application", line=statement.line)
            return
        for stray in statement.strays:
            self.say("detail_without_total", line=stray.line, sequence=stray.sequence)

    # -- what records belong to ---------------------------------------------------------------------------------------

    def _opened(self) -> _Open:
        if self.open is None:
            raise BadField("no_header")
        return self.open

    def _continued(self, statement: _Open, record: str) -> Draft:
        """The movement that this record continues: its sequence and detail numbers must be the same."""
        draft = statement.current
        numbers = (
            fields.integer(record[2:6], "movement_number"),
            fields.integer(record[6:10], "detail_number"),
        )
        if draft is None or (draft.sequence, draft.detail) != numbers:
            raise BadField("continues_nothing", sequence=numbers[0])
        return draft


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
    problems = [one for kept in reader.problems.values() for one in sorted(kept, key=lambda one: one.line)]
    return Reading("coda", tuple(problems), tuple(reader.statements))


def _not_coda(content: bytes) -> tuple[str, Problem] | None:
    """What the file is instead, and what to say of that."""
    if not content.strip(b"\xef\xbb\xbf \t\r\n\x1a"):
        return "empty", Problem(1, "empty_file", TEXTS["empty_file"])
    if name := name_of(content):
        code = "is_" + name.replace(".", "")
        return name, Problem(1, code, TEXTS[code])
    if b"\x00" in content:
        line = content[: content.index(b"\x00")].count(b"\n") + 1
        return "unknown", Problem(line, "binary", TEXTS["binary"])
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"0":
        return "unknown", Problem(1, "not_coda", TEXTS["not_coda"])
    return None


def _lines(content: bytes) -> Iterator[str]:
    """The lines as text, without a byte-order mark before them or blank ones and an end-of-file mark behind them."""
    body = content.removeprefix(b"\xef\xbb\xbf").rstrip(b" \t\r\n\x1a")
    if body.isascii():  # most files: one step for all lines
        return iter(body.decode("ascii").split("\n"))
    return map(_text, body.split(b"\n"))


def _text(line: bytes) -> str:
    """A line in the encoding that banks use; a byte that it does not know becomes a replacement mark.

    A file that some program saved again in UTF-8 has lines of more bytes than characters: in the banks' encoding every
    field behind an accent would have moved. A line of exactly the right number of bytes never was such a one.
    """
    if not line.isascii() and len(line.rstrip(b"\r")) != WIDTH:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return line.decode("cp1252", errors="replace")


def _wraps(draft: Draft, before: Draft | None) -> bool:
    """Whether detail number 0000 is only the one after 9999: a detail still, of the same movement."""
    return (
        before is not None
        and (before.sequence, before.detail) == (draft.sequence, _LAST_NUMBER)
        and draft.kind_of_record in DETAIL_TYPES
    )


def _account_number(text: str) -> str | None:
    """An IBAN without spaces, or None when it is none or its check fails."""
    try:
        return iban(text)
    except NotANumber:
        return None


def _euro(cents: int) -> str:
    return Money(cents).belgian
