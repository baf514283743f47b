"""The codes on a card: made by chance, and kept as keyed hashes that the database can't read."""

from __future__ import annotations

import re
import secrets

from portefeuille.database.sealing import keyed_hash
from portefeuille.signin.models import CODES_ON_A_CARD

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no two that look alike in print
LENGTH = 6


def new_codes() -> list[str]:
    """Twenty-four codes, in the order of their numbers."""
    return ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(CODES_ON_A_CARD)]


def new_number() -> int:
    """Which code to ask next: nobody can foresee it."""
    return secrets.randbelow(CODES_ON_A_CARD) + 1


def digest_of(card: int, number: int, typed: str) -> str:
    """The keyed hash of a code in its place on its card; spaces, dashes and small letters don't matter."""
    bare = re.sub(r"[\s\-]", "", typed).upper()
    return keyed_hash("card-code", f"{card}:{number}:{bare}")


def number_for_nobody(who: str) -> int:
    """The number that is asked of somebody who has no card: always the same, as for somebody who has one."""
    return int(keyed_hash("card-of-nobody", who)[:8], 16) % CODES_ON_A_CARD + 1
