"""Enter the credit that the government votes for a scheme in a year."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from portefeuille.budget.models import Budget
from portefeuille.core.errors import BudgetExhausted
from portefeuille.core.money import Money


def vote(*, scheme: str, year: int, amount: Money) -> None:
    """The credit of ``scheme`` for ``year`` is ``amount``, whatever it was before.

    Raises BudgetExhausted when approvals have already committed more than that.
    """
    try:
        with transaction.atomic():
            Budget.objects.update_or_create(scheme=scheme, year=year, defaults={"voted_cents": amount.cents})
    except IntegrityError as problem:
        raise BudgetExhausted(
            f"Het krediet voor {year} kan niet {amount.belgian} euro zijn: er is al meer toegezegd."
        ) from problem
