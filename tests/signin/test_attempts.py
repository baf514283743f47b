"""Lock-out after a few wrong codes, the ways back from it, and counts that every process shares."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from tests.signin.people import (
    HERE,
    NELE,
    NOBODY,
    NOW,
    THERE,
    card_of,
    known,
    number_at,
    register,
    right_code,
    use,
)

from portefeuille.core.errors import Invalid, NotAllowed, ProofNeeded
from portefeuille.identity.models import Person
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.signin.attempts import (
    ADDRESS_WINDOW,
    FIRST_LOCK,
    FROM_ONE_ADDRESS,
    NEXT_LOCK,
    WRONG_IN_A_ROW,
    LockedOut,
    WrongCode,
    source_of,
)
from portefeuille.signin.models import Attempt
from portefeuille.signin.operations.order_card import ORDERS_FROM_ONE_ADDRESS, order_card
from portefeuille.signin.operations.release import release, release_own
from portefeuille.signin.queries import attempts_on, locks_of

MINUTE = timedelta(minutes=1)


def fail(number: str, times: int, *, after: timedelta = timedelta()) -> list[str]:
    """Wrong codes in a row; what came of each."""
    outcomes = []
    for _time in range(times):
        with pytest.raises((WrongCode, LockedOut)) as refused:
            use(number, "AAAAAA", after=after)
        outcomes.append(type(refused.value).__name__)
    return outcomes


@pytest.mark.django_db
class TestLockOut:
    def test_the_fifth_wrong_code_locks_and_then_a_right_one_is_not_looked_at(self) -> None:
        codes = card_of(NELE)
        assert fail(NELE, 5) == ["WrongCode"] * 4 + ["LockedOut"]
        with pytest.raises(LockedOut) as refused:
            use(NELE, right_code(NELE, codes))
        assert refused.value.until == NOW + FIRST_LOCK

    def test_it_says_how_many_are_left(self) -> None:
        card_of(NELE)
        left = []
        for _time in range(4):
            with pytest.raises(WrongCode) as refused:
                use(NELE, "AAAAAA")
            left.append(refused.value.left)
        assert left == [4, 3, 2, 1]

    def test_waiting_is_a_way_back(self) -> None:
        codes = card_of(NELE)
        fail(NELE, 5)
        with pytest.raises(LockedOut):
            use(NELE, right_code(NELE, codes), after=FIRST_LOCK - MINUTE)
        assert use(NELE, right_code(NELE, codes), after=FIRST_LOCK)

    def test_trying_while_it_is_locked_does_not_make_it_last_longer(self) -> None:
        codes = card_of(NELE)
        fail(NELE, 5)
        fail(NELE, 9, after=FIRST_LOCK - MINUTE)
        assert use(NELE, right_code(NELE, codes), after=FIRST_LOCK)

    def test_the_next_five_lock_for_a_day(self) -> None:
        codes = card_of(NELE)
        fail(NELE, 5)
        assert fail(NELE, 5, after=FIRST_LOCK)[-1] == "LockedOut"
        with pytest.raises(LockedOut):
            use(NELE, right_code(NELE, codes), after=FIRST_LOCK + NEXT_LOCK - MINUTE)
        assert use(NELE, right_code(NELE, codes), after=FIRST_LOCK + NEXT_LOCK)

    def test_a_right_code_starts_the_count_anew(self) -> None:
        codes = card_of(NELE)
        for _round in range(3):
            assert fail(NELE, 4) == ["WrongCode"] * 4
            use(NELE, right_code(NELE, codes))

    def test_who_does_not_exist_locks_just_as_well(self) -> None:
        assert fail(NOBODY, 6) == ["WrongCode"] * 4 + ["LockedOut"] * 2

    def test_it_locks_one_person_and_no_other(self) -> None:
        codes = card_of(NELE)
        fail(NOBODY, 5)
        assert use(NELE, right_code(NELE, codes))


@pytest.mark.django_db
class TestFromOneAddress:
    def test_many_wrong_codes_make_that_address_wait(self) -> None:
        codes = card_of(NELE)
        for guess in range(FROM_ONE_ADDRESS):
            fail(number_at(600101000 + guess), 1)
        with pytest.raises(LockedOut) as refused:
            use(NELE, right_code(NELE, codes))
        assert refused.value.until == NOW + ADDRESS_WINDOW
        assert use(NELE, right_code(NELE, codes), source=THERE), "another address does not wait"
        assert use(NELE, right_code(NELE, codes), after=ADDRESS_WINDOW)


@pytest.mark.django_db
class TestRelease:
    CLERK = Actor(role=Role.OFFICE, person_id=9_000_001, assurance=Assurance.SUBSTANTIAL)

    def test_by_the_office_with_a_reason(self) -> None:
        codes = card_of(NELE)
        fail(NELE, 5)
        person = Person.objects.get().pk
        with pytest.raises(Invalid):
            release(actor=self.CLERK, person=person, means="card", reason=" ", at=NOW)
        release(actor=self.CLERK, person=person, means="card", reason="belde, kende projectnummer", at=NOW)
        assert use(NELE, right_code(NELE, codes))

    def test_not_by_the_person_of_the_office_whose_own_it_is(self) -> None:
        card_of(NELE)
        fail(NELE, 5)
        person = Person.objects.get().pk
        with pytest.raises(NotAllowed, match="jezelf"):
            release(
                actor=replace(self.CLERK, person_id=person), person=person, means="card", reason="x", at=NOW
            )

    def test_the_office_sees_what_is_locked_and_who_tried(self) -> None:
        card_of(NELE)
        fail(NELE, 4)
        person = Person.objects.get().pk
        assert locks_of(person, actor=self.CLERK, at=NOW) == []
        fail(NELE, 1)
        [lock] = locks_of(person, actor=self.CLERK, at=NOW)
        assert lock.means == "card"
        assert lock.until > NOW
        assert [one.outcome for one in attempts_on(person, actor=self.CLERK)] == ["wrong"] * 5
        for look in (
            lambda actor: locks_of(person, actor=actor, at=NOW),
            lambda actor: attempts_on(person, actor=actor),
        ):
            with pytest.raises(NotAllowed):
                look(replace(self.CLERK, role=Role.AUDITOR))

    def test_by_nobody_else(self) -> None:
        card_of(NELE)
        operator = Actor(role=Role.OPERATOR, person_id=1, assurance=Assurance.HIGH)
        with pytest.raises(NotAllowed):
            release(actor=operator, person=Person.objects.get().pk, means="card", reason="x", at=NOW)

    def test_by_the_person_who_just_used_another_means(self) -> None:
        codes = card_of(NELE)
        fail(NELE, 5)
        nele = known(Person.objects.get().pk)
        with pytest.raises(ProofNeeded):
            release_own(actor=nele, means="card", at=NOW + timedelta(minutes=16))
        release_own(actor=nele, means="card", at=NOW)
        assert use(NELE, right_code(NELE, codes))

    def test_only_what_can_be_locked_is_released(self) -> None:
        card_of(NELE)
        with pytest.raises(Invalid):
            release_own(actor=known(Person.objects.get().pk), means="eid", at=NOW)


@pytest.mark.django_db
def test_every_attempt_is_written_down_without_names_or_numbers() -> None:
    codes = card_of(NELE)
    fail(NELE, 5)
    fail(NELE, 1)
    use(NELE, right_code(NELE, codes), after=FIRST_LOCK)
    told = list(Attempt.objects.filter(means="card").order_by("id").values_list("outcome", flat=True))
    assert told == ["wrong"] * 5 + ["locked", "right"]
    assert NELE not in str(list(Attempt.objects.values()))


@pytest.mark.django_db
@pytest.mark.parametrize("row", [{"means": "raad"}, {"outcome": "misschien"}])
def test_the_database_knows_only_our_kinds_of_attempt(row: dict[str, str]) -> None:
    plain = {"at": NOW, "means": "card", "source": HERE, "outcome": "wrong"}
    with pytest.raises(IntegrityError, match="attempt_is_of_a_known_kind"), transaction.atomic():
        Attempt.objects.create(**{**plain, **row})


def test_twenty_guesses_at_once_are_counted_as_twenty_in_a_row(committed_db: str) -> None:
    """Each on a connection of its own: five are looked at, and all others find the card locked."""
    assert register()
    outcomes: list[str] = []
    start = threading.Barrier(20)

    def guess() -> None:
        start.wait()
        try:
            use(NELE, "AAAAAA")
        except (WrongCode, LockedOut):
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _guess in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    outcomes = list(Attempt.objects.values_list("outcome", flat=True))
    assert (outcomes.count("wrong"), outcomes.count("locked")) == (WRONG_IN_A_ROW, 15)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("no address", "no address", True),
    ],
)
def test_another_address_of_the_same_holder_is_no_other_place(one: str, other: str, same: bool) -> None:
    """A household with IPv6 has more addresses than it could ever use up on us."""
    assert (source_of(one) == source_of(other)) is same


def test_one_address_that_tries_many_people_at_once_escapes_no_count(committed_db: str) -> None:
    """Each on a connection of its own: what waits for another person's attempt does not wait for one's own count."""
    many = 16
    start = threading.Barrier(many)
    refused: list[int] = []

    def order(one: int) -> None:
        start.wait()
        try:
            order_card(national_number=number_at(850730100 + one), source=HERE, at=NOW)
        except LockedOut:
            refused.append(one)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=order, args=[one]) for one in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(refused) == many - ORDERS_FROM_ONE_ADDRESS
    assert Attempt.objects.filter(means="card_order").count() == ORDERS_FROM_ONE_ADDRESS
