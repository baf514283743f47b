"""CODA records by their places in the official layout, for files that no writer of ours would make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

IBAN = "BE49999000000171"


def put(*fields: tuple[int, str]) -> str:
    """A record of 128 characters: each text at its place, counted from 1 as the standard does."""
    record = [" "] * 128
    for place, text in fields:
        record[place - 1 : place - 1 + len(text)] = text
    assert len(record) == 128, "a field ran over the end"
    return "".join(record)


def header(*, version: str = "2", application: str = "00000", duplicate: str = " ") -> str:
    return put(
        (1, "0"),
        (2, "0000"),
        (6, "050326"),
        (12, "999"),
        (15, "05"),
        (17, duplicate),
        (84, application),
        (128, version),
    )


def account_field(account: str = IBAN, currency: str = "EUR", structure: str = "2") -> str:
    if structure == "0":
        return f"{account:12} {currency:3}0BE".ljust(37)
    return f"{account:34}{currency:3}"


def amount(thousandths: int) -> str:
    """Sign and fifteen digits."""
    return f"{1 if thousandths < 0 else 0}{abs(thousandths):015d}"


def old_balance(
    balance: int = 0, *, account: str = IBAN, structure: str = "2", currency: str = "EUR", sequence: int = 3
) -> str:
    return put(
        (1, "1"),
        (2, structure),
        (3, "003"),
        (6, account_field(account, currency, structure)),
        (43, amount(balance)),
        (59, "040326"),
        (65, "HOUDER"),
        (126, f"{sequence:03d}"),
    )


def movement(
    thousandths: int,
    *,
    sequence: int = 1,
    detail: int = 0,
    code: str = "00150000",
    structured: str = "",
    text: str = "",
    name: str = "",
    account: str = "",
    end_to_end_id: str = "",
) -> list[str]:
    """Records 2.1 to 2.3; the communication runs over all three."""
    said = f"{structured}{text}".ljust(149)
    numbers = f"{sequence % 10_000:04d}{detail % 10_000:04d}"
    return [
        put(
            (1, "21"),
            (3, numbers),
            (11, "BANKREF"),
            (32, amount(thousandths)),
            (48, "050326"),
            (54, code),
            (62, "1" if structured else "0"),
            (63, said[:53]),
            (116, "050326"),
            (122, "003"),
            (126, "1 0"),
        ),
        put((1, "22"), (3, numbers), (11, said[53:106]), (64, end_to_end_id), (126, "1 0")),
        put((1, "23"), (3, numbers), (11, account.ljust(37)), (48, name), (83, said[106:149]), (126, "0 0")),
    ]


def information(*, sequence: int = 1, detail: int = 1, structured: str = "", text: str = "") -> str:
    return put(
        (1, "31"),
        (3, f"{sequence:04d}{detail:04d}"),
        (11, "BANKREF"),
        (32, "00150000"),
        (40, "1" if structured else "0"),
        (41, f"{structured}{text}"),
        (126, "0 0"),
    )


def new_balance(
    balance: int = 0, *, account: str = IBAN, structure: str = "2", currency: str = "EUR", day: str = "050326"
) -> str:
    return put(
        (1, "8"),
        (2, "003"),
        (5, account_field(account, currency, structure)),
        (42, amount(balance)),
        (58, day),
        (128, "0"),
    )


def message(text: str = "BERICHT") -> str:
    return put((1, "4"), (3, "00010000"), (33, text), (128, "0"))


def trailer(records: Sequence[str], *, last: str = "2") -> str:
    """Counts and totals as they follow from the records between."""
    totals = {"0": 0, "1": 0}
    for record in records:
        if record[:2] == "21" and record[6:10] == "0000" and record[53] not in "56789":
            totals[record[31]] += int(record[32:47])
    counted = sum(record[0] in "1238" for record in records)
    return put(
        (1, "9"),
        (17, f"{counted:06d}"),
        (23, f"{totals['1']:015d}"),
        (38, f"{totals['0']:015d}"),
        (128, last),
    )


def content(*records: str | Iterable[str], encoding: str = "cp1252", end: str = "\n") -> bytes:
    """A file of these records."""
    flat = [one for record in records for one in ([record] if isinstance(record, str) else record)]
    return "".join(record + end for record in flat).encode(encoding)


def statement(*movements: Iterable[str], opening: int = 100_000, **more: str | int) -> bytes:
    """A whole statement whose balances, counts and totals follow from its movements."""
    body = [record for one in movements for record in one]
    moved = sum(
        int(record[32:47]) * (-1 if record[31] == "1" else 1)
        for record in body
        if record[:2] == "21" and record[6:10] == "0000" and record[53] not in "56789"
    )
    account = {key: str(more[key]) for key in ("account", "structure", "currency") if key in more}
    records = [
        old_balance(opening, sequence=int(more.get("sequence", 3)), **account),  # type: ignore[arg-type]
        *body,
        new_balance(opening + moved, **account),
    ]
    return content(header(), records, trailer(records, last=str(more.get("last", "2"))))
