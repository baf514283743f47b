"""The card of 24 codes: ordered, printed, activated by its first right code, lost and replaced."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.post.tray import text_of_letter, waiting
from tests.signin.people import (
    HERE,
    HOMELESS,
    NELE,
    NOBODY,
    NOW,
    TOM,
    card_of,
    known,
    newest_card,
    number_at,
    register,
    right_code,
    use,
)

from portefeuille.cases import queries as cases
from portefeuille.cases.kinds import Kind
from portefeuille.core.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    ProofNeeded,
    StrongerSignInNeeded,
    WrongState,
)
from portefeuille.history.models import Event
from portefeuille.identity.models import Person
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.recognise import recognise
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages.models import Message
from portefeuille.post.models import PaperLetter
from portefeuille.signin.attempts import LockedOut, WrongCode
from portefeuille.signin.models import CardCode, CodeCard
from portefeuille.signin.operations.lose_card import block_own_card, lose_card, replace_own_card
from portefeuille.signin.operations.order_card import (
    ORDERS_FOR_ONE_PERSON,
    ORDERS_FROM_ONE_ADDRESS,
    ORDERS_ROUND,
    order_card,
)
from portefeuille.signin.operations.prove_by_card import challenge
from portefeuille.signin.operations.settle_card_address import confirm_card_address, propose_card_address
from portefeuille.signin.operations.write_card import write_waiting_cards
from portefeuille.signin.queries import own_means

pytestmark = pytest.mark.django_db


class TestOrdering:
    def test_it_says_when_the_card_is_there_at_the_latest(self) -> None:
        assert order_card(national_number=NELE, source=HERE, at=NOW) == date(2026, 3, 12)

    def test_working_days_skip_holidays(self) -> None:
        before_easter = NOW.replace(month=4, day=1)
        assert order_card(national_number=NELE, source=HERE, at=before_easter) == date(2026, 4, 14)

    def test_the_letter_goes_to_the_address_of_the_register(self) -> None:
        card_of(NELE)
        letter = PaperLetter.objects.get()
        assert letter.envelope == "Nele Peeters\nTeststraat 1 bus 2\n9000 Gent"
        assert letter.person_id == Person.objects.get(national_number_hash=hash_of(NELE)).pk

    def test_it_is_written_at_any_instant(self) -> None:
        assert len(card_of(NELE, at=NOW.replace(microsecond=7))) == 24

    def test_it_holds_24_codes_that_all_differ_and_no_national_number(self) -> None:
        codes = card_of(NELE)
        assert list(codes) == list(range(1, 25))
        assert len(set(codes.values())) == 24
        printed = re.sub(r"\D", "", text_of_letter(waiting()[0]))
        assert NELE not in printed

    def test_only_hashes_are_kept(self) -> None:
        codes = card_of(NELE)
        kept = set(CardCode.objects.values_list("digest", flat=True))
        assert len(kept) == 24
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in kept)
        assert not kept & set(codes.values())

    def test_the_number_is_sealed_until_the_letter_is_written_and_wiped_then(self) -> None:
        order_card(national_number=NELE, source=HERE, at=NOW)
        sealed = bytes(newest_card().sealed_national_number or b"")
        assert sealed
        assert NELE.encode() not in sealed
        write_waiting_cards(register=register(), at=NOW)
        assert newest_card().sealed_national_number is None

    def test_while_the_register_is_down_it_waits(self) -> None:
        order_card(national_number=NELE, source=HERE, at=NOW)
        down = register()
        down.is_down = True
        assert write_waiting_cards(register=down, at=NOW) == 0
        assert newest_card().state == "ordered"
        assert write_waiting_cards(register=register(), at=NOW) == 1

    def test_a_second_order_changes_nothing(self) -> None:
        codes = card_of(NELE)
        assert order_card(national_number=NELE, source=HERE, at=NOW) == date(2026, 3, 12)
        assert CodeCard.objects.count() == 1
        assert use(NELE, right_code(NELE, codes))

    def test_for_a_number_that_nobody_has_nothing_is_sent_and_the_answer_is_the_same(self) -> None:
        assert order_card(national_number=NOBODY, source=HERE, at=NOW) == date(2026, 3, 12)
        assert write_waiting_cards(register=register(), at=NOW) == 0
        assert waiting() == []
        assert not Person.objects.exists()
        assert newest_card().sealed_national_number is None

    @pytest.mark.parametrize("typed", ["", "1", "85073000161", "abcdefghijk", "85.99.30-001.60"])
    def test_what_is_no_number_is_refused_at_its_field(self, typed: str) -> None:
        with pytest.raises(Invalid) as refused:
            order_card(national_number=typed, source=HERE, at=NOW)
        assert refused.value.field == "national_number"
        assert not typed or typed not in refused.value.sentence

    def test_one_address_can_not_order_for_everybody(self) -> None:
        for one in range(ORDERS_FROM_ONE_ADDRESS):
            order_card(national_number=number_at(850730100 + one), source=HERE, at=NOW)
        with pytest.raises(LockedOut):
            order_card(national_number=TOM, source=HERE, at=NOW)
        order_card(national_number=TOM, source=HERE, at=NOW + timedelta(minutes=16))


class TestWithoutAddress:
    FIRST = Actor(role=Role.OFFICE, person_id=9_000_001, assurance=Assurance.SUBSTANTIAL)
    SECOND = replace(FIRST, person_id=9_000_002)
    ADDRESS = ("p/a OCMW, Plein 1", "2000 Antwerpen")

    @pytest.fixture
    def card(self) -> int:
        order_card(national_number=HOMELESS, source=HERE, at=NOW)
        assert write_waiting_cards(register=register(), at=NOW) == 0
        assert newest_card().sealed_national_number is None
        return newest_card().pk

    def propose(self, card: int, **more: Any) -> None:
        told = {"actor": self.FIRST, "address": self.ADDRESS, "reasons": "referentieadres", "at": NOW, **more}
        propose_card_address(card=card, **told)

    def test_it_waits_in_the_queue(self, card: int) -> None:
        [case] = cases.waiting(actor=self.FIRST)
        assert (case.kind, case.subject_id) == (Kind.CARD_ADDRESS, card)
        assert case.about_person == newest_card().person_id

    def test_two_of_the_office_decide_where_it_goes(self, card: int) -> None:
        self.propose(card)
        assert not PaperLetter.objects.exists()
        assert confirm_card_address(actor=self.SECOND, card=card, at=NOW)
        assert PaperLetter.objects.get().envelope == "\n".join(("Ann Wouters", *self.ADDRESS))
        assert cases.waiting(actor=self.FIRST) == []
        assert Event.objects.get(verb="send_card").reason == "referentieadres"
        with pytest.raises(WrongState):
            self.propose(card)
        with pytest.raises(WrongState):
            confirm_card_address(actor=self.SECOND, card=card, at=NOW)

    def test_or_that_none_is_sent_and_another_can_be_ordered(self, card: int) -> None:
        Person.objects.filter(pk=newest_card().person_id).update(email="a@b.example", email_confirmed_at=NOW)
        self.propose(card, address=None, reasons="Niemand kent deze persoon.")
        assert not confirm_card_address(actor=self.SECOND, card=card, at=NOW)
        assert (newest_card().state, newest_card().blocked_because) == ("blocked", "address_refused")
        assert "Niemand kent deze persoon." in Message.objects.get(kind="card_refused").text
        order_card(national_number=HOMELESS, source=HERE, at=NOW)
        assert newest_card().pk != card

    def test_not_whoever_proposed_it_nor_whose_card_it_is(self, card: int) -> None:
        herself = replace(self.FIRST, person_id=newest_card().person_id)
        with pytest.raises(NotAllowed, match="eigen aanvraag"):
            self.propose(card, actor=herself)
        self.propose(card)
        with pytest.raises(NotAllowed, match="Een collega"):
            confirm_card_address(actor=self.FIRST, card=card, at=NOW)
        with pytest.raises(NotAllowed, match="eigen aanvraag"):
            confirm_card_address(actor=herself, card=card, at=NOW)
        assert not PaperLetter.objects.exists()

    def test_nobody_else_does(self, card: int) -> None:
        for actor in (replace(self.FIRST, role=Role.HELP_DESK), replace(self.FIRST, assurance=Assurance.LOW)):
            with pytest.raises(NotAllowed):
                self.propose(card, actor=actor)
            with pytest.raises(NotAllowed):
                confirm_card_address(actor=actor, card=card, at=NOW)

    @pytest.mark.parametrize(
        ("more", "field"), [({"reasons": " "}, "reasons"), ({"address": ("Plein 1", " ")}, "address")]
    )
    def test_what_is_incomplete_is_refused(self, card: int, more: dict[str, Any], field: str) -> None:
        with pytest.raises(Invalid) as refused:
            self.propose(card, **more)
        assert refused.value.field == field

    def test_a_card_that_was_lost_before_it_was_sent_waits_no_longer(self, card: int) -> None:
        lose_card(national_number=HOMELESS, source=HERE, at=NOW)
        assert cases.waiting(actor=self.FIRST) == []
        with pytest.raises(NotFound):
            self.propose(card + 99)


class TestSigningIn:
    def test_the_first_right_code_activates_it(self) -> None:
        codes = card_of(NELE)
        assert newest_card().state == "sent"
        person = use(NELE, right_code(NELE, codes))
        assert person == Person.objects.get(national_number_hash=hash_of(NELE)).pk
        assert (newest_card().state, newest_card().activated_at) == ("active", NOW)

    def test_the_question_stays_until_it_is_answered_rightly(self) -> None:
        codes = card_of(NELE)
        asked = challenge(national_number=NELE)
        with pytest.raises(WrongCode):
            use(NELE, "AAAAAA")
        assert {challenge(national_number=NELE) for _load in range(20)} == {asked}
        seen = set()
        for _time in range(12):
            seen.add(challenge(national_number=NELE))
            use(NELE, right_code(NELE, codes))
        assert len(seen) > 3, "then another one is asked, by chance"

    def test_a_right_code_at_another_number_is_wrong(self) -> None:
        codes = card_of(NELE)
        asked = challenge(national_number=NELE)
        with pytest.raises(WrongCode):
            use(NELE, codes[asked % 24 + 1])

    def test_spaces_and_small_letters_do_not_matter(self) -> None:
        codes = card_of(NELE)
        code = right_code(NELE, codes).lower()
        assert use(NELE, f" {code[:3]} {code[3:]} ")

    def test_another_persons_card_does_not_help(self) -> None:
        card_of(NELE)
        codes_of_tom = card_of(TOM)
        with pytest.raises(WrongCode):
            use(NELE, codes_of_tom[challenge(national_number=NELE)])

    def test_who_has_no_card_is_asked_and_refused_in_the_same_words(self) -> None:
        card_of(NELE)
        assert {challenge(national_number=NOBODY) for _load in range(5)} == {
            challenge(national_number=NOBODY)
        }
        answers = []
        for number in (NELE, NOBODY):
            with pytest.raises(WrongCode) as refused:
                use(number, "AAAAAA")
            answers.append((refused.value.sentence, refused.value.left))
        assert answers[0] == answers[1]

    def test_it_asks_as_much_of_the_database_for_nobody_as_for_somebody(
        self,
        django_assert_num_queries,  # type: ignore[no-untyped-def]
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        card_of(NELE)
        counts = []
        for number in (NELE, NOBODY):
            with CaptureQueriesContext(connection) as asked, pytest.raises(WrongCode):
                use(number, "AAAAAA")
            counts.append(len(asked))
        assert counts[0] == counts[1]


def test_the_question_tells_nobody_whether_there_is_a_card() -> None:
    """Neither ordering for a number, nor calling its card lost, changes what is asked next."""
    before = {number: challenge(national_number=number) for number in (NELE, TOM, NOBODY)}
    codes = card_of(NELE)
    card_of(TOM)
    order_card(national_number=NOBODY, source=HERE, at=NOW)
    write_waiting_cards(register=register(), at=NOW)
    assert {number: challenge(national_number=number) for number in before} == before
    while (asked := challenge(national_number=NELE)) == before[NELE]:
        use(NELE, codes[asked])
    lose_card(national_number=NELE, source=HERE, at=NOW)
    assert challenge(national_number=NELE) == asked
    write_waiting_cards(register=register(), at=NOW)
    assert challenge(national_number=NELE) == asked


class TestLost:
    def test_who_calls_it_lost_every_day_costs_no_letter_every_day(self) -> None:
        """And sees no difference between somebody and nobody."""
        card_of(NELE)
        order_card(national_number=NOBODY, source=HERE, at=NOW)
        told = []
        for number in (NELE, NOBODY):
            for day in range(1, ORDERS_FOR_ONE_PERSON):
                lose_card(national_number=number, source=HERE, at=NOW + timedelta(days=day))
                write_waiting_cards(register=register(), at=NOW + timedelta(days=day))
            with pytest.raises(LockedOut) as refused:
                lose_card(national_number=number, source=HERE, at=NOW + timedelta(days=6))
            told.append((refused.value.sentence, refused.value.until))
            with pytest.raises(LockedOut):
                order_card(national_number=number, source=HERE, at=NOW + timedelta(days=6))
        assert told[0] == told[1]
        assert told[0][1] == NOW + ORDERS_ROUND
        assert PaperLetter.objects.count() == ORDERS_FOR_ONE_PERSON
        assert newest_card().state == "blocked", "the last one is blocked all the same"
        assert order_card(national_number=NELE, source=HERE, at=NOW + ORDERS_ROUND)

    def test_it_is_blocked_at_once_and_replaced(self) -> None:
        old = card_of(NELE)
        assert lose_card(national_number=NELE, source=HERE, at=NOW) == date(2026, 3, 12)
        with pytest.raises(WrongCode):
            use(NELE, old[challenge(national_number=NELE)])
        first, second = CodeCard.objects.order_by("pk")
        assert (first.state, first.blocked_because, second.state) == ("blocked", "lost", "ordered")
        write_waiting_cards(register=register(), at=NOW)
        assert newest_card().state == "sent"

    def test_the_answer_is_the_same_for_who_has_none(self) -> None:
        assert lose_card(national_number=NOBODY, source=HERE, at=NOW) == date(2026, 3, 12)

    def test_the_person_is_told_at_the_confirmed_address_only(self) -> None:
        card_of(NELE)
        card_of(TOM)
        Person.objects.filter(name="Nele Peeters").update(email="n@x.example", email_confirmed_at=NOW)
        Person.objects.filter(name="Tom Claes").update(email="t@x.example")
        for number in (NELE, TOM):
            lose_card(national_number=number, source=HERE, at=NOW)
        assert [message.to_address for message in Message.objects.all()] == ["n@x.example"]

    def test_by_somebody_who_is_signed_in(self) -> None:
        card_of(NELE)
        nele = known(newest_card().person_id or 0)
        with pytest.raises(Invalid):
            replace_own_card(actor=nele, national_number=TOM, at=NOW)
        for stale, refusal in (
            (replace(nele, proved_at=NOW - timedelta(minutes=16)), ProofNeeded),
            (replace(nele, assurance=Assurance.LOW), StrongerSignInNeeded),
        ):
            with pytest.raises(refusal):
                replace_own_card(actor=stale, national_number=NELE, at=NOW)
        replace_own_card(actor=nele, national_number=NELE, at=NOW)
        assert list(CodeCard.objects.order_by("pk").values_list("state", flat=True)) == ["blocked", "ordered"]

    def test_blocking_needs_no_proof_of_just_now(self) -> None:
        card_of(NELE)
        block_own_card(actor=known(newest_card().person_id or 0, assurance=Assurance.LOW), at=NOW)
        assert newest_card().state == "blocked"

    def test_a_card_that_was_not_written_yet_forgets_the_number(self) -> None:
        order_card(national_number=NELE, source=HERE, at=NOW)
        lose_card(national_number=NELE, source=HERE, at=NOW)
        assert CodeCard.objects.order_by("pk")[0].sealed_national_number is None


def test_a_persons_page_knows_it_all() -> None:
    person = recognise(name="Nele Peeters", national_number_hash=hash_of(NELE)).pk
    nothing = own_means(person, at=NOW)
    assert (nothing.has_number, nothing.card, nothing.app, nothing.attempts) == (True, None, None, ())
    codes = card_of(NELE)
    with pytest.raises(WrongCode):
        use(NELE, "AAAAAA")
    use(NELE, right_code(NELE, codes))
    told = own_means(person, at=NOW)
    assert told.card is not None
    assert told.card.state == "active"
    assert [(one.means, one.outcome) for one in told.attempts] == [("card", "right"), ("card", "wrong")]


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("card_one_at_a_time", {"who": "x", "state": "sent"}),
        ("card_number_sealed_until_written", {"who": "y", "state": "ordered"}),
        ("card_number_sealed_until_written", {"who": "y", "state": "sent", "sealed_national_number": b"1"}),
        ("card_asks_a_code_it_has", {"who": "y", "state": "sent", "asked_number": 25}),
        ("card_asks_a_code_it_has", {"who": "y", "state": "sent", "asked_number": 0}),
    ],
)
def test_the_database_refuses_a_card_that_contradicts_itself(constraint: str, row: dict[str, object]) -> None:
    days = {"ordered_at": NOW, "expected_on": NOW.date()}
    CodeCard.objects.create(who="x", state="active", **days)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CodeCard.objects.create(**{**days, **row})


def test_a_number_stands_once_on_a_card() -> None:
    card = CodeCard.objects.create(who="x", state="sent", ordered_at=NOW, expected_on=NOW.date())
    CardCode.objects.create(card=card, number=1, digest="a")
    with pytest.raises(IntegrityError, match="card_code_once_per_number"), transaction.atomic():
        CardCode.objects.create(card=card, number=1, digest="b")
