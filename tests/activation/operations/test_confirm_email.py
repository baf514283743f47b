"""A mail address counts once a code that was sent there came back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.activation.people import NOW, another, mailed_code, newcomer
from tests.world import World

from portefeuille.activation.codes import WrongCode
from portefeuille.activation.models import EmailConfirmation
from portefeuille.activation.operations.confirm_email import confirm_email, send_email_code
from portefeuille.activation.queries import email_underway
from portefeuille.core.errors import Invalid, NotAllowed, StrongerSignInNeeded, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor, Assurance
from portefeuille.messages.models import Message

pytestmark = pytest.mark.django_db

ADDRESS = "kim@bakkerij.example"


@pytest.fixture
def kim() -> Actor:
    return newcomer("kim", confirmed=False)


def confirmed(actor: Actor) -> str:
    assert actor.person_id is not None
    return identity.person(actor.person_id).confirmed_email


def test_the_code_that_comes_back_confirms_the_address(kim: Actor) -> None:
    send_email_code(actor=kim, email=f" {ADDRESS} ", at=NOW)
    mail = Message.objects.get()
    assert (mail.to_address, mail.kind) == (ADDRESS, "email_code")
    assert "/registreren/e-mail?code=" in mail.text
    assert confirmed(kim) == ""
    assert email_underway(person=kim.person_id or 0, at=NOW) == ADDRESS
    assert confirm_email(actor=kim, code=mailed_code("email_code").lower(), at=NOW) == ADDRESS
    assert confirmed(kim) == ADDRESS
    assert [one.verb for one in events_of("person", kim.person_id or 0)] == ["confirm_email"]


def test_a_code_works_once_and_for_half_an_hour(kim: Actor) -> None:
    send_email_code(actor=kim, email=ADDRESS, at=NOW)
    code = mailed_code("email_code")
    with pytest.raises(WrongCode, match="voorbij"):
        confirm_email(actor=kim, code=code, at=NOW + timedelta(minutes=30))
    confirm_email(actor=kim, code=code, at=NOW + timedelta(minutes=29, seconds=59))
    with pytest.raises(WrongState):
        confirm_email(actor=kim, code=code, at=NOW + timedelta(minutes=29, seconds=59))


def test_five_wrong_codes_and_it_is_over(kim: Actor) -> None:
    send_email_code(actor=kim, email=ADDRESS, at=NOW)
    code = mailed_code("email_code")
    for _ in range(5):
        with pytest.raises(WrongCode):
            confirm_email(actor=kim, code=another(code, 8), at=NOW)
    with pytest.raises(WrongCode, match="Vraag een nieuwe code"):
        confirm_email(actor=kim, code=code, at=NOW)
    assert confirmed(kim) == ""


def test_a_slip_of_the_pen_is_no_attempt(kim: Actor) -> None:
    send_email_code(actor=kim, email=ADDRESS, at=NOW)
    for typed in ("", "1234", "not-a-code"):
        with pytest.raises(Invalid):
            confirm_email(actor=kim, code=typed, at=NOW)
    assert EmailConfirmation.objects.get().wrong_attempts == 0


def test_a_code_for_one_address_confirms_no_other(kim: Actor) -> None:
    send_email_code(actor=kim, email="first@bakkerij.example", at=NOW)
    first = mailed_code("email_code")
    send_email_code(actor=kim, email=ADDRESS, at=NOW + timedelta(minutes=1))
    with pytest.raises(WrongCode):
        confirm_email(actor=kim, code=first, at=NOW + timedelta(minutes=1))


def test_a_code_of_somebody_else_is_worth_nothing(kim: Actor) -> None:
    send_email_code(actor=kim, email=ADDRESS, at=NOW)
    code = mailed_code("email_code")
    thief = newcomer("thief", confirmed=False)
    with pytest.raises(WrongState):
        confirm_email(actor=thief, code=code, at=NOW)
    send_email_code(actor=thief, email=ADDRESS, at=NOW)
    with pytest.raises(WrongCode):
        confirm_email(actor=thief, code=code, at=NOW)


def test_one_a_minute_and_five_a_day(kim: Actor) -> None:
    send_email_code(actor=kim, email=ADDRESS, at=NOW)
    with pytest.raises(WrongState, match="Wacht een minuut"):
        send_email_code(actor=kim, email=ADDRESS, at=NOW + timedelta(seconds=59))
    for number in range(1, 5):
        send_email_code(actor=kim, email=ADDRESS, at=NOW + timedelta(minutes=number))
    with pytest.raises(WrongState, match="morgen"):
        send_email_code(actor=kim, email=ADDRESS, at=NOW + timedelta(hours=23))
    send_email_code(actor=kim, email=ADDRESS, at=NOW + timedelta(hours=24))
    assert Message.objects.count() == 6


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "kim",
        "kim@",
        "kim@bakkerij",
        "a b@c.be",
        "a@b.be,c@d.be",
        "a@b.be\nBcc: c@d.be",
        "x" * 250 + "@b.be",
    ],
)
def test_what_is_no_address_is_refused(kim: Actor, typed: str) -> None:
    with pytest.raises(Invalid, match="geen e-mailadres"):
        send_email_code(actor=kim, email=typed, at=NOW)
    assert not Message.objects.exists()


def test_others_cannot(kim: Actor, world: World) -> None:
    with pytest.raises(StrongerSignInNeeded):
        send_email_code(actor=replace(kim, assurance=Assurance.LOW), email=ADDRESS, at=NOW)
    for operation in (
        lambda: send_email_code(actor=world.entrepreneur, email=ADDRESS, at=NOW),
        lambda: confirm_email(actor=world.entrepreneur, code="x", at=NOW),
    ):
        with pytest.raises(NotAllowed):
            operation()


def test_a_change_is_told_at_the_address_of_before(kim: Actor) -> None:
    """Whoever sits at somebody's session must not lead their mail away in silence."""
    for minute, address in enumerate((ADDRESS, ADDRESS, "thief@elsewhere.example")):
        at = NOW + timedelta(minutes=minute)
        send_email_code(actor=kim, email=address, at=at)
        confirm_email(actor=kim, code=mailed_code("email_code"), at=at)
    [told] = Message.objects.filter(kind="email_replaced")
    assert told.to_address == ADDRESS
    assert "thief" not in told.text
