"""The office's queue: a term, an owner, a decision with reasons, and a second person where two must agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from portefeuille.cases import queries as cases
from portefeuille.cases.kinds import HABITS, Kind
from portefeuille.cases.models import Case
from portefeuille.cases.operations import close_case, confirm, open_case, propose, send_back, take
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity.operations.add_person import GivenCapacity, add_person
from portefeuille.identity.roles import Actor, Assurance, Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday
ENTERPRISE = "1998000159"


def clerk(name: str, role: Role = Role.OFFICE) -> Actor:
    number = add_person(handle=name.lower(), name=name, email="x@y.example", capacities=[GivenCapacity(role)])
    return Actor(role=role, person_id=number, name=name, assurance=Assurance.SUBSTANTIAL)


@pytest.fixture
def greet() -> Actor:
    return clerk("Greet")


@pytest.fixture
def wim() -> Actor:
    return clerk("Wim")


def opened(kind: Kind = Kind.APPLICATION, subject_id: int = 7) -> int:
    return open_case(kind=kind, subject_id=subject_id, enterprise=ENTERPRISE, at=NOW)


def test_every_kind_has_a_term() -> None:
    assert HABITS.keys() == set(Kind)
    assert all(habit.term_working_days > 0 for habit in HABITS.values())


def test_what_must_be_answered_first_is_on_top(greet: Actor) -> None:
    slow, urgent = opened(), opened(Kind.LETTER_ADDRESS)
    assert [(one.id, one.term_on) for one in cases.waiting(actor=greet)] == [
        (urgent, date(2026, 3, 9)),
        (slow, date(2026, 3, 16)),
    ]
    view = cases.case(slow, actor=greet)
    assert not view.is_late(date(2026, 3, 16))
    assert view.is_late(date(2026, 3, 17))


def test_the_same_thing_waits_once(greet: Actor) -> None:
    assert opened() == opened()
    with pytest.raises(IntegrityError, match="case_open_once"), transaction.atomic():
        Case.objects.create(kind=Kind.APPLICATION, subject_id=7, opened_at=NOW, term_on=date(2026, 3, 9))
    close_case(kind=Kind.APPLICATION, subject_id=7, actor=greet, outcome="approve", at=NOW)
    assert cases.waiting(actor=greet) == []
    assert len({opened(), *Case.objects.values_list("pk", flat=True)}) == 2


def test_somebody_takes_a_case_and_a_colleague_may_take_it_over(greet: Actor, wim: Actor) -> None:
    case = opened()
    take(actor=greet, case=case, at=NOW)
    take(actor=greet, case=case, at=NOW)
    assert cases.case(case, actor=wim).owner_name == "Greet"
    take(actor=wim, case=case, at=NOW)
    assert cases.waiting(actor=wim)[0].owner_name == "Wim"
    taken = [one.facts["from"] for one in events_of("case", case)]
    assert taken == [None, greet.person_id]


def test_a_closed_case_says_who_decided_and_why(greet: Actor) -> None:
    case = opened()
    close_case(kind=Kind.APPLICATION, subject_id=7, actor=greet, outcome="refuse", reasons="Te laat.", at=NOW)
    view = cases.about(Kind.APPLICATION, 7, actor=greet)
    assert view is not None
    assert (view.id, view.outcome, view.reasons, view.closed_at) == (case, "refuse", "Te laat.", NOW)
    assert [(one.verb, one.reason) for one in events_of("case", case)] == [("close_case", "Te laat.")]
    with pytest.raises(WrongState):
        take(actor=greet, case=case, at=NOW)


def test_closing_what_does_not_wait_changes_nothing(greet: Actor) -> None:
    close_case(kind=Kind.APPLICATION, subject_id=99, actor=greet, outcome="withdrawn", at=NOW)
    assert cases.about(Kind.APPLICATION, 99, actor=greet) is None


def test_where_two_must_agree_the_second_is_another(greet: Actor, wim: Actor) -> None:
    case = opened(Kind.LETTER_ADDRESS)
    with pytest.raises(WrongState, match="nog geen voorstel"):
        confirm(actor=wim, case=case, outcome="address", at=NOW)
    propose(actor=greet, case=case, proposal={"street": "Kerkstraat 1"}, reasons="Uit het dossier.", at=NOW)
    with pytest.raises(WrongState, match="was je voor"):
        propose(actor=wim, case=case, proposal={"street": "x"}, reasons="Ook uit het dossier.", at=NOW)
    with pytest.raises(NotAllowed, match="Een collega"):
        confirm(actor=greet, case=case, outcome="address", at=NOW)
    assert confirm(actor=wim, case=case, outcome="address", at=NOW) == {"street": "Kerkstraat 1"}
    assert cases.waiting(actor=wim) == []
    assert cases.case(case, actor=wim).reasons == "Uit het dossier."
    with pytest.raises(WrongState):
        confirm(actor=wim, case=case, outcome="address", at=NOW)


def test_a_proposal_can_be_sent_back_with_reasons(greet: Actor, wim: Actor) -> None:
    case = opened(Kind.LETTER_ADDRESS)
    propose(actor=greet, case=case, proposal={"street": "x"}, reasons="Uit het dossier.", at=NOW)
    with pytest.raises(Invalid) as refused:
        send_back(actor=wim, case=case, reasons=" ", at=NOW)
    assert refused.value.field == "reasons"
    send_back(actor=wim, case=case, reasons="Dat is een postbus.", at=NOW)
    view = cases.case(case, actor=wim)
    assert (view.proposal, view.owner, view.reasons) == (None, None, "")
    propose(actor=wim, case=case, proposal={"street": "y"}, reasons="Nagevraagd.", at=NOW)
    assert confirm(actor=greet, case=case, outcome="address", at=NOW) == {"street": "y"}


def test_a_proposal_needs_reasons(greet: Actor) -> None:
    case = opened(Kind.LETTER_ADDRESS)
    with pytest.raises(Invalid):
        propose(actor=greet, case=case, proposal={}, reasons="", at=NOW)


def test_the_database_holds_the_four_eyes_too(greet: Actor) -> None:
    case = opened(Kind.LETTER_ADDRESS)
    with pytest.raises(IntegrityError, match="case_proposal_has_an_author"), transaction.atomic():
        Case.objects.update(proposal={"street": "x"})
    propose(actor=greet, case=case, proposal={"street": "x"}, reasons="Uit het dossier.", at=NOW)
    with pytest.raises(IntegrityError, match="case_confirmed_by_another"), transaction.atomic():
        Case.objects.update(closed_at=NOW, closed_by=greet.person_id)


def test_nobody_decides_on_their_own_request(greet: Actor, wim: Actor) -> None:
    case = open_case(kind=Kind.CARD_ADDRESS, subject_id=7, enterprise="", person=greet.person_id, at=NOW)
    for act in (
        lambda: take(actor=greet, case=case, at=NOW),
        lambda: propose(actor=greet, case=case, proposal={}, reasons="x", at=NOW),
    ):
        with pytest.raises(NotAllowed, match="eigen aanvraag"):
            act()
    propose(actor=wim, case=case, proposal={}, reasons="x", at=NOW)
    for act in (
        lambda: confirm(actor=greet, case=case, outcome="x", at=NOW),
        lambda: send_back(actor=greet, case=case, reasons="x", at=NOW),
    ):
        with pytest.raises(NotAllowed, match="eigen aanvraag"):
            act()
    with (
        pytest.raises(IntegrityError, match="case_proposed_by_another_than_it_is_about"),
        transaction.atomic(),
    ):
        Case.objects.update(proposed_by=greet.person_id)


def test_the_auditor_reads_the_queue_and_changes_nothing(greet: Actor) -> None:
    case = opened()
    auditor = clerk("Ann", Role.AUDITOR)
    assert [one.id for one in cases.waiting(actor=auditor)] == [case]
    for act in (
        lambda: take(actor=auditor, case=case, at=NOW),
        lambda: propose(actor=auditor, case=case, proposal={}, reasons="x", at=NOW),
        lambda: send_back(actor=auditor, case=case, reasons="x", at=NOW),
        lambda: confirm(actor=auditor, case=case, outcome="x", at=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotAllowed):
        cases.waiting(actor=replace(greet, role=Role.OPERATOR))


def test_a_case_that_does_not_exist(greet: Actor) -> None:
    with pytest.raises(NotFound):
        take(actor=greet, case=1, at=NOW)
    with pytest.raises(NotFound):
        cases.case(1, actor=greet)


def test_the_page_offers_what_the_operations_let_somebody_do(greet: Actor, wim: Actor) -> None:
    auditor = clerk("Ann", Role.AUDITOR)
    number = opened(Kind.LETTER_ADDRESS)

    def offered(actor: Actor) -> tuple[bool, bool]:
        view = cases.case(number, actor=greet)
        return view.may_be_taken_by(actor), view.may_be_confirmed_by(actor)

    assert (offered(greet), offered(auditor)) == ((True, False), (False, False))
    take(actor=greet, case=number, at=NOW)
    assert (offered(greet), offered(wim)) == ((False, False), (True, False))
    propose(actor=greet, case=number, proposal={"address": None}, reasons="Niets gevonden.", at=NOW)
    assert (offered(greet), offered(wim), offered(auditor)) == ((False, False), (False, True), (False, False))
    confirm(actor=wim, case=number, outcome="none", at=NOW)
    assert (offered(greet), offered(wim)) == ((False, False), (False, False))


def test_nobody_is_offered_their_own_request(greet: Actor, wim: Actor) -> None:
    number = open_case(
        kind=Kind.LETTER_ADDRESS, subject_id=8, enterprise=ENTERPRISE, person=greet.person_id, at=NOW
    )
    view = cases.case(number, actor=wim)
    assert view.is_own_request_of(greet)
    assert not view.may_be_taken_by(greet)
    assert view.may_be_taken_by(wim)
