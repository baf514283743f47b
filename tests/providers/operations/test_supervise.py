"""Suspension, its end, striking off, information sessions; and what a suspended provider may still finish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.providers.asking import ends_in, provider_admin
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.applications.operations.confirm_delivery import confirm_delivery
from portefeuille.applications.operations.decide_by_hand import decide_by_hand
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portefeuille.core.lifecycle import State
from portefeuille.history.queries import events_of
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.messages.models import Message
from portefeuille.providers.models import Measure, Recognition
from portefeuille.providers.operations.supervise import (
    attend_information_session,
    end_suspension,
    strike_off,
    suspend,
)

pytestmark = pytest.mark.django_db
WHY = "Drie klanten kregen hun opleiding niet."


@pytest.fixture
def training(world: World) -> Recognition:
    return Recognition.objects.get(provider_id=world.provider_id, service="training")


def test_a_suspension_stops_new_applications_from_its_first_day_and_no_others(
    world: World, training: Recognition
) -> None:
    before = world.apply("1000.00")
    world.pass_days(1)
    suspend(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)
    assert world.view(before).state is State.APPROVED
    assert world.view(world.apply("1000.00")).state is State.REFUSED
    advice = world.apply("1000.00", service="advice", recognition_number="DV.A900502", form="")
    assert world.view(advice).state is State.APPROVED  # another service, another recognition


@pytest.mark.parametrize("stop", [suspend, strike_off])
def test_a_running_project_is_finished_and_paid(
    world: World, training: Recognition, stop: Callable[..., None]
) -> None:
    running = world.apply()
    world.government_pays_in()
    world.pass_days(1)
    stop(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)
    world.deposit(running, "6000.00")
    world.statement()
    assert world.view(running).state is State.FUNDED
    world.order(running)
    world.pay()
    world.statement()
    assert world.view(running).state is State.PAID
    world.pass_days(10)
    confirm_delivery(actor=world.provider, application=running, at=world.now)
    assert world.view(running).state is State.CLOSED
    world.prove()


def test_what_was_submitted_before_a_suspension_may_still_be_approved(
    world: World, training: Recognition
) -> None:
    """The rules look at the day of the application, however late the office decides."""
    brussels = world.enterprise(
        OTHER_ENTERPRISE, "Studio", "BE95999020000258", zipcode="1000", works_at="1800"
    )
    waits = world.apply(actor=brussels)
    world.pass_days(1)
    suspend(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)
    state = decide_by_hand(
        actor=world.office, application=waits, grant=True, reasons="Werkt in Vilvoorde.", at=world.now
    )
    assert state is State.APPROVED


def test_the_end_of_a_suspension_lets_people_apply_again(world: World, training: Recognition) -> None:
    suspend(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)
    world.pass_days(5)
    assert world.view(world.apply("1000.00")).state is State.REFUSED
    end_suspension(actor=world.office, recognition=training.pk, reasons="In orde gebracht.", at=world.now)
    assert world.view(world.apply()).state is State.APPROVED
    training.refresh_from_db()
    assert (training.suspended_from, training.suspended_until) == (date(2026, 3, 2), date(2026, 3, 6))
    with pytest.raises(WrongState):
        end_suspension(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)
    suspend(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)
    training.refresh_from_db()
    assert (training.suspended_from, training.suspended_until) == (date(2026, 3, 7), None)


def test_a_suspension_that_ends_on_its_first_day_never_was(world: World, training: Recognition) -> None:
    suspend(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)
    end_suspension(actor=world.office, recognition=training.pk, reasons="Vergissing.", at=world.now)
    training.refresh_from_db()
    assert (training.suspended_from, training.suspended_until) == (None, None)
    assert [one.kind for one in Measure.objects.order_by("id")] == ["suspended", "resumed"]


def test_what_is_struck_off_stays_so(world: World, training: Recognition) -> None:
    strike_off(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)
    assert world.view(world.apply("1000.00")).state is State.REFUSED
    for deed in (suspend, end_suspension, strike_off):
        with pytest.raises(WrongState):
            deed(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)


def test_what_has_ended_needs_no_measure(world: World) -> None:
    ended = ends_in(world, -1)
    for deed in (suspend, strike_off):
        with pytest.raises(WrongState, match="al voorbij"):
            deed(actor=world.office, recognition=ended.pk, reasons=WHY, at=world.now)


@pytest.mark.parametrize(
    ("deed", "kind", "verb", "words"),
    [
        (suspend, "recognition_suspended", "suspend_recognition", "is geschorst vanaf 2 maart 2026"),
        (strike_off, "recognition_struck_off", "strike_off_recognition", "is geschrapt vanaf 2 maart 2026"),
    ],
)
def test_each_is_told_noted_and_recorded(
    world: World, training: Recognition, deed: Callable[..., None], kind: str, verb: str, words: str
) -> None:
    boss = provider_admin(world)
    deed(actor=world.office, recognition=training.pk, reasons=f" {WHY} ", at=world.now)
    mail = Message.objects.get(kind=kind)
    assert mail.to_address == "directeur@test.example"
    assert boss.name in mail.text
    for one in (words, WHY, "mag je afwerken"):
        assert one in mail.text
    measure = Measure.objects.get()
    assert (measure.reasons, measure.on, measure.person_id) == (WHY, world.day, world.office.person_id)
    [event] = events_of("provider", world.provider_id)
    assert (event.verb, event.reason, event.facts) == (verb, WHY, {"number": "DV.O900501"})


def test_a_provider_without_an_administrator_is_written_at_its_own_address(
    world: World, training: Recognition
) -> None:
    suspend(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)
    end_suspension(actor=world.office, recognition=training.pk, reasons=WHY, at=world.now)
    assert {one.to_address for one in Message.objects.filter(kind__startswith="recognition_")} == {
        "hallo@kompas.example"
    }


def test_a_session_is_noted_once(world: World) -> None:
    def attend(day: date, reasons: str = "Infosessie in Gent, met twee lesgevers.") -> None:
        attend_information_session(
            actor=world.office, provider=world.provider_id, held_on=day, reasons=reasons, at=world.now
        )

    attend(world.day)
    measure = Measure.objects.get()
    assert (measure.kind, measure.on, measure.recognition_id) == ("session", world.day, None)
    assert [one.verb for one in events_of("provider", world.provider_id)] == ["attend_session"]
    with pytest.raises(WrongState, match="staat er al"):
        attend(world.day)
    with pytest.raises(Invalid) as refused:
        attend(world.day + timedelta(days=1))
    assert refused.value.field == "held_on"
    with pytest.raises(Invalid):
        attend(world.day - timedelta(days=1), " ")
    with pytest.raises(NotFound):
        attend_information_session(
            actor=world.office, provider=0, held_on=world.day, reasons="x", at=world.now
        )


def test_only_the_office_does_this_and_not_to_its_own(world: World, training: Recognition) -> None:
    world.person("ambtenaar", GivenCapacity(Role.PROVIDER, provider=world.provider_id))
    partial = world.person("ambtenaar", GivenCapacity(Role.OFFICE))
    auditor = world.person("auditor", GivenCapacity(Role.AUDITOR))

    def tries(actor: Actor) -> None:
        for deed in (suspend, end_suspension, strike_off):
            with pytest.raises(NotAllowed):
                deed(actor=actor, recognition=training.pk, reasons=WHY, at=world.now)
        with pytest.raises(NotAllowed):
            attend_information_session(
                actor=actor, provider=world.provider_id, held_on=world.day, reasons=WHY, at=world.now
            )

    for one in (partial, auditor, provider_admin(world)):
        tries(one)
    assert not Measure.objects.exists()
    for deed in (suspend, end_suspension, strike_off):
        with pytest.raises(Invalid):
            deed(actor=world.office, recognition=training.pk, reasons=" ", at=world.now)
        with pytest.raises(NotFound):
            deed(actor=world.office, recognition=0, reasons=WHY, at=world.now)
