"""The office decides where a letter goes when the KBO gives no address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.activation.conftest import NOW, letter_code
from tests.activation.operations.test_ask_letter import SOLE, sole_trader
from tests.world import World

from portefeuille.activation.models import Activation
from portefeuille.activation.operations.activate import activate
from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.activation.operations.settle_address import office_settles_address
from portefeuille.activation.queries import waiting_for_office
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, StrongerSignInNeeded, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages.models import Message
from portefeuille.post.models import PaperLetter

pytestmark = pytest.mark.django_db

LINES = ("Thuisstraat 7", "9000 Gent")
REASONS = "Adres nagekeken in het Rijksregister."


@pytest.fixture
def waits(nora: Actor) -> int:
    sole_trader(shop=None)
    return ask_letter(actor=nora, enterprise=SOLE, at=NOW)


def settle(actor: Actor, number: int, **more: object) -> None:
    told = {"address": LINES, "reasons": REASONS, "at": NOW, **more}
    office_settles_address(actor=actor, activation=number, **told)  # type: ignore[arg-type]


def test_the_letter_goes_where_the_office_says(nora: Actor, world: World, waits: int) -> None:
    settle(world.office, waits)
    row = Activation.objects.get()
    assert (row.state, row.address_basis, row.decided_by) == ("sent", "office", world.office.person_id)
    assert row.expected_on == date(2026, 3, 6)
    assert PaperLetter.objects.get().envelope.splitlines() == ["Amira Haar", "t.a.v. Nora", *LINES]
    told = [(one.verb, one.person_id) for one in events_of("activation", waits)]
    assert told == [
        ("ask_address", nora.person_id),
        ("settle_address", world.office.person_id),
        ("send_letter", world.office.person_id),
    ]
    assert waiting_for_office(actor=world.office, at=NOW) == []
    activate(actor=nora, code=letter_code(), at=NOW)


def test_or_to_nowhere_with_the_reasons(nora: Actor, world: World, waits: int) -> None:
    settle(world.office, waits, address=None, reasons="De onderneming heeft geen vestiging meer.")
    assert not PaperLetter.objects.exists()
    mail = Message.objects.get(kind="activation_refused").text
    assert "geen vestiging meer" in mail
    assert "/registreren/onderneming" in mail
    assert Activation.objects.get().state == "refused"
    again = ask_letter(actor=nora, enterprise=SOLE, at=NOW)  # the way back
    assert again != waits


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reasons": " "}, "reasons"),
        ({"address": ("Thuisstraat 7",)}, "address"),
        ({"address": ()}, "address"),
        ({"address": (" ", "9000 Gent")}, "address"),
    ],
)
def test_what_is_incomplete_is_refused(world: World, waits: int, more: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        settle(world.office, waits, **more)
    assert refused.value.field == field
    assert not PaperLetter.objects.exists()


def test_only_the_office_and_surely_and_not_for_itself(nora: Actor, world: World, waits: int) -> None:
    for actor in (nora, world.entrepreneur, world.operator, replace(world.office, role=Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            settle(actor, waits)
    with pytest.raises(StrongerSignInNeeded):
        settle(replace(world.office, assurance=Assurance.LOW), waits)
    with pytest.raises(Invalid, match="eigen aanvraag"):
        settle(replace(world.office, person_id=nora.person_id), waits)


def test_once_and_only_what_waits(world: World, waits: int) -> None:
    settle(world.office, waits)
    with pytest.raises(WrongState):
        settle(world.office, waits)
    with pytest.raises(NotFound):
        settle(world.office, waits + 1)
    assert PaperLetter.objects.count() == 1
