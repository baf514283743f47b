from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from portefeuille.identity.operations.add_person import GivenCapacity, add_person
from portefeuille.identity.queries import SignedIn, actor_of, people
from portefeuille.identity.roles import Role

pytestmark = pytest.mark.django_db

FOR_ONE = GivenCapacity(Role.ENTREPRENEUR, enterprise="1998000159")
FOR_ANOTHER = GivenCapacity(Role.ENTREPRENEUR, enterprise="1998000258")


def add(*capacities: GivenCapacity) -> int:
    return add_person(handle="an", name="An Devos", email="an@voorbeeld.example", capacities=capacities)


def test_a_person_can_act_in_each_capacity_that_was_given() -> None:
    person = add(FOR_ONE, GivenCapacity(Role.PROVIDER, provider=7), GivenCapacity(Role.OFFICE))
    (facts,) = people()
    assert (facts.id, facts.handle, facts.name) == (person, "an", "An Devos")
    actors = [actor_of(SignedIn(person, held.id)) for held in facts.capacities]
    assert [(actor.role, actor.enterprise, actor.provider) for actor in actors if actor] == [
        (Role.ENTREPRENEUR, "1998000159", None),
        (Role.PROVIDER, "", 7),
        (Role.OFFICE, "", None),
    ]


def test_adding_somebody_again_gives_only_the_capacity_that_was_missing() -> None:
    assert add(FOR_ONE) == add(FOR_ONE, FOR_ANOTHER)
    (facts,) = people()
    assert [held.enterprise for held in facts.capacities] == ["1998000159", "1998000258"]


@pytest.mark.parametrize(
    "capacity",
    [
        GivenCapacity(Role.ENTREPRENEUR),
        GivenCapacity(Role.PROVIDER, enterprise="1998000159"),
        GivenCapacity(Role.OPERATOR, provider=1),
        GivenCapacity(Role.SYSTEM),
        GivenCapacity(Role.ACCOUNTANT, enterprise="1998000159"),
        GivenCapacity(Role.AUDITOR, enterprise="1998000159"),
    ],
)
def test_a_capacity_that_contradicts_its_role_is_refused_and_nobody_is_added(capacity: GivenCapacity) -> None:
    with pytest.raises(IntegrityError, match="capacity_names_whom_it_is_for"), transaction.atomic():
        add(capacity)
    assert people() == []


def test_people_come_in_order_of_name() -> None:
    for name in ("Wim", "An", "Lies"):
        add_person(handle=name.lower(), name=name, email="x@y.example", capacities=[])
    assert [person.name for person in people()] == ["An", "Lies", "Wim"]
