"""What waited for an address before there were cases for it gets one, once."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from tests.activation.people import NOW, SOLE, newcomer, sole_trader
from tests.signin.people import HERE, HOMELESS, register
from tests.world import World

from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.cases.models import Case
from portefeuille.signin.operations.order_card import order_card
from portefeuille.signin.operations.write_card import write_waiting_cards

OPEN = import_module("portefeuille.cases.migrations.0002_addresses_of_letters").OPEN


def told() -> set[tuple[object, ...]]:
    return set(
        Case.objects.values_list("kind", "subject_id", "enterprise_number", "about_person", "closed_at")
    )


@pytest.mark.django_db
def test_letters_and_cards_that_wait_get_the_case_that_they_would_have_now(world: World) -> None:
    sole_trader(shop=None)
    ask_letter(actor=newcomer(), enterprise=SOLE, at=NOW)
    order_card(national_number=HOMELESS, source=HERE, at=NOW)
    write_waiting_cards(register=register(), at=NOW)
    opened = told()
    assert len(opened) == 2
    with connection.cursor() as cursor:
        cursor.execute(OPEN)
        assert cursor.rowcount == 0, "what has a case keeps it"
        Case.objects.all().delete()
        cursor.execute(OPEN)
        assert cursor.rowcount == 2
    assert told() == opened
