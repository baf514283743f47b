"""The chain of statements of an account: which one may be booked next, and what makes two of them the same."""

from __future__ import annotations

import hashlib

from portefeuille.bank.models import BankAccount, Statement
from portefeuille.core.errors import FileRefused
from portefeuille.core.formats import statement as formats
from portefeuille.core.money import Money


def must_follow(account: BankAccount, statement: formats.Statement) -> None:
    """Raise FileRefused unless the statement is in euro and is the next one of the (locked) account."""
    _must_be_in_euro(statement)
    _must_continue(account, statement)


def _must_be_in_euro(statement: formats.Statement) -> None:
    if statement.currency != "EUR":
        raise FileRefused(
            f"Uittreksel {statement.sequence} staat in {statement.currency or 'een onbekende munt'}; alleen EUR kan "
            "geboekt worden. Kies een ander uittreksel."
        )


def _must_continue(account: BankAccount, statement: formats.Statement) -> None:
    """The chain: a statement starts where the last one ended, is not older, and has the next number.

    The bank numbers from 1 again in a new year.
    """
    same_number = Statement.objects.filter(
        account=account, closing_on=statement.closing_date, sequence=statement.sequence
    ).first()
    if same_number is not None:
        booked = _shown(same_number.opening_cents, same_number.closing_cents, same_number.movement_count)
        given = _shown(statement.opening.cents, statement.closing.cents, len(statement.movements))
        raise FileRefused(
            f"Uittreksel {statement.sequence} van {statement.closing_date:%d/%m/%Y} is al geboekt, met een andere "
            f"inhoud. Geboekt is {booked}; dit bestand zegt {given}. Vraag je bank welk bestand het juiste is."
        )
    if account.covered_until is not None and statement.closing_date < account.covered_until:
        raise FileRefused(
            f"Uittreksel {statement.sequence} is van {statement.closing_date:%d/%m/%Y}, voor het laatste dat geboekt "
            f"is ({account.covered_until:%d/%m/%Y}). Laad de uittreksels in volgorde in."
        )
    if statement.opening.cents != account.balance_cents:
        raise FileRefused(
            f"Uittreksel {statement.sequence} begint met € {statement.opening.belgian}, maar het vorige eindigde op "
            f"€ {Money(account.balance_cents).belgian}. Er ontbreekt een uittreksel: laad dat eerst in."
        )
    if account.covered_until is not None and statement.sequence not in _next_numbers(account, statement):
        raise FileRefused(
            f"Uittreksel {statement.sequence} volgt niet op uittreksel {account.statement_sequence}, het laatste dat "
            "geboekt is. Er ontbreekt een uittreksel: laad dat eerst in."
        )


def _next_numbers(account: BankAccount, statement: formats.Statement) -> set[int]:
    """The numbers of three digits that may follow the last one booked."""
    following = {(account.statement_sequence + 1) % 1000}
    is_new_year = (
        account.covered_until is not None and statement.closing_date.year > account.covered_until.year
    )
    return following | ({1} if is_new_year else set())


def _shown(opening: int, closing: int, movements: int) -> str:
    return f"van € {Money(opening).belgian} naar € {Money(closing).belgian}, {movements} bewegingen"


def digest_of(statement: formats.Statement) -> str:
    """What makes a statement the same one, whichever file brings it: its account, number, days, balances and lines.

    Not the bank's own reference of a line: a second copy of the statement may bear others.
    """
    hashed = hashlib.sha256()
    head = (
        statement.account,
        statement.sequence,
        statement.closing_date,
        statement.opening,
        statement.closing,
    )
    hashed.update(repr([str(part) for part in head]).encode())
    for movement in statement.movements:
        for line in (movement, *movement.details):
            content = (
                *(line.amount.cents, line.entry_date, line.value_date, line.communication, line.references),
                *(line.counterparty_name, line.counterparty_account, line.end_to_end_id, line.kind),
            )
            hashed.update(repr([str(part) for part in content]).encode())
    return hashed.hexdigest()
