"""How long the post takes at most, in Belgian working days."""

from __future__ import annotations

from datetime import date

from portefeuille.core.calendar import after_working_days

# Source: guide 4. The federal token took at most 8 working days, the letter with the validation link at most 4.
CARD_WORKING_DAYS = 8
LETTER_WORKING_DAYS = 4


def letter_expected(sent_on: date) -> date:
    """The last day on which a letter of that day should be there."""
    return after_working_days(sent_on, LETTER_WORKING_DAYS)


def card_expected(ordered_on: date) -> date:
    """The last day on which a card of codes that was ordered that day should be there."""
    return after_working_days(ordered_on, CARD_WORKING_DAYS)
