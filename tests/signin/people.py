"""Made-up people of the national register, and the verbs of a card."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tests.post.tray import text_of_letter, waiting

from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.signin.models import CodeCard
from portefeuille.signin.operations.order_card import order_card
from portefeuille.signin.operations.prove_by_card import challenge, prove_by_card
from portefeuille.signin.operations.write_card import write_waiting_cards
from portefeuille.signin.person_register import FakeRegister, RegisteredPerson

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
HERE, THERE = "a" * 64, "b" * 64


def number_at(base: int) -> str:
    """A national number with the right check digits for these nine."""
    return f"{base:09d}{97 - base % 97:02d}"


NELE, TOM, NOBODY = number_at(850730001), number_at(900102002), number_at(700315003)
HOMELESS = number_at(610411004)


def register() -> FakeRegister:
    """Nele and Tom have an address, one person has none, and nobody has the number NOBODY."""
    return FakeRegister(
        {
            NELE: RegisteredPerson("Nele Peeters", ("Teststraat 1 bus 2", "9000 Gent")),
            TOM: RegisteredPerson("Tom Claes", ("Dorp 5", "8000 Brugge")),
            HOMELESS: RegisteredPerson("Ann Wouters"),
        }
    )


def codes_on(letter: int) -> dict[int, str]:
    """The codes of a card as its reader finds them, by number."""
    printed = text_of_letter(letter).partition("kaart nummer")[2]
    found = re.findall(r"\b(\d{1,2})\s+([2-9A-Z]{6})\b", printed)
    return {int(number): code for number, code in found}


def card_of(number: str, *, at: datetime = NOW) -> dict[int, str]:
    """Order a card and get it by post: its codes by number."""
    before = set(waiting())
    order_card(national_number=number, source=HERE, at=at)
    write_waiting_cards(register=register(), at=at)
    (letter,) = set(waiting()) - before
    return codes_on(letter)


def right_code(number: str, codes: dict[int, str]) -> str:
    """The one that is asked now."""
    return codes[challenge(national_number=number)]


def use(number: str, code: str, *, after: timedelta = timedelta(), source: str = HERE) -> int:
    """Try to sign in."""
    return prove_by_card(national_number=number, code=code, source=source, at=NOW + after)


def known(person: int, *, at: datetime = NOW, assurance: Assurance = Assurance.HIGH) -> Actor:
    """Somebody who just proved who they are, in no capacity."""
    return Actor(role=Role.NEWCOMER, person_id=person).proving(at, assurance=assurance)


def newest_card() -> CodeCard:
    """The last one that was ordered."""
    return CodeCard.objects.latest("pk")
