from __future__ import annotations

import pytest

from portefeuille.budget.models import Budget
from portefeuille.budget.operations.vote import vote
from portefeuille.core.errors import BudgetExhausted
from portefeuille.core.money import Money

pytestmark = pytest.mark.django_db


def test_a_vote_sets_the_credit_of_one_scheme_and_year() -> None:
    vote(scheme="gids", year=2026, amount=Money.euros(100))
    vote(scheme="gids", year=2027, amount=Money.euros(200))
    vote(scheme="gids", year=2026, amount=Money.euros(300))
    assert list(Budget.objects.order_by("year").values_list("year", "voted_cents", "committed_cents")) == [
        (2026, 30_000, 0),
        (2027, 20_000, 0),
    ]


def test_a_credit_cannot_fall_below_what_is_committed() -> None:
    Budget.objects.create(scheme="gids", year=2026, voted_cents=10_000, committed_cents=9_000)
    vote(scheme="gids", year=2026, amount=Money(9_000))
    with pytest.raises(BudgetExhausted, match="89,99 euro"):
        vote(scheme="gids", year=2026, amount=Money(8_999))
    assert Budget.objects.get().voted_cents == 9_000
