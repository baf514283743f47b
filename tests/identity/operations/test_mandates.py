"""A mandate lets the people of an office act for an enterprise, until either side ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.activation.people import NOW, administrator, newcomer
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.applications.operations.submit import start_draft
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, StrongerSignInNeeded, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity.models import Capacity
from portefeuille.identity.operations.end_mandate import end_mandate
from portefeuille.identity.operations.give_mandate import give_mandate
from portefeuille.identity.queries import (
    SignedIn,
    actor_of,
    have_clients,
    mandates_given,
    mandates_held,
    offices_of,
)
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages.models import Message

pytestmark = pytest.mark.django_db

OFFICE = OTHER_ENTERPRISE


@pytest.fixture
def boss(world: World) -> Actor:
    return administrator("boss")


@pytest.fixture
def accountant(world: World) -> Actor:
    """The administrator of an accountant's office."""
    world.enterprise(OFFICE, "De Cijferhoek", "BE29999010000164")
    return administrator("els", OFFICE)


def give(actor: Actor, **more: object) -> int:
    told = {"enterprise": ENTERPRISE, "office": OFFICE, "at": NOW, **more}
    return give_mandate(actor=actor, **told)  # type: ignore[arg-type]


def acting_by(accountant: Actor, mandate: int) -> Actor | None:
    capacity = Capacity.objects.get(person_id=accountant.person_id)
    session = SignedIn(
        accountant.person_id or 0, capacity.pk, mandate=mandate, assurance=Assurance.SUBSTANTIAL
    )
    return actor_of(session)


def test_the_office_acts_for_its_client_and_the_history_says_so(boss: Actor, accountant: Actor) -> None:
    mandate = give(boss)
    actor = acting_by(accountant, mandate)
    assert actor is not None
    assert (actor.role, actor.enterprise, actor.office, actor.mandate) == (
        Role.ACCOUNTANT,
        ENTERPRISE,
        OFFICE,
        mandate,
    )
    assert [one.office for one in mandates_given(actor=boss)] == [OFFICE]
    assert [one.enterprise for one in mandates_held(actor=accountant)] == [ENTERPRISE]
    assert have_clients([OFFICE, ENTERPRISE]) == {OFFICE}
    [given] = events_of("mandate", mandate)
    assert (given.verb, given.person_id, given.facts) == ("give_mandate", boss.person_id, {"office": OFFICE})
    told = Message.objects.filter(kind__startswith="mandate").values_list("to_address", flat=True)
    assert set(told) == {"boss@test.example", "els@test.example"}


def test_every_act_by_mandate_records_person_client_and_mandate(
    boss: Actor, accountant: Actor, world: World
) -> None:
    mandate = give(boss)
    actor = acting_by(accountant, mandate)
    assert actor is not None
    application = world.apply(actor=actor)
    submitted = events_of("application", application)[0]
    assert (submitted.verb, submitted.person_id, submitted.mandate) == (
        "submit",
        accountant.person_id,
        mandate,
    )
    end_mandate(actor=boss, mandate=mandate, at=NOW)
    assert offices_of([mandate]) == {mandate: OFFICE}  # still to be told after its end
    own = world.apply()
    assert events_of("application", own)[0].mandate is None


@pytest.mark.parametrize("side", ["client", "office"])
def test_either_side_ends_it_and_it_bites_at_the_next_request(
    boss: Actor, accountant: Actor, side: str
) -> None:
    mandate = give(boss)
    end_mandate(actor=boss if side == "client" else accountant, mandate=mandate, at=NOW)
    assert acting_by(accountant, mandate) is None
    assert mandates_held(actor=accountant) == []
    assert events_of("mandate", mandate)[-1].facts == {"office": OFFICE, "given_back": side == "office"}
    told = Message.objects.filter(kind__startswith="mandate_ended").values_list("to_address", flat=True)
    assert set(told) == {"boss@test.example", "els@test.example"}
    with pytest.raises(WrongState):
        end_mandate(actor=boss, mandate=mandate, at=NOW)
    assert give(boss) != mandate  # and it may be given again


def test_not_twice_not_to_oneself_not_to_nobody(boss: Actor, accountant: Actor) -> None:
    give(boss)
    with pytest.raises(WrongState, match="al een mandaat"):
        give(boss)
    with pytest.raises(Invalid, match="eigen onderneming"):
        give(boss, office=ENTERPRISE)
    with pytest.raises(Invalid):
        give(boss, office="123")
    with pytest.raises(NotFound):
        give(boss, office="1999100417")


def test_only_the_enterprises_own_administrator_and_surely(
    boss: Actor, accountant: Actor, world: World
) -> None:
    for actor in (world.entrepreneur, accountant, world.office, world.provider, newcomer("x")):
        with pytest.raises(NotAllowed):
            give(actor)
    with pytest.raises(StrongerSignInNeeded):
        give(replace(boss, assurance=Assurance.LOW))
    mandate = give(boss)
    by_mandate = acting_by(accountant, mandate)
    assert by_mandate is not None
    stranger = administrator("stranger", "1999100417")
    for actor in (world.entrepreneur, stranger, world.office, newcomer("x"), by_mandate):
        with pytest.raises(NotAllowed):
            end_mandate(actor=actor, mandate=mandate, at=NOW)
    with pytest.raises(StrongerSignInNeeded):
        end_mandate(actor=replace(boss, assurance=Assurance.LOW), mandate=mandate, at=NOW)
    with pytest.raises(NotFound):
        end_mandate(actor=boss, mandate=mandate + 1, at=NOW)


def test_a_mandate_gives_no_say_over_people_or_account(boss: Actor, accountant: Actor) -> None:
    actor = acting_by(accountant, give(boss))
    assert actor is not None
    for verb in ("see_people", "invite", "end_capacity", "give_mandate", "save_profile", "change_account"):
        assert not actor.may(verb, enterprise=ENTERPRISE), verb
    start_draft(actor=actor, at=NOW)  # but may apply
