"""What an envelope needs before a letter can go in it."""

from __future__ import annotations

from collections.abc import Sequence

from portefeuille.core.errors import Invalid


def address_lines(typed: Sequence[str]) -> list[str]:
    """The lines below the name, without blank ones: street and number, then postcode and town. Raises Invalid."""
    lines = [line.strip() for line in typed if line.strip()]
    if len(lines) < 2:
        raise Invalid("Vul straat en nummer in, en eronder postcode en gemeente.", field="address")
    return lines
