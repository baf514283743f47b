"""Capacities follow what a sign-in tells of one organisation, and of no other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.world import ENTERPRISE, OTHER_ENTERPRISE

from portefeuille.history.models import Event
from portefeuille.identity.models import Capacity, Person
from portefeuille.identity.operations.follow_sign_in import ToldCapacity, follow_sign_in
from portefeuille.identity.roles import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ACTS = ToldCapacity(Role.ENTREPRENEUR, "rights", enterprise=ENTERPRISE)
LEADS = ToldCapacity(Role.ENTERPRISE_ADMIN, "representative", enterprise=ENTERPRISE)


@pytest.fixture
def person() -> int:
    return Person.objects.create(handle="n", name="N").pk


def held(person: int) -> set[tuple[str, str, str]]:
    rows = Capacity.objects.filter(person_id=person, ended_at=None)
    return set(rows.values_list("role", "enterprise_number", "basis"))


def test_given_kept_and_ended(person: int) -> None:
    for told, expected in (
        ([ACTS], {("entrepreneur", ENTERPRISE, "rights")}),
        ([ACTS], {("entrepreneur", ENTERPRISE, "rights")}),
        ([], set()),
        ([ACTS], {("entrepreneur", ENTERPRISE, "rights")}),
    ):
        follow_sign_in(person=person, told=told, enterprise=ENTERPRISE, at=NOW)
        assert held(person) == expected
    assert Capacity.objects.count() == 2, "what was ended stays, to ground what was done in it"
    assert Event.objects.count() == 3


def test_only_of_the_organisation_for_which_one_came(person: int) -> None:
    follow_sign_in(person=person, told=[ACTS], enterprise=ENTERPRISE, at=NOW)
    follow_sign_in(person=person, told=[], enterprise=OTHER_ENTERPRISE, at=NOW)
    follow_sign_in(person=person, told=[], enterprise="", at=NOW)
    assert held(person) == {("entrepreneur", ENTERPRISE, "rights")}


def test_the_administrators_is_enough(person: int) -> None:
    follow_sign_in(person=person, told=[ACTS, LEADS], enterprise=ENTERPRISE, at=NOW)
    assert held(person) == {("enterprise_admin", ENTERPRISE, "representative")}


def test_what_came_by_letter_stays(person: int) -> None:
    Capacity.objects.create(
        person_id=person, role=Role.ENTREPRENEUR, enterprise_number=ENTERPRISE, basis="letter"
    )
    follow_sign_in(person=person, told=[ACTS], enterprise=ENTERPRISE, at=NOW)
    follow_sign_in(person=person, told=[], enterprise=ENTERPRISE, at=NOW)
    assert held(person) == {("entrepreneur", ENTERPRISE, "letter")}


def test_staff_that_lost_a_right(person: int) -> None:
    office = ToldCapacity(Role.OFFICE, "rights")
    follow_sign_in(person=person, told=[office], is_of_the_agency=True, at=NOW)
    follow_sign_in(person=person, told=[], enterprise=ENTERPRISE, at=NOW)
    assert held(person) == {("office", "", "rights")}
    follow_sign_in(person=person, told=[], is_of_the_agency=True, at=NOW)
    assert held(person) == set()
