"""Writing CODA 2 files: what a bank would send, for stories, the demo and tests.

Only what this platform needs to read back: transfers with a structured (101) or free communication, a counterparty,
an end-to-end id, and payments that came back. What is written here reads back the same (a property of the tests).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portefeuille.core.money import Money

_LONGEST_FREE = 53 + 53 + 43
_LONGEST_STRUCTURED = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One movement. ``reference`` is a structured communication (twelve digits, right or wrong) instead of ``text``."""

    amount: Money
    name: str = ""
    account: str = ""
    reference: str = ""
    text: str = ""
    end_to_end_id: str = ""
    is_returned: bool = False
    reason: str = ""
    entry_date: date | None = None


def write(
    *, account: str, holder: str, sequence: int, day: date, opening: Money, lines: Sequence[Line]
) -> bytes:
    """One statement of a Belgian IBAN in euro, closed on ``day``. Raises ValueError for what does not fit."""
    closing = opening + Money(sum(line.amount.cents for line in lines))
    movements = [
        record for number, line in enumerate(lines, start=1) for record in _movement(number, line, day)
    ]
    body = [
        _record("1", _text("2", 1), f"{sequence % 1000:03d}", _account(account), _signed(opening), _day(day))
        + _text(holder, 26)
        + _text("Rekening van de portefeuille", 35)
        + f"{sequence % 1000:03d}",
        *movements,
        _record("8", f"{sequence % 1000:03d}", _account(account), _signed(closing), _day(day)).ljust(127)
        + "0",
    ]
    header = "00000" + _day(day) + "99905".ljust(13) + "KMO".ljust(10) + _text(holder, 26) + " " * 22
    header = header.ljust(83) + "00000"
    went_out = sum(-line.amount.cents for line in lines if line.amount.cents < 0)
    came_in = sum(line.amount.cents for line in lines if line.amount.cents > 0)
    trailer = "9".ljust(16) + f"{len(body):06d}{went_out * 10:015d}{came_in * 10:015d}"
    records = [header.ljust(127) + "2", *body, trailer.ljust(127) + "2"]
    if wrong := next((record for record in records if len(record) != 128), None):
        raise ValueError(f"a record of {len(wrong)} characters: {wrong!r}")
    return ("\n".join(records) + "\n").encode("cp1252")


def _movement(number: int, line: Line, day: date) -> Iterable[str]:
    communication = _communication(line)
    operation = "54" if line.is_returned else ("50" if line.amount.cents > 0 else "01")
    numbers = f"{number % 10_000:04d}0000"
    entry = _day(line.entry_date or day)
    first = f"21{numbers}{f'KMO{number:018d}'}{_signed(line.amount)}{entry}001{operation}000"
    yield f"{first}{communication[:54]}{entry}00001 0"[:125].ljust(125) + "1 0"
    second = f"22{numbers}{communication[54:107]}{_text(line.end_to_end_id, 35)}".ljust(112)
    second += ("2" if line.is_returned else " ") + _text(line.reason, 4)
    yield second.ljust(125) + "1 0"
    third = f"23{numbers}{_text(line.account, 34)}{'EUR' if line.account else '   '}{_text(line.name, 35)}"
    yield (third + communication[107:150]).ljust(125) + "0 0"


def _communication(line: Line) -> str:
    """The type mark and the communication, over the three records: 1 + 53 + 53 + 43 characters."""
    if line.reference:
        return f"1101{_text(line.reference, _LONGEST_STRUCTURED)}".ljust(150)
    return f"0{_text(line.text, _LONGEST_FREE)}"


def _record(*parts: str) -> str:
    return "".join(parts)


def _account(iban: str) -> str:
    return f"{_text(iban, 31)}   EUR"


def _signed(amount: Money) -> str:
    return f"{1 if amount < Money.ZERO else 0}{abs(amount.cents) * 10:015d}"


def _day(day: date) -> str:
    return f"{day:%d%m%y}"


def _text(text: str, width: int) -> str:
    """Left aligned in its field; a character outside the banks' encoding becomes a question mark."""
    plain = " ".join(text.split()) if "\n" in text or "\r" in text else text
    if len(plain) > width:
        raise ValueError(f"{plain!r} does not fit in {width} characters")
    return plain.encode("cp1252", errors="replace").decode("cp1252").ljust(width)
