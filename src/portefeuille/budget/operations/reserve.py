"""Reserving the government's credit, and giving it back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from portefeuille.budget.models import Budget
from portefeuille.core.errors import BudgetExhausted
from portefeuille.core.money import Money


def reserve(*, scheme: str, year: int, subsidy: Money) -> None:
    """Commit so much of the year's credit. Call it as the last statement of an approval: the row is everyone's.

    Raises BudgetExhausted when the credit has no room for it (constraint ``budget_not_exceeded``) or was never voted.
    """
    try:
        with transaction.atomic():
            changed = Budget.objects.filter(scheme=scheme, year=year).update(
                committed_cents=F("committed_cents") + subsidy.cents
            )
    except IntegrityError as refused:
        if "budget_not_exceeded" not in str(refused):
            raise
        raise _exhausted(year) from refused
    if not changed:
        raise _exhausted(year)


def release(*, scheme: str, year: int, subsidy: Money) -> None:
    """Give back what an approval reserved and no payment will use."""
    Budget.objects.filter(scheme=scheme, year=year).update(
        committed_cents=F("committed_cents") - subsidy.cents
    )


def _exhausted(year: int) -> BudgetExhausted:
    return BudgetExhausted(
        f"Het budget van de overheid voor {year} is op. Je aanvraag blijft bewaard en wacht tot er weer budget is."
    )
