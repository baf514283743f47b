"""The office decides where a letter goes when the KBO gives no address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.activation.people import NOW, SOLE, letter_code, sole_trader
from tests.world import World

from portefeuille.activation.models import Activation
from portefeuille.activation.operations.activate import activate
from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.activation.operations.settle_address import confirm_address, propose_address
from portefeuille.cases import queries as cases
from portefeuille.cases.kinds import Kind
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, StrongerSignInNeeded, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages.models import Message
from portefeuille.post.models import PaperLetter
from portefeuille.register.models import Enterprise

pytestmark = pytest.mark.django_db

LINES = ("Thuisstraat 7", "9000 Gent")
REASONS = "Adres nagekeken in het Rijksregister."


@pytest.fixture
def waits(nora: Actor) -> int:
    sole_trader(shop=None)
    return ask_letter(actor=nora, enterprise=SOLE, at=NOW)


@pytest.fixture
def colleague(world: World) -> Actor:
    """The first of the two."""
    return world.person("collega", GivenCapacity(Role.OFFICE))


def propose(actor: Actor, number: int, **more: object) -> None:
    told = {"address": LINES, "reasons": REASONS, "at": NOW, **more}
    propose_address(actor=actor, activation=number, **told)  # type: ignore[arg-type]


def confirm(actor: Actor, number: int) -> bool:
    return confirm_address(actor=actor, activation=number, at=NOW)


def test_what_has_no_address_waits_in_the_queue(nora: Actor, world: World, waits: int) -> None:
    [case] = cases.waiting(actor=world.office)
    assert (case.kind, case.subject_id, case.enterprise) == (Kind.LETTER_ADDRESS, waits, SOLE)
    assert (case.about_person, case.term_on) == (nora.person_id, date(2026, 3, 9))


def test_the_letter_goes_where_two_of_the_office_say(
    nora: Actor, world: World, waits: int, colleague: Actor
) -> None:
    propose(colleague, waits)
    assert not PaperLetter.objects.exists()
    assert confirm(world.office, waits)
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
    assert cases.waiting(actor=world.office) == []
    activate(actor=nora, code=letter_code(), at=NOW)


def test_or_to_nowhere_with_the_reasons(nora: Actor, world: World, waits: int, colleague: Actor) -> None:
    propose(colleague, waits, address=None, reasons="De onderneming heeft geen vestiging meer.")
    assert not confirm(world.office, waits)
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
        propose(world.office, waits, **more)
    assert refused.value.field == field
    assert not PaperLetter.objects.exists()


def test_only_the_office_and_surely_and_not_for_itself(
    nora: Actor, world: World, waits: int, colleague: Actor
) -> None:
    her_other_hat = replace(world.office, person_id=nora.person_id)
    for act in (propose, confirm):
        for actor in (nora, world.entrepreneur, world.operator, replace(world.office, role=Role.AUDITOR)):
            with pytest.raises(NotAllowed):
                act(actor, waits)
        with pytest.raises(StrongerSignInNeeded):
            act(replace(world.office, assurance=Assurance.LOW), waits)
        with pytest.raises(NotAllowed, match="eigen aanvraag"):
            act(her_other_hat, waits)
        if act is propose:
            propose(colleague, waits)


def test_who_proposed_does_not_confirm(world: World, waits: int, colleague: Actor) -> None:
    with pytest.raises(WrongState, match="nog geen voorstel"):
        confirm(world.office, waits)
    propose(colleague, waits)
    with pytest.raises(NotAllowed, match="Een collega"):
        confirm(colleague, waits)
    assert not PaperLetter.objects.exists()
    assert Activation.objects.get().state == "needs_office"


def test_what_can_not_be_sent_any_more_stays_a_proposal(world: World, waits: int, colleague: Actor) -> None:
    propose(colleague, waits)
    Enterprise.objects.filter(pk=SOLE).update(situation="050")
    with pytest.raises(WrongState, match="gestopt"):
        confirm(world.office, waits)
    [case] = cases.waiting(actor=world.office)
    assert case.proposal == {"address": list(LINES)}


def test_once_and_only_what_waits(world: World, waits: int, colleague: Actor) -> None:
    propose(colleague, waits)
    confirm(world.office, waits)
    for act in (propose, confirm):
        with pytest.raises(WrongState):
            act(world.office, waits)
        with pytest.raises(NotFound):
            act(world.office, waits + 1)
    assert PaperLetter.objects.count() == 1
