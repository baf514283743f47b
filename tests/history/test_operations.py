"""What happened is written with the change it tells of; a repeated request gets the first answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from portefeuille.core.errors import Invalid, KeyReused
from portefeuille.history.models import Event, IdempotencyKey
from portefeuille.history.operations import LONGEST_KEY, once, record, record_many
from portefeuille.history.queries import events_of
from portefeuille.identity.roles import Actor, Role

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ENTREPRENEUR = Actor(role=Role.ENTREPRENEUR, person_id=7, name="Nele", enterprise="1999100120")
OTHER = Actor(role=Role.ENTREPRENEUR, person_id=8, name="Joris", enterprise="1999100219")
OPERATOR = Actor(role=Role.OPERATOR, person_id=9, name="Tom")


class TestEvents:
    def test_an_event_says_who_in_which_role_when_and_why(self) -> None:
        record(
            actor=ENTREPRENEUR,
            verb="cancel",
            subject="application",
            subject_id=3,
            at=AT,
            reason="Ik volg ze later.",
            facts={"refund": "600.00"},
        )
        [past] = events_of("application", 3)
        assert (past.at, past.verb, past.role, past.person_id) == (AT, "cancel", "entrepreneur", 7)
        assert (past.reason, past.facts) == ("Ik volg ze later.", {"refund": "600.00"})

    def test_it_carries_ids_and_never_a_name(self) -> None:
        record(actor=ENTREPRENEUR, verb="submit", subject="application", subject_id=3, at=AT)
        [row] = Event.objects.values()
        assert "Nele" not in str(row)

    def test_it_is_for_the_actors_enterprise_unless_it_says_for_which(self) -> None:
        record(actor=ENTREPRENEUR, verb="submit", subject="application", subject_id=1, at=AT)
        record(
            actor=OPERATOR,
            verb="deposit",
            subject="application",
            subject_id=2,
            at=AT,
            enterprise="1999100219",
        )
        found = dict(Event.objects.values_list("subject_id", "enterprise_number"))
        assert found == {1: "1999100120", 2: "1999100219"}

    def test_many_at_once_are_one_statement_and_stay_apart(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        each = [(number, "1999100120", {"é": f"{{{number}}}"}) for number in range(1, 50)]
        with django_assert_num_queries(1):
            record_many(actor=OPERATOR, verb="deposit", subject="application", at=AT, each=each)
        assert [events_of("application", number)[0].facts for number, _, _ in each] == [
            facts for _, _, facts in each
        ]
        with django_assert_num_queries(0):
            record_many(actor=OPERATOR, verb="deposit", subject="application", at=AT, each=[])

    def test_they_are_told_in_the_order_in_which_they_happened_and_of_one_subject_only(self) -> None:
        for verb in ("submit", "approve", "deposit"):
            record(actor=OPERATOR, verb=verb, subject="application", subject_id=1, at=AT)
        record(actor=OPERATOR, verb="lapse", subject="application", subject_id=2, at=AT)
        record(actor=OPERATOR, verb="make_run", subject="payment_run", subject_id=1, at=AT)
        assert [past.verb for past in events_of("application", 1)] == ["submit", "approve", "deposit"]

    def test_what_is_undone_did_not_happen(self) -> None:
        with transaction.atomic():
            record(actor=OPERATOR, verb="lapse", subject="application", subject_id=2, at=AT)
            transaction.set_rollback(True)
        assert events_of("application", 2) == []


class Counted:
    """An act that counts how often it is done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times

    def asked(self, **changes: Any) -> int:
        given: dict[str, Any] = {
            "key": "k-1",
            "actor": ENTREPRENEUR,
            "verb": "order_payment",
            "body": {"amount": "600.00", "application": 3},
            "at": AT,
            **changes,
        }
        return once(act=self, **given)


class TestOnce:
    def test_a_repeat_gets_the_first_answer_and_does_nothing(self) -> None:
        act = Counted()
        assert [act.asked(), act.asked(), act.asked()] == [1, 1, 1]
        assert act.times == 1

    def test_the_order_of_what_was_asked_does_not_matter(self) -> None:
        act = Counted()
        act.asked()
        assert act.asked(body={"application": 3, "amount": "600.00"}) == 1

    def test_the_same_key_with_another_body_is_refused_and_does_nothing(self) -> None:
        act = Counted()
        act.asked()
        with pytest.raises(KeyReused):
            act.asked(body={"amount": "700.00", "application": 3})
        assert act.times == 1

    @pytest.mark.parametrize("changes", [{"actor": OTHER}, {"verb": "cancel"}, {"key": "k-2"}])
    def test_somebody_elses_key_another_verbs_and_another_key_are_other_requests(
        self, changes: dict[str, Any]
    ) -> None:
        act = Counted()
        assert (act.asked(), act.asked(**changes)) == (1, 2)

    def test_what_was_refused_may_be_asked_again(self) -> None:
        act = Counted()

        def refuse() -> int:
            raise Invalid("Het bedrag ontbreekt.")

        with pytest.raises(Invalid, match="Het bedrag"):
            once(
                key="k-1",
                actor=ENTREPRENEUR,
                verb="order_payment",
                body={"amount": "600.00", "application": 3},
                at=AT,
                act=refuse,
            )
        assert not IdempotencyKey.objects.exists()
        assert act.asked() == 1

    @pytest.mark.parametrize("key", ["", "x" * (LONGEST_KEY + 1)])
    def test_a_key_has_a_length(self, key: str) -> None:
        act = Counted()
        with pytest.raises(Invalid, match="255"):
            act.asked(key=key)
        assert act.times == 0

    def test_the_longest_key_is_kept_whole(self) -> None:
        act = Counted()
        act.asked(key="x" * LONGEST_KEY)
        assert act.asked(key="x" * (LONGEST_KEY - 1) + "y") == 2
