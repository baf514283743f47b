"""The Belgian structured communication (OGM/VCS): twelve digits of which the last two are a check.

A reference only ever matches with a right check *and* an open request; near misses are suggestions for a person.
Source: the reference data's description of formats, section 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

LENGTH = 12

# A printed reference: three, four and five digits, however they are set apart. ASCII digits only.
_GAP = r"[ \t./\-+*\r\n\u00a0]{0,3}"
_PRINTED = re.compile(rf"(?<![0-9])([0-9]{{3}}){_GAP}([0-9]{{4}}){_GAP}([0-9]{{5}})(?![0-9])")
# Twelve digits set apart in any way at all, as people type them on a telephone.
_LOOSE = re.compile(r"(?<![0-9])[0-9](?:[ ./\-+*\r\n\u00a0]?[0-9]){11}(?![0-9])")
# Belgian account numbers, the old form (539-0075470-34) and the groups of an IBAN: their check is the same as a
# reference's, so each of them would pass for one.
_ACCOUNTS = re.compile(
    r"(?<![0-9])[0-9]{3}[ \-][0-9]{7}[ \-][0-9]{2}(?![0-9])|\bBE ?[0-9]{2}(?:[ .\-]?[0-9]{4}){3}(?![0-9])",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"(?<![0-9A-Z])RF[ ]?([0-9]{2})((?:[ ]?[0-9]){12})(?![0-9A-Z])")


def make(base: int | str) -> str:
    """The twelve digits for a serial number of at most ten digits. Raises ValueError for a longer one."""
    number = int(base)
    if not 0 <= number < 10**10:
        raise ValueError(f"{base} does not fit in ten digits")
    return f"{number:010d}{number % 97 or 97:02d}"


def is_valid(digits: str) -> bool:
    """Whether these are exactly twelve digits with the right check."""
    return re.fullmatch(r"[0-9]{12}", digits) is not None and make(digits[:10]) == digits


def pretty(digits: str) -> str:
    """``+++123/4567/89002+++``, the way it is printed on a request."""
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"


def find(text: str) -> list[str]:
    """Every valid reference in a text, in the order of appearance, each once.

    It may be printed with plus signs, stars, slashes, points, hyphens or spaces, broken over lines, or wrapped in an
    international reference (``RF..`` around the twelve digits). Twelve digits inside a longer number are not one, nor
    are those of an account number.
    """
    bare = _ACCOUNTS.sub(lambda account: "x" * len(account[0]), text)
    found = [*_candidates(_PRINTED, bare), *_candidates(_LOOSE, bare), *_wrapped(bare)]
    return _in_order(found)


def wrapped(text: str) -> list[str]:
    """The valid references that stand inside an international one with a right check of its own, and no others."""
    return _in_order(_wrapped(text))


def _in_order(found: Iterable[tuple[int, str]]) -> list[str]:
    in_order = sorted((place, digits) for place, digits in found if is_valid(digits))
    return list(dict.fromkeys(digits for _place, digits in in_order))


def _candidates(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    for match in pattern.finditer(text):
        yield match.start(), re.sub(r"[^0-9]", "", match[0])


def _wrapped(text: str) -> Iterator[tuple[int, str]]:
    """References inside an ISO 11649 one: ``RF``, two check digits over the whole, then our twelve digits."""
    for match in _WRAPPED.finditer(text.upper()):
        digits = match[2].replace(" ", "")
        if int(f"{digits}2715{match[1]}") % 97 == 1:  # R and F are 27 and 15
            yield match.start(), digits


def suggest(text: str, known: Collection[str]) -> list[str]:
    """Known references that differ from digits in the text by one typing error: one digit, two swapped, or no check.

    Suggestions are for a person to look at; nothing is ever matched by them.
    """
    typed = set(re.findall(r"[0-9]{10,13}", re.sub(r"[ \t./\-+*\r\n\u00a0]", "", text)))
    return [reference for reference in sorted(known) if any(_is_near(reference, one) for one in typed)]


def _is_near(right: str, typed: str) -> bool:
    if typed == right[:10]:
        return True
    if len(typed) == len(right):
        wrong = [place for place in range(LENGTH) if typed[place] != right[place]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and typed[wrong[0]] == right[wrong[1]]
        return len(wrong) <= 1 or (swapped and typed[wrong[1]] == right[wrong[0]])
    longer, shorter = (typed, right) if len(typed) > len(right) else (right, typed)
    return len(longer) - len(shorter) == 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    )
