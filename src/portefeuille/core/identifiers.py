"""The numbers by which Belgium names things: enterprises, establishments, accounts, providers.

Each reader forgives how people write a number (dots, spaces, ``BE``) and demands its check digits.
"""

from __future__ import annotations

import re

from stdnum import iban as _iban
from stdnum.exceptions import ValidationError

_SEPARATORS = re.compile(r"[ .\-/\u00a0\u202f]")
_PROVIDER = re.compile(r"DV\.?([OA0])\.?([0-9O]{6})")


class NotANumber(ValueError):
    """The text is not a number of this kind, or its check digits are wrong."""


def enterprise_number(text: str) -> str:
    """Ten bare digits of an enterprise number (KBO), read from any usual notation, a VAT number included.

    The first digit is 0 or 1; the last two are 97 minus the rest of the first eight divided by 97. An old number of
    nine digits gets its leading zero.
    """
    bare = _SEPARATORS.sub("", text.strip().upper()).removeprefix("BE")
    if re.fullmatch(r"[0-9]{9}", bare):
        bare = "0" + bare
    if not re.fullmatch(r"[01][0-9]{9}", bare) or not _mod97_ok(bare):
        raise NotANumber(f"{text!r} is not an enterprise number")
    return bare


def establishment_number(text: str) -> str:
    """Ten bare digits of an establishment unit number: first digit 2 to 8, same check as an enterprise number."""
    bare = _SEPARATORS.sub("", text.strip())
    if not re.fullmatch(r"[2-8][0-9]{9}", bare) or not _mod97_ok(bare):
        raise NotANumber(f"{text!r} is not an establishment number")
    return bare


def dotted(number: str) -> str:
    """As the KBO prints a number of ten digits: ``0xxx.xxx.xxx``; ``2.xxx.xxx.xxx`` for an establishment."""
    first = number[:4] if number[:1] in ("0", "1") else f"{number[:1]}.{number[1:4]}"
    return f"{first}.{number[4:7]}.{number[7:]}"


def dotted_national(number: str) -> str:
    """As an identity card prints a bare national number: ``85.07.30-001.60``."""
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"


_SPECIMEN = "71715100070"  # printed on test cards; its digits check, its date does not exist


def national_number(text: str, *, allow_specimen: bool = False) -> str:
    """Eleven bare digits of a national register or BIS number.

    The check is 97 minus the rest of the first nine divided by 97, with a 2 before them for who was born from 2000 on.
    Parts of the date may be zero and months of a BIS number lie 20 or 40 higher, so the date itself proves nothing;
    a month above 52 exists in neither. Source: Royal Decree of 3 April 1984, article 1.
    """
    bare = _SEPARATORS.sub("", text.strip())
    if not re.fullmatch(r"[0-9]{11}", bare):
        raise NotANumber("not eleven digits")
    base, check = int(bare[:9]), int(bare[9:])
    if check not in (97 - base % 97, 97 - (2_000_000_000 + base) % 97) or (
        int(bare[2:4]) > 52 and not (allow_specimen and bare == _SPECIMEN)
    ):
        raise NotANumber("the check digits are wrong")
    return bare


def iban(text: str) -> str:
    """A bank account number without spaces; only the international check digits are demanded.

    The Belgian bank codes that libraries know are advice: real documentation accounts fall outside their list.
    """
    bare = _SEPARATORS.sub("", text.strip().upper())
    try:
        return str(_iban.validate(bare, check_country=False))
    except ValidationError as problem:
        raise NotANumber(f"{text!r} is not an account number (IBAN)") from problem


def grouped_iban(number: str) -> str:
    """``BE68 5390 0754 7034``: groups of four, as printed."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def provider_number(text: str) -> str:
    """``DV.O123456`` (training) or ``DV.A123456`` (advice); a zero typed for an O, or an O for a zero, is forgiven."""
    bare = _SEPARATORS.sub("", text.strip().upper())
    match = _PROVIDER.fullmatch(bare)
    if match is None:
        raise NotANumber(f"{text!r} is not a recognition number such as DV.O218693")
    letter, digits = match.groups()
    return f"DV.{letter.replace('0', 'O')}{digits.replace('O', '0')}"


def _mod97_ok(digits: str) -> bool:
    return int(digits[8:]) == 97 - int(digits[:8]) % 97
