"""How a national number is kept: as a keyed hash, by which two sign-ins of one person meet."""

from __future__ import annotations

from portefeuille.database.sealing import keyed_hash


def hash_of(number: str) -> str:
    """The keyed hash of eleven bare digits."""
    return keyed_hash("national-number", number)
