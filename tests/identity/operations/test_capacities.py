"""Making a colleague administrator, and ending what somebody may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.activation.people import NOW, administrator, newcomer
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.core.errors import NotAllowed, NotFound, StrongerSignInNeeded, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity.letters import administrators
from portefeuille.identity.models import Capacity
from portefeuille.identity.operations.end_capacity import LastAdministrator, end_capacity
from portefeuille.identity.operations.give_capacity import give_capacity
from portefeuille.identity.operations.make_administrator import make_administrator
from portefeuille.identity.queries import SignedIn, actor_of, people_acting
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages.models import Message

pytestmark = pytest.mark.django_db

Operation = Callable[..., None]


@pytest.fixture
def boss(world: World) -> Actor:
    return administrator("boss")


def capacity(actor: Actor) -> int:
    return Capacity.objects.get(person_id=actor.person_id).pk


def link(handle: str, enterprise: str = ENTERPRISE) -> Actor:
    person = newcomer(handle)
    give_capacity(actor=person, enterprise=enterprise, basis="invitation", role=Role.ENTREPRENEUR, at=NOW)
    return person


def test_people_are_listed_with_role_ground_and_since_when(boss: Actor, world: World) -> None:
    link("wim")
    told = [(one.name, one.role, one.basis, one.given_at) for one in people_acting(actor=boss)]
    assert told == [
        ("Boss", Role.ENTERPRISE_ADMIN, "office", NOW),
        (f"Baas-{ENTERPRISE}", Role.ENTREPRENEUR, "office", None),
        ("Wim", Role.ENTREPRENEUR, "invitation", NOW),
    ]


def test_only_administrators_see_them(boss: Actor, world: World) -> None:
    for actor in (world.entrepreneur, world.operator, newcomer("x"), world.provider):
        with pytest.raises(NotAllowed):
            people_acting(actor=actor)


class TestMakeAdministrator:
    def test_the_colleague_goes_on_under_the_same_session(self, boss: Actor) -> None:
        wim = link("wim")
        session = SignedIn(wim.person_id or 0, capacity(wim))
        make_administrator(actor=boss, capacity=session.capacity, at=NOW)
        actor = actor_of(session)
        assert actor is not None
        assert actor.role is Role.ENTERPRISE_ADMIN
        assert [one.verb for one in events_of("capacity", session.capacity)] == [
            "give_capacity",
            "make_administrator",
        ]
        told = Message.objects.filter(kind="administrator_made").values_list("to_address", flat=True)
        assert set(told) == {"boss@test.example", "wim@test.example"}

    def test_a_providers_people_too(self, world: World) -> None:
        head = administrator("head", provider=world.provider_id)
        make_administrator(actor=head, capacity=capacity(world.provider), at=NOW)
        assert Capacity.objects.get(person_id=world.provider.person_id).role == Role.PROVIDER_ADMIN

    def test_not_twice_and_not_who_left(self, boss: Actor) -> None:
        wim = link("wim")
        make_administrator(actor=boss, capacity=capacity(wim), at=NOW)
        with pytest.raises(WrongState, match="al beheerder"):
            make_administrator(actor=boss, capacity=capacity(wim), at=NOW)
        end_capacity(actor=boss, capacity=capacity(wim), at=NOW)
        with pytest.raises(WrongState, match="niet meer op"):
            make_administrator(actor=boss, capacity=capacity(wim), at=NOW)


class TestEnd:
    def test_it_bites_at_the_next_request_and_everybody_hears(self, boss: Actor) -> None:
        wim = link("wim")
        session = SignedIn(wim.person_id or 0, capacity(wim))
        assert actor_of(session) is not None
        end_capacity(actor=boss, capacity=session.capacity, at=NOW)
        assert actor_of(session) is None
        row = Capacity.objects.get(pk=session.capacity)
        assert (row.ended_at, row.ended_by) == (NOW, boss.person_id)
        told = Message.objects.filter(kind="capacity_ended").values_list("to_address", flat=True)
        assert set(told) == {"boss@test.example", "wim@test.example"}
        assert events_of("capacity", session.capacity)[-1].verb == "end_capacity"

    def test_the_last_administrator_is_warned_and_may_leave(self, boss: Actor) -> None:
        link("wim")
        with pytest.raises(LastAdministrator):
            end_capacity(actor=boss, capacity=capacity(boss), at=NOW)
        assert administrators(enterprise=ENTERPRISE)
        end_capacity(actor=boss, capacity=capacity(boss), at=NOW, leaves_nobody=True)
        assert not administrators(enterprise=ENTERPRISE)
        # The way back: whoever proves it anew is the first again.
        nora = newcomer("nora")
        give_capacity(actor=nora, enterprise=ENTERPRISE, basis="letter", at=NOW)
        assert Capacity.objects.get(person_id=nora.person_id).role == Role.ENTERPRISE_ADMIN

    def test_with_a_second_one_nobody_is_warned(self, boss: Actor) -> None:
        administrator("second")
        end_capacity(actor=boss, capacity=capacity(boss), at=NOW)

    def test_not_twice(self, boss: Actor) -> None:
        wim = link("wim")
        end_capacity(actor=boss, capacity=capacity(wim), at=NOW)
        with pytest.raises(WrongState):
            end_capacity(actor=boss, capacity=capacity(wim), at=NOW)


@pytest.mark.parametrize("operation", [make_administrator, end_capacity])
def test_only_an_administrator_of_that_very_enterprise_and_surely(
    boss: Actor, world: World, operation: Operation
) -> None:
    wim = link("wim")
    stranger = administrator("stranger", OTHER_ENTERPRISE)
    head = administrator("head", provider=world.provider_id)
    for actor in (stranger, head, world.entrepreneur, world.office, newcomer("x")):
        with pytest.raises(NotAllowed):
            operation(actor=actor, capacity=capacity(wim), at=NOW)
    with pytest.raises(StrongerSignInNeeded):
        operation(actor=replace(boss, assurance=Assurance.LOW), capacity=capacity(wim), at=NOW)
    for missing in (0, capacity(world.operator)):  # an operator's capacity is no enterprise's to end
        with pytest.raises(NotFound):
            operation(actor=boss, capacity=missing, at=NOW)


@pytest.mark.parametrize("operation", [make_administrator, end_capacity])
def test_who_is_no_administrator_any_more_is_refused_though_the_request_began_before(
    boss: Actor, operation: Operation
) -> None:
    wim = link("wim")
    second = administrator("second")
    end_capacity(actor=second, capacity=capacity(boss), at=NOW)
    with pytest.raises(NotAllowed, match="geen beheerder meer"):
        operation(actor=boss, capacity=capacity(wim), at=NOW)
