"""The government's credit for a scheme in a year, and what of it is spoken for."""

from __future__ import annotations

from django.db import models


class Budget(models.Model):
    """``committed`` is what approvals reserved and have not given back: reserved plus paid in the budget's words."""

    scheme = models.CharField(max_length=40)
    year = models.IntegerField()
    voted_cents = models.BigIntegerField()
    committed_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "year"], name="budget_once_a_year"),
            models.CheckConstraint(
                name="budget_not_exceeded", condition=models.Q(committed_cents__lte=models.F("voted_cents"))
            ),
            models.CheckConstraint(
                name="budget_never_negative",
                condition=models.Q(committed_cents__gte=0) & models.Q(voted_cents__gte=0),
            ),
        ]
