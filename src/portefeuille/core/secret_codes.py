"""Codes that people copy from a letter or a mail: no two signs that look alike, and a check sign at the end.

The alphabet has 31 signs, a prime: with weights that differ by place, the check sign catches every single wrong sign
and every pair that changed places. A slip of the pen is told apart from a guess, and need not count as one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "U": "V"})
_GROUP = 4


class NotACode(ValueError):
    """The text is not a code of this length, or its check sign is wrong: somebody mistyped."""


def make(length: int, choose: Callable[[Sequence[str]], str]) -> str:
    """A code of ``length`` signs; ``choose`` picks one of many, in a way that nobody can foresee."""
    body = "".join(choose(ALPHABET) for _ in range(length - 1))
    return body + _check(body)


def read(text: str, length: int) -> str:
    """The bare code; capitals, spaces, dashes and signs that look alike don't matter. Raises NotACode."""
    bare = re.sub(r"[\s\-–—./]", "", text.strip().upper()).translate(_LOOKS_LIKE)
    known = len(bare) == length and all(sign in ALPHABET for sign in bare)
    if not known or _check(bare[:-1]) != bare[-1]:
        raise NotACode("not a code of ours: a sign is wrong, missing or too many")
    return bare


def grouped(code: str) -> str:
    """``K7QF-2M9D-X4RT``: in groups of four, as printed."""
    return "-".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def _check(body: str) -> str:
    """The weighted sum of the places of all signs. Weights run from 2 up and differ, all below the prime."""
    total = sum(ALPHABET.index(sign) * weight for weight, sign in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]
