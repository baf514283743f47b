"""The code from the letter links a person to an enterprise: once, in time, and only the person who asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.activation.people import NOW, administrator, another, letter_code, newcomer
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.activation.codes import WrongCode
from portefeuille.activation.models import Activation
from portefeuille.activation.operations.activate import activate
from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.activation.queries import open_activations
from portefeuille.core.errors import Invalid, StrongerSignInNeeded, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity.models import Capacity
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(nora: Actor) -> str:
    """The code in Nora's letter."""
    ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
    return letter_code()


def linked(actor: Actor) -> Capacity:
    return Capacity.objects.get(person_id=actor.person_id, ended_at=None)


def test_the_first_person_becomes_the_administrator(nora: Actor, code: str) -> None:
    capacity = activate(actor=nora, code=code, at=NOW)
    row = linked(nora)
    assert (row.pk, row.role, row.basis, row.given_at) == (capacity, Role.ENTERPRISE_ADMIN, "letter", NOW)
    assert row.enterprise_number == ENTERPRISE
    assert [one.verb for one in events_of("capacity", capacity)] == ["give_capacity"]
    activation = Activation.objects.get()
    assert (activation.state, activation.code_hash) == ("done", "")
    assert [one.verb for one in events_of("activation", activation.pk)] == ["send_letter", "activate"]


def test_a_later_person_may_act_and_the_administrator_hears_of_it(nora: Actor, code: str) -> None:
    administrator("boss")
    activate(actor=nora, code=code, at=NOW)
    assert linked(nora).role == Role.ENTREPRENEUR
    told = Message.objects.filter(kind="person_linked")
    assert {one.to_address for one in told} == {"boss@test.example", "nora@test.example"}


@pytest.mark.parametrize("form", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_the_code_is_read_however_it_is_typed(nora: Actor, code: str, form) -> None:  # type: ignore[no-untyped-def]
    activate(actor=nora, code=form(code), at=NOW)


def test_it_works_once(nora: Actor, code: str) -> None:
    activate(actor=nora, code=code, at=NOW)
    with pytest.raises(WrongState):
        activate(actor=nora, code=code, at=NOW)
    assert Capacity.objects.filter(person_id=nora.person_id).count() == 1


def test_it_works_only_for_the_person_who_asked(nora: Actor, code: str) -> None:
    thief = newcomer("thief")
    with pytest.raises(WrongState):  # waits for no letter at all
        activate(actor=thief, code=code, at=NOW)
    ask_letter(actor=thief, enterprise=ENTERPRISE, at=NOW)
    with pytest.raises(WrongCode):
        activate(actor=thief, code=code, at=NOW)
    assert not Capacity.objects.filter(person_id=thief.person_id).exists()
    activate(actor=nora, code=code, at=NOW)  # and Nora's code did not suffer


def test_five_wrong_codes_block_it_and_a_new_letter_is_the_way_back(nora: Actor, code: str) -> None:
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as refused:
            activate(actor=nora, code=another(code), at=NOW)
        assert refused.value.attempts_left == left
    assert "Vraag een nieuwe brief" in refused.value.sentence
    with pytest.raises(WrongCode):
        activate(actor=nora, code=code, at=NOW)  # the right one comes too late
    [view] = open_activations(actor=nora, at=NOW)
    assert view.is_blocked
    assert view.may_resend
    verbs = [one.verb for one in events_of("activation", view.id)]
    assert verbs == ["send_letter", *["activation_code_wrong"] * 4, "activation_blocked"]
    ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
    activate(actor=nora, code=letter_code(), at=NOW)


def test_a_slip_of_the_pen_is_no_attempt(nora: Actor, code: str) -> None:
    for _ in range(20):
        with pytest.raises(Invalid, match="12 tekens"):
            activate(actor=nora, code=code[:-1] + ("A" if code[-1] != "A" else "B"), at=NOW)
    assert Activation.objects.get().wrong_attempts == 0
    activate(actor=nora, code=code, at=NOW)


@pytest.mark.parametrize(
    ("at", "works"),
    [
        (datetime(2026, 4, 1, 21, 59, 59, tzinfo=UTC), True),  # the last second of 1 April in Brussels
        (datetime(2026, 4, 1, 22, tzinfo=UTC), False),
    ],
)
def test_it_works_for_thirty_days_to_the_second(nora: Actor, code: str, at: datetime, works: bool) -> None:
    if works:
        activate(actor=nora, code=code, at=at)
        return
    with pytest.raises(WrongCode, match="voorbij"):
        activate(actor=nora, code=code, at=at)
    [view] = open_activations(actor=nora, at=at)
    assert view.is_expired
    assert view.may_resend
    ask_letter(actor=nora, enterprise=ENTERPRISE, at=at)
    activate(actor=nora, code=letter_code(), at=at)


def test_an_old_code_dies_when_a_new_letter_leaves(nora: Actor, code: str) -> None:
    later = NOW + timedelta(days=5)
    ask_letter(actor=nora, enterprise=ENTERPRISE, at=later)
    with pytest.raises(WrongCode):
        activate(actor=nora, code=code, at=later)
    activate(actor=nora, code=letter_code(), at=later)


def test_one_guess_is_a_guess_at_each_letter(nora: Actor, code: str, world: World) -> None:
    world.enterprise(OTHER_ENTERPRISE, "Brouwerij Mout", "BE29999010000164")
    ask_letter(actor=nora, enterprise=OTHER_ENTERPRISE, at=NOW)
    with pytest.raises(WrongCode):
        activate(actor=nora, code=another(code), at=NOW)
    assert [row.wrong_attempts for row in Activation.objects.all()] == [1, 1]
    activate(actor=nora, code=code, at=NOW)
    assert linked(nora).enterprise_number == ENTERPRISE


def test_a_weak_sign_in_cannot(nora: Actor, code: str) -> None:
    with pytest.raises(StrongerSignInNeeded):
        activate(actor=replace(nora, assurance=Assurance.LOW), code=code, at=NOW)


ROW = {"person_id": 1, "enterprise_number": ENTERPRISE, "asked_at": NOW}


@pytest.mark.parametrize(
    ("constraint", "rows"),
    [
        ("activation_asked_once", [{"state": "needs_office"}, {"state": "needs_office"}]),
        ("activation_sent_has_code", [{"state": "sent"}]),
        ("activation_closed_when_over", [{"state": "done"}]),
        ("activation_closed_when_over", [{"state": "done", "closed_at": NOW, "code_hash": "x"}]),
        ("activation_closed_when_over", [{"state": "needs_office", "closed_at": NOW}]),
    ],
)
def test_the_table_refuses_what_cannot_be(constraint: str, rows: list[dict[str, object]]) -> None:
    *good, bad = rows
    for row in good:
        Activation.objects.create(**{**ROW, **row})
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Activation.objects.create(**{**ROW, **bad})
