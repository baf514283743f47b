"""What templates may say of their own: components, amounts and dates in Belgian form."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from portefeuille.core.calendar import legal_day
from portefeuille.core.identifiers import dotted, grouped_iban
from portefeuille.core.money import Money
from portefeuille.web import static

register = template.Library()

MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december".split()  # noqa: SIM905
)


@register.simple_tag
def asset(name: str) -> str:
    """The address of a style sheet, script or picture."""
    return static.address(name)


@register.filter
def euro(amount: Money | int) -> str:
    """``€ 1.250,00``, with a space that does not break."""
    money = amount if isinstance(amount, Money) else Money(amount)
    return f"€\u00a0{money.belgian}"


@register.filter
def day(value: date | datetime | None) -> str:
    """``2 maart 2026``."""
    if value is None:
        return ""
    when = legal_day(value) if isinstance(value, datetime) else value
    return f"{when.day}\u00a0{MONTHS[when.month - 1]}\u00a0{when.year}"


@register.filter
def account(iban: str) -> str:
    """``BE68 5390 0754 7034``, with spaces that do not break."""
    return grouped_iban(iban).replace(" ", "\u00a0")


@register.filter
def kbo(number: str) -> str:
    """``0123.456.749``."""
    return dotted(number)
