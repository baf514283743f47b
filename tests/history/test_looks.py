"""Who looked in an enterprise's file: noted for everybody but its own people, and never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portefeuille.history.operations import look, look_many, record
from portefeuille.history.queries import of_enterprise
from portefeuille.identity.roles import Actor, Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
OWN, OTHER = "1998000159", "1998000258"
OWNER = Actor(role=Role.ENTREPRENEUR, person_id=1, enterprise=OWN)
CLERK = Actor(role=Role.OFFICE, person_id=2)


def sees(actor: Actor, enterprise: str = OWN, *, at: datetime = NOW) -> None:
    look(actor=actor, subject="application", subject_id=7, enterprise=enterprise, at=at)


def test_a_strangers_look_is_noted_and_the_enterprises_own_is_not() -> None:
    sees(OWNER)
    sees(CLERK)
    sees(Actor(role=Role.PROVIDER, person_id=3, provider=5))
    assert [(one.verb, one.role, one.person_id) for one in of_enterprise(OWN)] == [
        ("look", "provider", 3),
        ("look", "office", 2),
    ]


def test_an_accountant_with_a_mandate_is_a_stranger_too() -> None:
    sees(replace(OWNER, role=Role.ACCOUNTANT, mandate=4, office=OTHER))
    assert [(one.role, one.looked_for) for one in of_enterprise(OWN)] == [("accountant", OTHER)]


def test_a_page_of_several_is_a_look_at_each_in_one_statement(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    office = replace(OWNER, enterprise=OTHER)
    with django_assert_num_queries(1):
        look_many(actor=office, subject="client", each=[(1, OWN), (2, OTHER), (3, OWN)], at=NOW)
    with django_assert_num_queries(0):
        look_many(actor=office, subject="client", each=[(2, OTHER)], at=NOW)
    assert [(one.subject_id, one.looked_for) for one in of_enterprise(OWN)] == [(3, OTHER), (1, OTHER)]
    assert of_enterprise(OTHER) == []


def test_what_was_done_by_a_mandate_says_so() -> None:
    accountant = replace(OWNER, role=Role.ACCOUNTANT, mandate=4)
    record(actor=accountant, verb="submit", subject="application", subject_id=7, at=NOW)
    assert [one.mandate for one in of_enterprise(OWN)] == [4]


def test_looks_and_acts_stand_together_newest_first() -> None:
    record(actor=OWNER, verb="submit", subject="application", subject_id=7, at=NOW)
    sees(CLERK, at=NOW + timedelta(hours=1))
    sees(CLERK, OTHER)
    assert [one.verb for one in of_enterprise(OWN)] == ["look", "submit"]
    assert [one.verb for one in of_enterprise(OWN, limit=1)] == ["look"]
