"""Money: an exact amount of euro cents, and the one way in which amounts are rounded and split.

No float ever touches an amount. A share of an amount is rounded down to the cent (``Money.share``), and what is left
over is found by subtraction, so that the parts always sum to the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering
from typing import ClassVar, Self

# Up to a hundred billion euro: far above any amount in the scheme, far below what a bigint column holds.
LARGEST_CENTS = 10**13

_PLAIN = re.compile(r"(?P<sign>-?)(?P<euros>[0-9]{1,13})(?:[.](?P<cents>[0-9]{1,2}))?")
_BELGIAN = re.compile(
    r"(?P<sign>-?)(?P<euros>[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+|[0-9]{1,13})(?:,(?P<cents>[0-9]{1,2}))?"
)
_CURRENCY = re.compile(r"^(?:€|EURO?)\s*|\s*(?:€|EURO?)$", re.IGNORECASE)
_NO_CENTS = re.compile(r",\s?[-\u2013\u2014]{1,2}$")
_LONGEST = 40


class NotAnAmount(ValueError):
    """The text is not an amount of euros and cents."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole euro cents; may be negative (a debit movement)."""

    cents: int

    ZERO: ClassVar[Money]

    def __post_init__(self) -> None:
        if type(self.cents) is not int:
            raise TypeError(f"cents are an int, not {type(self.cents).__name__}")
        if abs(self.cents) > LARGEST_CENTS:
            raise NotAnAmount("this amount is beyond what the books hold")

    @classmethod
    def euros(cls, text: str | int | Decimal) -> Self:
        """Read a program's notation: ``"1250.00"``, ``1250`` or a Decimal with at most two decimals."""
        if isinstance(text, bool):
            raise TypeError("true or false is not an amount")
        if isinstance(text, int):
            return cls(text * 100)
        if isinstance(text, Decimal):
            # Looked at before it is written out: 1E+999999999 would fill the memory with zeros.
            if not text.is_finite() or abs(text.adjusted()) > _LONGEST:
                raise NotAnAmount(f"{text!r} is not an amount such as 1250.00")
            text = format(text, "f")
        match = _PLAIN.fullmatch(text)
        if match is None:
            raise NotAnAmount(f"{text!r} is not an amount such as 1250.00")
        return cls(_cents(match))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a Belgian types: ``1.250,00``, ``1250,5``, ``€ 1 250``, ``1.250,-`` or ``1250.00``.

        A single point followed by three digits separates thousands (``1.250`` is 1,250 euro).
        """
        # The currency stands before or after the figure; inside it, it would glue two figures into one.
        bare = _NO_CENTS.sub("", _CURRENCY.sub("", text.strip()))
        match = _BELGIAN.fullmatch(bare) or _PLAIN.fullmatch(bare)
        if match is None or len(bare) > _LONGEST:
            raise NotAnAmount(f"{text[:_LONGEST]!r} is not an amount such as 1.250,00")
        return cls(_cents(match))

    def __str__(self) -> str:
        """The program's notation: a point, two decimals, no separators (``1250.00``)."""
        sign = "-" if self.cents < 0 else ""
        euros, cents = divmod(abs(self.cents), 100)
        return f"{sign}{euros}.{cents:02d}"

    @property
    def belgian(self) -> str:
        """The notation of screens and letters: ``1.250,00`` (no currency sign)."""
        sign = "-" if self.cents < 0 else ""
        euros, cents = divmod(abs(self.cents), 100)
        return f"{sign}{euros:,}".replace(",", ".") + f",{cents:02d}"

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __lt__(self, other: Money) -> bool:
        return self.cents < other.cents

    def share(self, numerator: int, denominator: int) -> Money:
        """The part ``numerator / denominator`` of this amount, rounded down to the cent.

        This is the one rounding of the platform. Rounding down means that the government never gives a cent more than
        its share; the enterprise's part is the whole minus this part.
        """
        if denominator <= 0 or numerator < 0 or self.cents < 0:
            raise ValueError(f"no share {numerator}/{denominator} of {self}")
        return Money(self.cents * numerator // denominator)

    def basis_points(self, points: int) -> Money:
        """The part of this amount at a rate in hundredths of a percent (40 % is 4000), rounded down."""
        return self.share(points, 10_000)


Money.ZERO = Money(0)


def _cents(match: re.Match[str]) -> int:
    euros = re.sub(r"[^0-9]", "", match["euros"])
    cents = (match["cents"] or "").ljust(2, "0")
    value = int(euros) * 100 + int(cents)
    return -value if match["sign"] else value
