"""The named constraints that no scenario trips: each one is tripped here by the row that it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from portefeuille.applications.models import CeilingUse
from portefeuille.bank.models import BankAccount, BankException, Statement
from portefeuille.budget.models import Budget
from portefeuille.history.models import IdempotencyKey
from portefeuille.identity.models import Capacity, EnterpriseProfile, Person
from portefeuille.messages.models import Message
from portefeuille.providers.models import Document, Measure, Provider, Recognition, RecognitionRequest
from portefeuille.wallet.models import Payment

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
DAY = date(2026, 3, 5)


def refused(constraint: str, model: type[models.Model], *rows: dict[str, Any]) -> None:
    """The last of these rows is refused by the constraint; those before it are not."""
    *good, bad = rows
    for row in good:
        model._default_manager.create(**row)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._default_manager.create(**bad)


def test_a_key_is_used_once(db: None) -> None:
    row = {"key": "k", "verb": "submit", "actor": "a", "body_digest": "x", "at": AT}
    refused("idempotency_key_used_once", IdempotencyKey, row, row)


def test_a_message_is_written_once(db: None) -> None:
    row = {
        "key": "k",
        "kind": "x",
        "to_address": "a@b.example",
        "to_name": "A",
        "subject": "",
        "text": "",
        "written_at": AT,
    }
    refused("message_written_once", Message, row, row)


@pytest.fixture
def person(db: None) -> Person:
    return Person.objects.create(handle="a", name="A", email="a@b.example")


@pytest.mark.parametrize(
    "row",
    [
        {"role": "entrepreneur"},
        {"role": "entrepreneur", "enterprise_number": "1999100120", "provider_id": 1},
        {"role": "provider"},
        {"role": "provider", "provider_id": 1, "enterprise_number": "1999100120"},
        {"role": "operator", "enterprise_number": "1999100120"},
        {"role": "office", "provider_id": 1},
        {"role": "system"},
        {"role": "koning"},
    ],
)
def test_a_capacity_names_whom_it_is_for(person: Person, row: dict[str, Any]) -> None:
    refused("capacity_names_whom_it_is_for", Capacity, {"person": person, **row})


def test_a_capacity_is_given_once(person: Person) -> None:
    row = {"person": person, "role": "operator"}
    refused("capacity_given_once", Capacity, row, row)


def test_a_turnover_is_not_negative(db: None) -> None:
    row = {
        "enterprise_number": "1999100120",
        "iban": "x",
        "email": "x",
        "size": "small",
        "turnover_cents": -1,
    }
    refused("profile_turnover_not_negative", EnterpriseProfile, row)


@pytest.mark.parametrize(
    "figures", [{"people_hundredths": 100}, {"people_hundredths": 1, "balance_total_cents": -1}]
)
def test_the_figures_of_a_size_come_together(db: None, figures: dict[str, int]) -> None:
    row = {"enterprise_number": "1999100120", "iban": "x", "email": "x", "size": "small", "turnover_cents": 1}
    refused("profile_figures_come_together", EnterpriseProfile, {**row, **figures})


@pytest.fixture
def provider(db: None) -> Provider:
    return Provider.objects.create(
        enterprise_number="1999100318", legal_name="X", iban="x", email="x@y.example"
    )


def test_a_recognition_ends_after_it_starts(provider: Provider) -> None:
    row = {"provider": provider, "number": "DV.O000001", "service": "training"}
    refused(
        "recognition_ends_after_it_starts",
        Recognition,
        {**row, "valid_from": DAY, "valid_to": date(2026, 3, 4)},
    )


@pytest.mark.parametrize(("number", "service"), [("DV.A000001", "training"), ("DV.O000001", "advice")])
def test_a_recognitions_letter_says_its_service(provider: Provider, number: str, service: str) -> None:
    refused(
        "recognition_letter_says_the_service",
        Recognition,
        {"provider": provider, "number": number, "service": service, "valid_from": DAY},
    )


@pytest.mark.parametrize(
    "suspension",
    [
        {"suspended_until": DAY},
        {"suspended_from": DAY, "suspended_until": date(2026, 3, 4)},
    ],
)
def test_a_suspension_has_a_first_day(provider: Provider, suspension: dict[str, date]) -> None:
    row = {"provider": provider, "number": "DV.O000001", "service": "training", "valid_from": DAY}
    refused("recognition_suspension_has_a_first_day", Recognition, {**row, **suspension})


def test_nothing_is_struck_off_before_it_starts(provider: Provider) -> None:
    row = {"provider": provider, "number": "DV.O000001", "service": "training", "valid_from": DAY}
    refused("recognition_struck_off_after_it_starts", Recognition, {**row, "struck_off_on": date(2026, 3, 4)})


REQUEST: dict[str, Any] = {
    "enterprise_number": "1999100318",
    "service": "training",
    "iban": "x",
    "email": "x@y.example",
    "audit_bureau": "Kiwa",
    "audited_on": DAY,
    "is_declared": True,
    "asked_by": 1,
    "asked_at": AT,
}
CLOSED: dict[str, Any] = {"closed_at": AT, "closed_by": 1}


@pytest.mark.parametrize(
    ("constraint", "more"),
    [
        ("recognition_request_is_declared", {"is_declared": False}),
        ("recognition_request_closed_by_somebody", {"state": "withdrawn"}),
        ("recognition_request_closed_by_somebody", {"closed_by": 1}),
        ("recognition_request_closed_by_somebody", {"state": "withdrawn", "closed_at": AT}),
        ("recognition_request_decided_with_reasons", {"state": "refused", **CLOSED}),
        ("recognition_request_granted_brings_one", {"state": "granted", "reasons": "x", **CLOSED}),
    ],
)
def test_a_request_is_whole_in_each_of_its_states(db: None, constraint: str, more: dict[str, Any]) -> None:
    refused(constraint, RecognitionRequest, {**REQUEST, **more})


def test_only_what_was_granted_brought_a_recognition_and_only_a_provider_renews(provider: Provider) -> None:
    held = Recognition.objects.create(
        provider=provider, number="DV.O000001", service="training", valid_from=DAY
    )
    refused("recognition_request_granted_brings_one", RecognitionRequest, {**REQUEST, "recognition": held})
    refused("recognition_request_of_provider_renews", RecognitionRequest, {**REQUEST, "renews": held})


def test_a_file_of_a_kind_comes_once(db: None) -> None:
    request = RecognitionRequest.objects.create(**REQUEST)
    row = {
        "request": request,
        "kind": "certificate",
        "name": "a.pdf",
        "sealed": b"x",
        "size": 1,
        "digest": "x",
    }
    refused("document_of_a_kind_once", Document, row, row)


def test_a_measure_says_why_and_about_what(provider: Provider) -> None:
    row = {"provider": provider, "kind": "session", "on": DAY, "reasons": "x", "person_id": 1, "at": AT}
    refused("measure_says_why", Measure, {**row, "reasons": ""})
    refused("measure_is_about_a_recognition", Measure, {**row, "kind": "suspended"})
    held = Recognition.objects.create(
        provider=provider, number="DV.O000001", service="training", valid_from=DAY
    )
    refused("measure_is_about_a_recognition", Measure, {**row, "recognition": held})
    refused("session_attended_once", Measure, row, row)


def test_a_budget_is_voted_once_a_year(db: None) -> None:
    row = {"scheme": "gids", "year": 2026, "voted_cents": 1}
    refused("budget_once_a_year", Budget, row, row)


def test_a_ceiling_is_kept_once_a_year(db: None) -> None:
    row = {"enterprise_number": "1999100120", "scheme": "gids", "year": 2026, "ceiling_cents": 1}
    refused("ceiling_use_once_a_year", CeilingUse, row, row)


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccount.objects.create(iban="BE49999000000171", holder="X", government_iban="y")


def statement(account: BankAccount, **more: Any) -> dict[str, Any]:
    return {
        "account": account,
        "sequence": 1,
        "closing_on": DAY,
        "opening_cents": 0,
        "closing_cents": 0,
        "digest": "a",
        "movement_count": 0,
        "booked_at": AT,
        **more,
    }


def test_a_statement_is_booked_once(account: BankAccount) -> None:
    refused("statement_booked_once", Statement, statement(account), statement(account, sequence=2))


def test_a_statements_number_is_used_once(account: BankAccount) -> None:
    refused("statement_sequence_used_once", Statement, statement(account), statement(account, digest="b"))


@pytest.mark.parametrize(("amount", "left"), [(100, 101), (100, -1), (-100, -101), (-100, 1), (0, 0)])
def test_what_is_left_of_an_exception_lies_within_its_amount(db: None, amount: int, left: int) -> None:
    refused(
        "exception_left_within_amount",
        BankException,
        {
            "movement_id": 1,
            "reason": "too_much",
            "amount_cents": amount,
            "left_cents": left,
            "raised_at": AT,
            "settled_at": None if left else AT,
        },
    )


@pytest.mark.parametrize(("left", "settled"), [(0, None), (100, AT)])
def test_an_exception_is_settled_when_nothing_is_left(db: None, left: int, settled: datetime | None) -> None:
    refused(
        "exception_settled_when_nothing_left",
        BankException,
        {
            "movement_id": 1,
            "reason": "too_much",
            "amount_cents": 100,
            "left_cents": left,
            "raised_at": AT,
            "settled_at": settled,
        },
    )


def payment(**more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "kind": "provider",
        "amount_cents": 100,
        "own_cents": 60,
        "subsidy_cents": 40,
        "creditor_name": "X",
        "creditor_iban": "x",
        "ordered_at": AT,
        **more,
    }


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("payment_amount_positive", payment(kind="refund", amount_cents=0)),
        ("payment_parts_add_up", payment(own_cents=61)),
        ("payment_in_run_has_run", payment(state="in_run")),
    ],
)
def test_payments(db: None, constraint: str, row: dict[str, Any]) -> None:
    refused(constraint, Payment, row)


def test_a_nace_code_stands_once_in_its_version(db: None) -> None:
    from portefeuille.register.models import NaceCode

    row = {"version": "2008", "code": "99999", "label": "x"}
    refused("nace_code_once_per_version", NaceCode, row, row)
