"""The story of a recognition, in words, by the operations that the screens use."""

from __future__ import annotations

import pytest
from tests.providers.asking import ask, decide, owner
from tests.world import World

from portefeuille.core.errors import NotFound
from portefeuille.core.lifecycle import State
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Role
from portefeuille.messages.models import Message
from portefeuille.providers import queries as providers
from portefeuille.providers import requests as recognitions
from portefeuille.providers.models import Recognition
from portefeuille.providers.operations.supervise import suspend

pytestmark = pytest.mark.django_db


def test_from_a_request_to_a_number_and_beyond(world: World) -> None:
    """Refused, asked again, granted; a customer applies; suspended; the next customer can't, the first is paid."""
    nele = owner(world)
    decide(world, ask(world, nele), grant=False)
    world.pass_days(14)
    number = decide(world, ask(world, nele))
    [found] = providers.find(number.replace("O", "0"))  # a zero for the letter O is forgiven
    customer = {"provider": found.id, "recognition_number": number}
    first = world.apply("1000.00", **customer)
    assert world.view(first).state is State.APPROVED
    world.pass_days(1)
    suspend(
        actor=world.office,
        recognition=Recognition.objects.get(number=number).pk,
        reasons="Er ontbreken aanwezigheidslijsten.",
        at=world.now,
    )
    assert world.view(world.apply("1000.00", **customer)).state is State.REFUSED
    world.government_pays_in()
    world.deposit(first, "600.00")
    world.statement()
    world.order(first)
    world.pay()
    world.statement()
    assert world.view(first).state is State.PAID
    world.prove()
    told = Message.objects.filter(to_address="eigenaar@test.example", kind__startswith="recognition_")
    assert [one.kind.removeprefix("recognition_") for one in told.order_by("id")] == [
        "received",
        "refused",
        "received",
        "granted",
        "suspended",
    ]


def test_what_stands_in_a_request_is_read_by_its_own_people_and_the_office(world: World) -> None:
    nele = owner(world)
    number = ask(world, nele)
    [own] = recognitions.own_requests(actor=nele)
    assert own == recognitions.request(number, actor=world.office)
    assert recognitions.requests([number], actor=world.office) == {number: own}
    other = world.person("ander", GivenCapacity(Role.ENTERPRISE_ADMIN, enterprise="1999100120"))
    assert recognitions.own_requests(actor=other) == []
    kept = own.documents[0]
    assert recognitions.document(kept.id, actor=world.office)[0] == kept
    for missing in (recognitions.request, recognitions.document):
        with pytest.raises(NotFound):
            missing(0, actor=world.office)
