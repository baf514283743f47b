"""Who stands behind a session, read anew at each request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portefeuille.core.errors import NotAllowed
from portefeuille.identity.models import Capacity, Mandate, Person
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.add_person import GivenCapacity, add_person
from portefeuille.identity.queries import (
    SignedIn,
    actor_of,
    capacities_of,
    ever_acted_for,
    holder_of,
    people,
    people_named,
    person_of_number,
)
from portefeuille.identity.roles import Actor, Assurance, Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
CLIENT, OFFICE = "1998000159", "1998000258"


def somebody(*capacities: GivenCapacity, handle: str = "an") -> tuple[int, int]:
    """A person and the id of their first capacity."""
    person = add_person(handle=handle, name="An", email="an@voorbeeld.example", capacities=capacities)
    return person, capacities_of(person)[0].id


def give(enterprise: str = CLIENT, office: str = OFFICE) -> Mandate:
    return Mandate.objects.create(
        enterprise_number=enterprise, office_number=office, given_at=NOW, given_by=1
    )


def test_a_capacity_of_somebody_else_is_no_actor() -> None:
    _, capacity = somebody(GivenCapacity(Role.OFFICE))
    other, _ = somebody(GivenCapacity(Role.AUDITOR), handle="wim")
    assert actor_of(SignedIn(other, capacity)) is None


def test_the_actor_is_as_sure_as_the_sign_in() -> None:
    person, capacity = somebody(GivenCapacity(Role.OFFICE))
    actor = actor_of(SignedIn(person, capacity, assurance=Assurance.SUBSTANTIAL, proved_at=NOW))
    assert actor is not None
    assert (actor.assurance, actor.proved_at) == (Assurance.SUBSTANTIAL, NOW)


def test_an_ended_capacity_is_gone_everywhere_and_can_be_given_again() -> None:
    person, capacity = somebody(GivenCapacity(Role.ENTREPRENEUR, enterprise=CLIENT))
    Capacity.objects.filter(pk=capacity).update(ended_at=NOW)
    assert actor_of(SignedIn(person, capacity)) is None
    assert holder_of(capacity) is None
    assert capacities_of(person) == ()
    assert [one.capacities for one in people()] == [()]
    _, again = somebody(GivenCapacity(Role.ENTREPRENEUR, enterprise=CLIENT))
    assert again != capacity


def test_a_capacity_that_runs_is_given_once() -> None:
    person, _ = somebody(GivenCapacity(Role.ENTREPRENEUR, enterprise=CLIENT))
    with pytest.raises(IntegrityError, match="capacity_given_once"), transaction.atomic():
        Capacity.objects.create(person_id=person, role=Role.ENTREPRENEUR, enterprise_number=CLIENT)


def test_by_a_mandate_the_people_of_an_office_act_for_its_client() -> None:
    person, capacity = somebody(GivenCapacity(Role.ENTERPRISE_ADMIN, enterprise=OFFICE))
    mandate = give()
    actor = actor_of(SignedIn(person, capacity, mandate=mandate.pk))
    assert actor is not None
    assert (actor.role, actor.enterprise, actor.mandate) == (Role.ACCOUNTANT, CLIENT, mandate.pk)


def test_a_mandate_that_was_ended_bites_at_once() -> None:
    person, capacity = somebody(GivenCapacity(Role.ENTERPRISE_ADMIN, enterprise=OFFICE))
    mandate = give()
    Mandate.objects.update(ended_at=NOW)
    assert actor_of(SignedIn(person, capacity, mandate=mandate.pk)) is None


def test_a_mandate_to_another_office_or_in_another_role_is_no_way_in() -> None:
    person, capacity = somebody(GivenCapacity(Role.ENTREPRENEUR, enterprise="1998000357"))
    mandate = give()
    assert actor_of(SignedIn(person, capacity, mandate=mandate.pk)) is None
    civil_servant, seat = somebody(GivenCapacity(Role.OFFICE), handle="wim")
    assert actor_of(SignedIn(civil_servant, seat, mandate=mandate.pk)) is None


def test_a_mandate_is_given_to_another_and_once() -> None:
    with pytest.raises(IntegrityError, match="mandate_is_for_another"), transaction.atomic():
        give(office=CLIENT)
    give()
    with pytest.raises(IntegrityError, match="mandate_given_once"), transaction.atomic():
        give()
    Mandate.objects.update(ended_at=NOW)
    give()


def test_people_of_one_name_are_found_in_one_query(django_assert_num_queries: Any) -> None:
    office = Actor(role=Role.OFFICE, person_id=1, assurance=Assurance.SUBSTANTIAL)
    both = {
        somebody(GivenCapacity(Role.ENTREPRENEUR, enterprise=CLIENT), handle=one)[0] for one in ("an", "bo")
    }
    with django_assert_num_queries(1):
        assert {one.id for one in people_named("an", enterprise=CLIENT, actor=office)} == both


def test_the_office_finds_who_is_locked_out_and_nobody_else_looks_people_up() -> None:
    office = Actor(role=Role.OFFICE, person_id=1, assurance=Assurance.SUBSTANTIAL)
    person, _ = somebody(GivenCapacity(Role.ENTREPRENEUR, enterprise=CLIENT))
    Person.objects.filter(pk=person).update(national_number_hash=hash_of("85073000160"), name="Nele Peeters")
    found = person_of_number("85073000160", actor=office)
    assert found is not None
    assert (found.id, found.name) == (person, "Nele Peeters")
    assert person_of_number("90010200284", actor=office) is None
    assert [one.id for one in people_named("peet", enterprise=CLIENT, actor=office)] == [person]
    assert people_named("peet", enterprise=OFFICE, actor=office) == []
    Capacity.objects.update(ended_at=NOW)
    assert people_named("peet", enterprise=CLIENT, actor=office) == []
    assert ever_acted_for(CLIENT) == {person: "Nele Peeters"}
    for role in (Role.AUDITOR, Role.HELP_DESK, Role.OPERATOR):
        other = replace(office, role=role)
        with pytest.raises(NotAllowed):
            person_of_number("85073000160", actor=other)
        with pytest.raises(NotAllowed):
            people_named("peet", enterprise=CLIENT, actor=other)
