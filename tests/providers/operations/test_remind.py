"""The nightly round: each reminder once, and nothing for who is suspended, struck off or already asked."""

from __future__ import annotations

import pytest
from tests.providers.asking import ask, ends_in, provider_admin
from tests.world import World

from portefeuille.core.errors import NotAllowed
from portefeuille.history.queries import events_of
from portefeuille.identity.roles import Actor
from portefeuille.messages.models import Message
from portefeuille.providers.operations.remind import remind_of_ends
from portefeuille.providers.operations.supervise import end_suspension, strike_off, suspend
from portefeuille.providers.tasks import remind_of_ending_recognitions

pytestmark = pytest.mark.django_db


def round_of(world: World) -> list[int]:
    return remind_of_ends(actor=Actor.system(), at=world.now)


def mails() -> list[str]:
    return list(
        Message.objects.filter(kind="recognition_reminder").order_by("id").values_list("subject", flat=True)
    )


def test_each_reminder_is_written_once_on_its_day(world: World) -> None:
    provider_admin(world)
    held = ends_in(world, 181)
    written = []
    for day in range(215):
        if round_of(world):
            written.append(day)
        round_of(world)  # twice in a night changes nothing
        world.pass_days(1)
    assert written == [1, 91, 151, 182]
    assert len(mails()) == 4
    assert mails()[0] == "Je erkenning voor opleiding eindigt op 30 augustus 2026"
    assert mails()[-1] == "Je erkenning voor opleiding is voorbij: DV.O900501"
    held.refresh_from_db()
    assert held.last_notice == 0
    assert [one.verb for one in events_of("provider", world.provider_id)] == [
        *["remind_provider"] * 3,
        "recognition_ended",
    ]


def test_a_night_that_was_missed_is_made_up_with_one_mail(world: World) -> None:
    ends_in(world, 20)
    round_of(world)
    assert len(mails()) == 1
    world.pass_days(25)
    round_of(world)
    assert len(mails()) == 2


def test_what_ended_long_ago_wakes_nobody(world: World) -> None:
    ends_in(world, -31)
    assert round_of(world) == []


def test_who_asked_to_go_on_is_not_reminded(world: World) -> None:
    boss = provider_admin(world)
    ends_in(world, 20)
    ask(world, boss)
    assert round_of(world) == []


def test_what_is_suspended_or_struck_off_is_left_alone(world: World) -> None:
    held = ends_in(world, 20)
    suspend(actor=world.office, recognition=held.pk, reasons="x", at=world.now)
    world.pass_days(1)
    held.refresh_from_db()
    before = held.__dict__ | {"_state": None}
    assert round_of(world) == []
    held.refresh_from_db()
    assert held.__dict__ | {"_state": None} == before
    end_suspension(actor=world.office, recognition=held.pk, reasons="x", at=world.now)
    assert round_of(world) == [held.pk]
    world.pass_days(15)
    strike_off(actor=world.office, recognition=held.pk, reasons="x", at=world.now)
    world.pass_days(5)
    assert round_of(world) == []


def test_the_worker_does_it_by_the_clock(world: World) -> None:
    ends_in(world, 30)
    remind_of_ending_recognitions(timestamp=int(world.now.timestamp()))
    assert len(mails()) == 1


def test_nobody_but_the_platform_runs_it(world: World) -> None:
    with pytest.raises(NotAllowed):
        remind_of_ends(actor=world.office, at=world.now)
