"""The fields of a CODA record: fixed places in a line, read one by one, each refused with what is wrong with it."""

from __future__ import annotations

from datetime import date

from portefeuille.core.money import LARGEST_CENTS, Money

_WHAT = {
    "sequence": "het volgnummer van het uittreksel",
    "movement_number": "het nummer van de beweging",
    "detail_number": "het detailnummer",
    "count": "het aantal records",
}


class BadField(Exception):
    """A field that can't be read; ``code`` is a key of ``coda_problems.TEXTS`` and ``shown`` fills its holes."""

    def __init__(self, code: str, **shown: object) -> None:
        super().__init__(code)
        self.code = code
        self.shown = shown


def integer(text: str, what: str) -> int:
    """A number that fills its field; ``what`` is a key of the names above."""
    if not (text.isascii() and text.isdigit()):
        raise BadField("not_a_number", what=_WHAT[what], text=text.strip() or "leeg")
    return int(text)


def signed(sign: str, digits: str) -> Money:
    """An amount of twelve digits and three decimals, the last of which must be 0; sign 0 is a credit, 1 a debit."""
    if not (digits.isascii() and digits.isdigit()):
        raise BadField("bad_amount", text=digits.strip() or "leeg")
    if sign not in ("0", "1"):
        raise BadField("bad_sign", sign=sign.strip() or "leeg")
    if digits[-1] != "0":
        raise BadField("third_decimal", text=f"{int(digits[:12])},{digits[12:]}")
    cents = int(digits) // 10
    if cents > LARGEST_CENTS:
        raise BadField("bad_amount", text=digits)
    return Money(-cents if sign == "1" else cents)


def day(text: str) -> date | None:
    """A day as DDMMYY; six zeros, or nothing where a transport cut the line, are no day."""
    if text in ("000000", "      "):
        return None
    if not (text.isascii() and text.isdigit()):
        raise BadField("bad_date", text=text.strip())
    year = int(text[4:])
    try:
        return date(1900 + year if year >= 80 else 2000 + year, int(text[2:4]), int(text[:2]))
    except ValueError:
        raise BadField("bad_date", text=f"{text[:2]}/{text[2:4]}/{text[4:]}") from None


def account(structure: str, text: str) -> tuple[str, str]:
    """An account of 37 characters and its currency, by the structure that record 1 names.

    0 is a Belgian number, 1 a foreign one, 2 a Belgian IBAN (with room for an extension), 3 a foreign IBAN.
    """
    match structure:
        case "0":
            return text[:12].strip(), text[13:16]
        case "2":
            return text[:31].strip(), text[34:37]
        case "1" | "3":
            return text[:34].strip(), text[34:37]
    raise BadField("unknown_structure", structure=structure.strip() or "leeg")


def counterparty_account(text: str) -> str:
    """The counterparty's account without its currency; no structure is named, so the old Belgian form is looked for."""
    number, gap, currency = text[:12], text[12:13], text[13:16]
    if number.isascii() and number.isdigit() and gap == " " and (currency.isalpha() or not currency.strip()):
        return number
    return text[:34].strip()
