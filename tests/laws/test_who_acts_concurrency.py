"""Two people at once: of two administrators who end each other one remains, and a code links one person once."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, connections, transaction
from tests.activation.people import NOW, administrator, another, letter_code, mailed_code, newcomer
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.activation.codes import WrongCode
from portefeuille.activation.models import Activation, Invitation
from portefeuille.activation.operations import ask_letter as asking
from portefeuille.activation.operations.activate import activate
from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.activation.operations.invite import accept_invitation, invite, withdraw_invitation
from portefeuille.activation.seats import Destination, destination
from portefeuille.core.errors import NotAllowed, Refusal
from portefeuille.identity.models import Capacity, Mandate
from portefeuille.identity.operations.end_capacity import end_capacity
from portefeuille.identity.operations.end_mandate import end_mandate
from portefeuille.identity.operations.give_capacity import give_capacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.register.queries import EnterpriseFacts


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave, or how it was refused, all begun at the same moment."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            ready.wait(10)
            return act()
        except Refusal as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refused(outcomes: list[object]) -> list[Refusal]:
    return [one for one in outcomes if isinstance(one, Refusal)]


def administrators() -> int:
    return Capacity.objects.filter(role=Role.ENTERPRISE_ADMIN, ended_at=None).count()


def test_of_two_administrators_who_end_each_other_one_remains(committed_db: str) -> None:
    World()
    for round_ in range(5):
        one, other = administrator(f"one{round_}"), administrator(f"other{round_}")

        def end(actor: Actor, whom: Actor) -> Callable[[], object]:
            capacity = Capacity.objects.get(person_id=whom.person_id).pk
            return lambda: end_capacity(actor=actor, capacity=capacity, at=NOW)

        outcomes = at_once(end(one, other), end(other, one))
        assert len(refused(outcomes)) == 1, outcomes
        assert administrators() == 1
        Capacity.objects.filter(role=Role.ENTERPRISE_ADMIN).update(ended_at=NOW)


def test_of_two_first_people_one_becomes_administrator(committed_db: str) -> None:
    World()
    people = [newcomer(f"n{number}") for number in range(6)]

    def link(actor: Actor) -> Callable[[], object]:
        return lambda: give_capacity(actor=actor, enterprise=ENTERPRISE, basis="letter", at=NOW)

    assert refused(at_once(*map(link, people))) == []
    assert administrators() == 1


def acts_while_being_ended(act: Callable[[Actor], object]) -> object:
    """What comes of an act by an administrator whom another one ends at that moment."""
    one, other = administrator("one"), administrator("other")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            ending = Capacity.objects.get(person_id=other.person_id).pk
            end_capacity(actor=one, capacity=ending, at=NOW)
            outcome = pool.submit(at_once, lambda: act(other))
            until = time.monotonic() + 10
            while not (outcome.done() or somebody_waits()) and time.monotonic() < until:
                time.sleep(0.01)
        return outcome.result()[0]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return bool(cursor.fetchone()[0])


def test_an_administrator_who_is_being_ended_ends_no_mandate(committed_db: str) -> None:
    World()
    given = Mandate.objects.create(
        enterprise_number=ENTERPRISE, office_number=OTHER_ENTERPRISE, given_at=NOW, given_by=1
    )
    outcome = acts_while_being_ended(lambda actor: end_mandate(actor=actor, mandate=given.pk, at=NOW))
    assert isinstance(outcome, NotAllowed), outcome
    assert Mandate.objects.get().ended_at is None


def test_an_administrator_who_is_being_ended_withdraws_no_invitation(committed_db: str) -> None:
    World()
    number = invite(
        actor=administrator("third"), name="Wim", email="wim@test.example", is_administrator=False, at=NOW
    )
    outcome = acts_while_being_ended(
        lambda actor: withdraw_invitation(actor=actor, invitation=number, at=NOW)
    )
    assert isinstance(outcome, NotAllowed), outcome
    assert Invitation.objects.get().closed_at is None


def test_a_code_that_is_sent_twice_links_once(committed_db: str) -> None:
    World()
    nora = newcomer()
    ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
    code = letter_code()
    outcomes = at_once(*[lambda: activate(actor=nora, code=code, at=NOW)] * 4)
    assert len(refused(outcomes)) == 3
    assert Capacity.objects.filter(person_id=nora.person_id).count() == 1


def test_guesses_at_once_are_all_counted(committed_db: str) -> None:
    World()
    nora = newcomer()
    ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
    code = letter_code()
    outcomes = at_once(*[lambda: activate(actor=nora, code=another(code), at=NOW)] * 12)
    assert all(isinstance(one, WrongCode) for one in outcomes)
    assert Activation.objects.get().wrong_attempts == 5


def test_two_people_who_accept_one_invitation(committed_db: str) -> None:
    World()
    boss = administrator("boss")
    invite(actor=boss, name="Wim", email="wim@b.example", is_administrator=False, at=NOW)
    reference, code = Invitation.objects.get().reference, mailed_code("invitation")

    def accept(actor: Actor) -> Callable[[], object]:
        return lambda: accept_invitation(actor=actor, reference=reference, code=code, at=NOW)

    outcomes = at_once(accept(newcomer("wim")), accept(newcomer("thief")))
    assert len(refused(outcomes)) == 1


def test_two_letters_at_once_are_one(committed_db: str) -> None:
    World()
    nora = newcomer()
    outcomes = at_once(*[lambda: ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)] * 3)
    assert len(refused(outcomes)) == 2
    assert Activation.objects.count() == 1


def test_no_lock_is_held_while_an_outside_service_is_asked(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look-up that hangs keeps nobody else from the people of the enterprise."""
    World()
    nora = newcomer()
    seen: list[bool] = []

    def look(known: EnterpriseFacts) -> Destination:
        seen.append(connection.in_atomic_block)
        return destination(known)

    monkeypatch.setattr(asking, "destination", look)
    ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
    assert seen == [False]
    assert Activation.objects.get().state == "sent"


def test_who_enters_the_code_while_asking_for_another_letter_waits_for_nobody_for_ever(
    committed_db: str,
) -> None:
    """Two tabs: one holds the letter and wants the enterprise, the other the other way round."""
    World()
    for round_ in range(6):
        nora = newcomer(f"n{round_}")
        at = NOW + timedelta(days=40 * round_)
        ask_letter(actor=nora, enterprise=ENTERPRISE, at=at)
        code = letter_code()
        enter = partial(activate, actor=nora, code=code, at=at)
        again = partial(ask_letter, actor=nora, enterprise=ENTERPRISE, at=at)
        outcomes = at_once(enter, again, again, again)
        assert len(refused(outcomes)) == 3, outcomes
        assert Capacity.objects.filter(person_id=nora.person_id).count() == 1
