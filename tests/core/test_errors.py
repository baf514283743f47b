"""Refusals: one tree, each with one sentence for the person who asked."""

from __future__ import annotations

import pytest

from portefeuille.core import errors
from portefeuille.core.errors import Invalid, MoneyRefused, MoreThanAvailable, Refusal

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refusal)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_refusal_is_its_sentence(kind: type[Refusal]) -> None:
    refusal = kind("Dit kan niet.", field="amount")
    assert (str(refusal), refusal.sentence, refusal.field) == ("Dit kan niet.", "Dit kan niet.", "amount")
    assert kind("Dit kan niet.").field is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_refusal_says_what_it_is(kind: type[Refusal]) -> None:
    assert kind.__doc__


def test_money_that_cannot_move_is_one_branch_of_the_tree() -> None:
    assert issubclass(MoreThanAvailable, MoneyRefused)
    assert not issubclass(Invalid, MoneyRefused)


def test_a_sentence_that_is_translated_late_is_shown_as_text() -> None:
    class Later:
        def __str__(self) -> str:
            return "Too much."

    assert str(Refusal(Later())) == "Too much."  # type: ignore[arg-type]
