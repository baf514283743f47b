"""The letter goes to the seat as the KBO has it, a few times at most, and says what it is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.activation.conftest import FakeLookup
from tests.activation.people import NOW, SOLE, letter_code, letter_text, newcomer, sole_trader
from tests.world import ENTERPRISE, World

from portefeuille.activation.models import Activation, LetterSent
from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.activation.queries import activations, open_activations
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, StrongerSignInNeeded, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity.models import Person
from portefeuille.identity.roles import Actor, Assurance
from portefeuille.messages.models import Message
from portefeuille.post.models import PaperLetter
from portefeuille.register.queries import Address

pytestmark = pytest.mark.django_db

HOME = Address("Thuisstraat", "7", "", "9000", "Gent")


def test_the_letter_goes_to_the_seat_with_its_day_and_its_code(nora: Actor) -> None:
    number = ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
    [view] = open_activations(actor=nora, at=NOW)
    assert (view.id, view.address_basis) == (number, "seat")
    assert view.expected_on == date(2026, 3, 6)  # a Monday and four working days
    paper = PaperLetter.objects.get()
    assert paper.envelope.splitlines() == ["Bakkerij Korst", "t.a.v. Nora", "Teststraat 1", "9000 Stad"]
    told = letter_text()
    for words in (
        "Bakkerij Korst",
        "1999.100.120",
        "/activeren",
        "1 april 2026",
        "Heeft niemand van jullie dit gevraagd",
    ):
        assert words in told, words
    assert Message.objects.get(kind="activation_underway").text.count("6 maart 2026") == 1


def test_the_database_cannot_tell_the_code(nora: Actor) -> None:
    ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
    code = letter_code()
    for model in (Activation, LetterSent, PaperLetter, Message):
        for row in model.objects.values():
            assert code not in str(row)
            assert code.replace("-", "") not in str(row)


@pytest.mark.parametrize("typed", ["BE1999100120", "be 1999.100.120", "1999 100 120", " 1999-100-120 "])
def test_a_number_is_read_however_it_is_written(nora: Actor, typed: str) -> None:
    ask_letter(actor=nora, enterprise=typed, at=NOW)
    assert Activation.objects.get().enterprise_number == ENTERPRISE


def test_around_easter_it_takes_longer(nora: Actor) -> None:
    ask_letter(actor=nora, enterprise=ENTERPRISE, at=datetime(2026, 4, 1, 10, tzinfo=UTC))
    assert Activation.objects.get().expected_on == date(2026, 4, 8)  # Easter Monday is 6 April


def test_what_is_not_there_or_has_ceased_gets_a_clear_answer(nora: Actor) -> None:
    with pytest.raises(Invalid, match="geen ondernemingsnummer"):
        ask_letter(actor=nora, enterprise="1999100121", at=NOW)
    with pytest.raises(NotFound, match="staat niet in de Kruispuntbank"):
        ask_letter(actor=nora, enterprise=SOLE, at=NOW)
    sole_trader(situation="050")
    with pytest.raises(WrongState, match="gestopt"):
        ask_letter(actor=nora, enterprise=SOLE, at=NOW)
    assert not Activation.objects.exists()
    assert not PaperLetter.objects.exists()


def test_without_a_confirmed_mail_address_no_letter_leaves(world: World) -> None:
    with pytest.raises(Invalid, match="e-mailadres"):
        ask_letter(actor=newcomer("kim", confirmed=False), enterprise=ENTERPRISE, at=NOW)
    assert not PaperLetter.objects.exists()


def test_a_weak_sign_in_and_other_roles_cannot_ask(nora: Actor, world: World) -> None:
    with pytest.raises(StrongerSignInNeeded):
        ask_letter(actor=replace(nora, assurance=Assurance.LOW), enterprise=ENTERPRISE, at=NOW)
    with pytest.raises(NotAllowed):
        ask_letter(actor=world.operator, enterprise=ENTERPRISE, at=NOW)


def test_who_is_linked_needs_no_letter(world: World) -> None:
    entrepreneur = newcomer(f"baas-{ENTERPRISE}")
    Person.objects.filter(pk=entrepreneur.person_id).update(email_confirmed_at=NOW)
    with pytest.raises(WrongState, match="mag al optreden"):
        ask_letter(actor=entrepreneur, enterprise=ENTERPRISE, at=NOW)


class TestAgain:
    def test_not_while_it_may_still_come(self, nora: Actor) -> None:
        ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
        with pytest.raises(WrongState, match=r"onderweg.*6 maart 2026"):
            ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW + timedelta(days=4))
        assert LetterSent.objects.count() == 1

    def test_from_the_day_after_it_was_expected(self, nora: Actor) -> None:
        first = ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
        old = letter_code()
        again = ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW + timedelta(days=5))
        assert again == first
        assert letter_code() != old
        assert len(PaperLetter.objects.all()) == 2

    def test_five_letters_a_month_and_then_the_telephone(self, nora: Actor) -> None:
        for round_ in range(5):
            ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW + timedelta(hours=round_))
            Activation.objects.update(wrong_attempts=5)  # a blocked code may be replaced at once
        with pytest.raises(WrongState, match="te veel brieven"):
            ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW + timedelta(days=29, hours=23))
        ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW + timedelta(days=30, hours=4))

    def test_a_seat_is_not_flooded_by_many(self, world: World) -> None:
        for number in range(10):
            ask_letter(actor=newcomer(f"n{number}"), enterprise=ENTERPRISE, at=NOW)
        with pytest.raises(WrongState, match="te veel brieven naar deze onderneming"):
            ask_letter(actor=newcomer("one-more"), enterprise=ENTERPRISE, at=NOW)


class TestWithoutSeat:
    """A natural person: the live look-up, else an establishment, else the office."""

    def test_the_live_look_up_comes_first(self, nora: Actor, lookup: type[FakeLookup]) -> None:
        sole_trader()
        lookup.answer = HOME
        ask_letter(actor=nora, enterprise=SOLE, at=NOW)
        assert PaperLetter.objects.get().envelope.splitlines()[-2:] == ["Thuisstraat 7", "9000 Gent"]
        assert lookup.asked == [SOLE]

    @pytest.mark.parametrize("is_down", [True, False])
    def test_then_the_establishment(self, nora: Actor, lookup: type[FakeLookup], is_down: bool) -> None:
        sole_trader()
        lookup.is_down = is_down
        ask_letter(actor=nora, enterprise=SOLE, at=NOW)
        assert Activation.objects.get().address_basis == "establishment"
        assert PaperLetter.objects.get().envelope.splitlines()[-2:] == ["Winkelstraat 2", "2800 Mechelen"]
        mail = Message.objects.get(kind="activation_underway").text
        assert "naar de vestiging van Amira Haar" in mail
        assert "zetel" not in mail

    @pytest.mark.parametrize(("is_down", "why"), [(True, "lookup_down"), (False, "no_address")])
    def test_else_the_office(
        self, nora: Actor, world: World, lookup: type[FakeLookup], is_down: bool, why: str
    ) -> None:
        sole_trader(shop=None)
        lookup.is_down = is_down
        number = ask_letter(actor=nora, enterprise=SOLE, at=NOW)
        assert not PaperLetter.objects.exists()
        waits = activations([number], actor=world.office, at=NOW)[number]
        assert (waits.id, waits.state, waits.why_office) == (number, "needs_office", why)
        with pytest.raises(WrongState, match="Een medewerker"):
            ask_letter(actor=nora, enterprise=SOLE, at=NOW + timedelta(days=1))

    def test_a_seat_in_the_register_asks_nobody(self, nora: Actor, lookup: type[FakeLookup]) -> None:
        ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
        assert lookup.asked == []

    def test_what_is_refused_asks_no_look_up(self, nora: Actor, lookup: type[FakeLookup]) -> None:
        sole_trader()
        ask_letter(actor=nora, enterprise=SOLE, at=NOW)
        with pytest.raises(WrongState):
            ask_letter(actor=nora, enterprise=SOLE, at=NOW)
        assert lookup.asked == [SOLE]

    def test_only_those_who_may_see_what_waits(self, nora: Actor, world: World) -> None:
        for actor in (nora, world.entrepreneur, world.operator, world.provider):
            with pytest.raises(NotAllowed):
                activations([1], actor=actor, at=NOW)


def test_the_history_tells_of_each_letter(nora: Actor) -> None:
    number = ask_letter(actor=nora, enterprise=ENTERPRISE, at=NOW)
    [sent] = events_of("activation", number)
    assert (sent.verb, sent.person_id, sent.facts) == (
        "send_letter",
        nora.person_id,
        {"basis": "seat", "times": 1},
    )
