"""The walls around letters and cards that the office settles, straight on the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from tests.signin.people import HERE, HOMELESS, NELE, card_of, register
from tests.walls.test_database import as_web
from tests.world import World

from portefeuille.cases.models import Case
from portefeuille.history.operations import look
from portefeuille.identity.models import Person
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.signin.models import CardCode, CodeCard
from portefeuille.signin.operations.order_card import order_card
from portefeuille.signin.operations.write_card import write_waiting_cards


@pytest.fixture
def auditor(world: World) -> Actor:
    return world.person("auditor", GivenCapacity(Role.AUDITOR))


@pytest.fixture
def homeless(world: World) -> int:
    """A card that waits for an address."""
    order_card(national_number=HOMELESS, source=HERE, at=world.now)
    write_waiting_cards(register=register(), at=world.now)
    return CodeCard.objects.get().pk


def changed(statement: str) -> int:
    """How many rows a statement changes; it is undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        count = cursor.rowcount
        transaction.set_rollback(True)
    return count


def test_a_case_about_a_card_is_the_offices_and_nobody_elses(
    world: World, auditor: Actor, homeless: int
) -> None:
    for actor, count in ((world.office, 1), (auditor, 1), (world.operator, 0), (world.entrepreneur, 0)):
        with as_web(actor):
            assert Case.objects.count() == count, actor.role
            assert CodeCard.objects.count() == count, actor.role


def test_nobody_of_the_staff_sees_the_codes_of_a_card_that_was_sent(world: World, auditor: Actor) -> None:
    card_of(NELE)
    assert CardCode.objects.exists()
    for actor in (world.office, auditor, world.operator):
        with as_web(actor):
            assert CardCode.objects.count() == 0, actor.role
    own = replace(world.entrepreneur, person_id=CodeCard.objects.get().person_id)
    with as_web(own):
        assert CardCode.objects.count() == 24


def test_the_office_makes_codes_only_for_a_card_that_waits_for_an_address(
    world: World, auditor: Actor, homeless: int
) -> None:
    card_of(NELE)
    sent = CodeCard.objects.get(state="sent").pk
    with as_web(world.office):
        CardCode.objects.create(card_id=homeless, number=1, digest="x")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            CardCode.objects.create(card_id=sent, number=25, digest="x")
    with as_web(auditor), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        CardCode.objects.create(card_id=homeless, number=2, digest="x")


def test_the_office_touches_no_card_that_works(world: World, auditor: Actor, homeless: int) -> None:
    card_of(NELE)
    CodeCard.objects.filter(state="sent").update(state="active", activated_at=world.now)
    with as_web(world.office):
        assert changed("UPDATE signin_codecard SET asked_number = 1") == 1
    with as_web(auditor):
        assert changed("UPDATE signin_codecard SET asked_number = 1") == 0


def test_who_looked_from_an_office_is_named_to_the_enterprise_and_staff_are_not(world: World) -> None:
    """The page names accountants; of staff it needs no name, and the database tells none for a look."""
    for handle, mandate in (("els", 1), ("bert", None)):
        actor = world.person(handle, GivenCapacity(Role.AUDITOR))
        number = world.entrepreneur.enterprise
        seen_as = (
            replace(actor, role=Role.ACCOUNTANT, mandate=mandate, office="1999100516") if mandate else actor
        )
        look(actor=seen_as, subject="application", subject_id=1, enterprise=number, at=world.now)
    with as_web(world.entrepreneur):
        names = set(Person.objects.filter(name__in=["Els", "Bert"]).values_list("name", flat=True))
    assert names == {"Els"}
