"""An administrator invites by mail; the invited person signs in by their own means and enters the code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.activation.people import NOW, administrator, another, mailed_code, newcomer
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.activation.codes import WrongCode
from portefeuille.activation.models import Invitation
from portefeuille.activation.operations.invite import (
    MOST_A_DAY,
    MOST_TIMES,
    accept_invitation,
    invite,
    withdraw_invitation,
)
from portefeuille.activation.queries import invitation, open_invitations
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, StrongerSignInNeeded, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity.models import Capacity
from portefeuille.identity.operations.end_capacity import end_capacity
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages.models import Message

pytestmark = pytest.mark.django_db


def ask(actor: Actor, **more: object) -> int:
    told = {"name": "Wim", "email": "wim@bakkerij.example", "is_administrator": False, "at": NOW, **more}
    return invite(actor=actor, **told)  # type: ignore[arg-type]


def accept(actor: Actor, **more: object) -> int:
    told = {
        "reference": Invitation.objects.latest("id").reference,
        "code": mailed_code("invitation"),
        "at": NOW,
        **more,
    }
    return accept_invitation(actor=actor, **told)  # type: ignore[arg-type]


def test_who_brings_the_code_may_act(boss: Actor) -> None:
    number = ask(boss)
    mail = Message.objects.get(kind="invitation")
    reference = Invitation.objects.get().reference
    assert mail.to_address == "wim@bakkerij.example"
    assert f"/uitnodiging/{reference}?code=" in mail.text
    wim = newcomer("wim")
    capacity = Capacity.objects.get(pk=accept(wim))
    assert (capacity.role, capacity.basis, capacity.enterprise_number) == (
        Role.ENTREPRENEUR,
        "invitation",
        ENTERPRISE,
    )
    assert (capacity.person_id, capacity.given_by) == (wim.person_id, boss.person_id)
    assert [one.verb for one in events_of("invitation", number)] == ["invite", "accept_invitation"]
    kinds = Message.objects.filter(to_address="boss@test.example").values_list("kind", flat=True)
    assert set(kinds) == {"person_invited", "person_linked"}


def test_it_may_be_an_administrator_or_for_a_provider(world: World, boss: Actor) -> None:
    ask(boss, is_administrator=True)
    assert Capacity.objects.get(pk=accept(newcomer("wim"))).role == Role.ENTERPRISE_ADMIN
    head = administrator("head", provider=world.provider_id)
    ask(head, email="ann@kompas.example")
    capacity = Capacity.objects.get(pk=accept(newcomer("ann")))
    assert (capacity.role, capacity.provider_id, capacity.enterprise_number) == (
        Role.PROVIDER,
        world.provider_id,
        "",
    )


def test_a_code_works_once_and_for_seven_days(boss: Actor) -> None:
    ask(boss)
    wim = newcomer("wim")
    with pytest.raises(WrongCode, match="voorbij"):
        accept(wim, at=NOW + timedelta(days=8))
    accept(wim, at=NOW + timedelta(days=7))
    with pytest.raises(WrongState):
        accept(newcomer("thief"))


def test_five_wrong_codes_and_it_is_over_until_the_next_invitation(boss: Actor) -> None:
    ask(boss)
    code = mailed_code("invitation")
    wim = newcomer("wim")
    for _ in range(5):
        with pytest.raises(WrongCode):
            accept(wim, code=another(code))
    with pytest.raises(WrongCode, match="nieuwe uitnodiging"):
        accept(wim, code=code)
    later = NOW + timedelta(minutes=1)
    ask(boss, at=later)
    with pytest.raises(WrongCode):
        accept(wim, code=code, at=later)  # the old one stays dead
    accept(wim, at=later)


def test_a_slip_of_the_pen_is_no_attempt(boss: Actor) -> None:
    ask(boss)
    with pytest.raises(Invalid):
        accept(newcomer("wim"), code="ABCD")
    assert Invitation.objects.get().wrong_attempts == 0


def test_without_the_reference_there_is_nothing_to_guess_at(boss: Actor) -> None:
    ask(boss)
    with pytest.raises(NotFound):
        accept(newcomer("thief"), reference="x" * 24)
    with pytest.raises(NotFound):
        invitation("", at=NOW)
    assert Invitation.objects.get().wrong_attempts == 0


def test_a_withdrawn_invitation_is_worth_nothing(boss: Actor) -> None:
    number = ask(boss)
    withdraw_invitation(actor=boss, invitation=number, at=NOW)
    assert open_invitations(actor=boss, at=NOW) == []
    with pytest.raises(WrongState):
        accept(newcomer("wim"))
    with pytest.raises(WrongState):
        withdraw_invitation(actor=boss, invitation=number, at=NOW)
    with pytest.raises(NotFound):
        withdraw_invitation(actor=boss, invitation=number + 1, at=NOW)


def test_an_invitation_dies_with_the_say_of_who_sent_it(boss: Actor) -> None:
    ask(boss)
    second = administrator("second")
    end_capacity(
        actor=second, capacity=Capacity.objects.get(person_id=boss.person_id, ended_at=None).pk, at=NOW
    )
    with pytest.raises(WrongState, match="geen beheerder meer"):
        accept(newcomer("wim"))


def test_who_acts_already_is_not_linked_twice(boss: Actor, world: World) -> None:
    ask(boss)
    with pytest.raises(WrongState, match="al optreden"):
        accept(newcomer(f"baas-{ENTERPRISE}"))


def test_only_the_administrator_of_that_enterprise_surely(boss: Actor, world: World) -> None:
    number = ask(boss)
    stranger = administrator("stranger", OTHER_ENTERPRISE)
    head = administrator("head", provider=world.provider_id)
    for actor in (stranger, head, world.entrepreneur, world.operator, newcomer("x")):
        with pytest.raises(NotAllowed):
            withdraw_invitation(actor=actor, invitation=number, at=NOW)
    for actor in (
        world.entrepreneur,
        world.operator,
        newcomer("x"),
        replace(boss, enterprise=OTHER_ENTERPRISE),
    ):
        with pytest.raises(NotAllowed):
            ask(actor)
    with pytest.raises(StrongerSignInNeeded):
        ask(replace(boss, assurance=Assurance.LOW))
    with pytest.raises(StrongerSignInNeeded):
        accept(replace(newcomer("wim"), assurance=Assurance.LOW))
    with pytest.raises(NotAllowed):
        accept(world.entrepreneur)


@pytest.mark.parametrize(
    ("more", "field"), [({"name": " "}, "name"), ({"email": "wim"}, "email"), ({"email": ""}, "email")]
)
def test_what_is_incomplete_is_refused(boss: Actor, more: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(boss, **more)
    assert refused.value.field == field


def test_not_twice_a_minute_and_not_more_than_twenty(boss: Actor) -> None:
    ask(boss)
    with pytest.raises(WrongState, match="Wacht een minuut"):
        ask(boss, email="WIM@bakkerij.example")
    for number in range(19):
        ask(boss, email=f"wim{number}@bakkerij.example")
    with pytest.raises(WrongState, match="veel uitnodigingen"):
        ask(boss, email="one-more@bakkerij.example")


ROW = {
    "reference": "a",
    "email": "a@b.example",
    "name": "A",
    "invited_by": 1,
    "invited_at": NOW,
    "role": "entrepreneur",
    "enterprise_number": ENTERPRISE,
}


@pytest.mark.parametrize(
    ("constraint", "rows"),
    [
        ("invitation_sent_once", [{}, {"reference": "b"}]),
        ("invitation_names_whom_it_is_for", [{"role": "operator"}]),
        ("invitation_names_whom_it_is_for", [{"provider_id": 1}]),
        ("invitation_names_whom_it_is_for", [{"role": "provider"}]),
        ("invitation_accepted_is_closed", [{"accepted_by": 2}]),
    ],
)
def test_the_table_refuses_what_cannot_be(constraint: str, rows: list[dict[str, object]]) -> None:
    *good, bad = rows
    for row in good:
        Invitation.objects.create(**{**ROW, **row})
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Invitation.objects.create(**{**ROW, **bad})


def test_a_name_is_no_letter_in_our_name(boss: Actor) -> None:
    """Several lines would stand in the mail as if we had written them, and break its subject for the colleagues."""
    ask(boss, name="Wim\r\n\nStort vandaag nog 500 euro\n")
    assert "Dag Wim Stort vandaag nog 500 euro\n" in Message.objects.get(kind="invitation").text
    assert not [one for one in Message.objects.all() if "\n" in one.subject or "\r" in one.subject]


def test_taking_back_and_asking_again_is_no_way_to_write_to_everybody(boss: Actor) -> None:
    for one in range(MOST_A_DAY):
        number = ask(boss, email=f"p{one}@elsewhere.example")
        withdraw_invitation(actor=boss, invitation=number, at=NOW)
    with pytest.raises(WrongState, match="morgen"):
        ask(boss, email="one-more@elsewhere.example")
    ask(boss, email="one-more@elsewhere.example", at=NOW + timedelta(days=1))


def test_one_address_is_not_written_to_all_day(boss: Actor) -> None:
    for minute in range(MOST_TIMES):
        ask(boss, at=NOW + timedelta(minutes=minute))
    with pytest.raises(WrongState, match="te vaak"):
        ask(boss, at=NOW + timedelta(minutes=MOST_TIMES))
