"""The office decides on a recognition: the number, the years, and who may act after it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.providers.asking import REASONS, ask, decide, ends_in, owner, provider_admin
from tests.world import World

from portefeuille.cases.models import Case
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity import queries as identity
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Role
from portefeuille.messages.models import Message
from portefeuille.providers import queries as providers
from portefeuille.providers.models import Provider, Recognition, RecognitionRequest
from portefeuille.providers.operations.decide_recognition import decide_recognition

pytestmark = pytest.mark.django_db


def test_approval_makes_the_provider_its_number_and_its_administrator(world: World) -> None:
    nele = owner(world)
    request = ask(world, nele)
    assert decide(world, request) == "DV.O900503"  # after the world's DV.A900502
    found = providers.provider_of_enterprise(nele.enterprise)
    assert found is not None
    assert (found.legal_name, found.display_name, found.iban) == (
        "Leerschool BV",
        "Leerschool",
        "BE59999001111126",
    )
    [one] = found.recognitions
    assert (one.valid_from, one.valid_to) == (date(2026, 3, 2), date(2031, 3, 1))
    assert identity.is_administrator(nele.person_id or 0, provider=found.id)
    case = Case.objects.get(kind="recognition")
    assert (case.outcome, case.reasons, case.closed_by) == ("approve", REASONS, world.office.person_id)
    assert events_of("recognition_request", request)[-1].facts["number"] == "DV.O900503"
    mail = Message.objects.get(kind="recognition_granted")
    assert mail.to_address == "eigenaar@test.example"
    assert "DV.O900503" in mail.subject
    assert "tot en met 1 maart 2031" in mail.text


def test_refusal_says_why_and_gives_no_number(world: World) -> None:
    request = ask(world, owner(world))
    assert decide(world, request, grant=False) == ""
    row = RecognitionRequest.objects.get(pk=request)
    assert (row.state, row.reasons, row.recognition_id) == ("refused", REASONS, None)
    assert Provider.objects.count() == 1
    assert REASONS in Message.objects.get(kind="recognition_refused").text
    with pytest.raises(WrongState):
        decide(world, request)


def test_numbers_follow_each_other_through_both_services_and_none_is_lost_by_a_refusal(world: World) -> None:
    nele = owner(world)
    training, advice = ask(world, nele), ask(world, nele, service="advice")
    decide(world, training, grant=False)
    assert decide(world, advice) == "DV.A900503"
    boss = world.person("baas", GivenCapacity(Role.PROVIDER_ADMIN, provider=_provider_of(nele.enterprise)))
    assert decide(world, ask(world, boss)) == "DV.O900504"


def _provider_of(enterprise: str) -> int:
    found = providers.provider_of_enterprise(enterprise)
    assert found is not None
    return found.id


def test_two_requests_of_one_enterprise_make_one_provider(world: World) -> None:
    nele = owner(world)
    training, advice = ask(world, nele), ask(world, nele, service="advice")
    decide(world, training)
    decide(world, advice)
    found = providers.provider_of_enterprise(nele.enterprise)
    assert found is not None
    assert {one.service for one in found.recognitions} == {"training", "advice"}


def test_a_starter_gets_two_years_and_then_three_under_the_same_number(world: World) -> None:
    nele = owner(world)
    number = decide(world, ask(world, nele, is_starter=True))
    row = Recognition.objects.get(number=number)
    assert (row.valid_to, row.is_starter) == (date(2028, 3, 1), True)
    boss = world.person("baas", GivenCapacity(Role.PROVIDER_ADMIN, provider=row.provider_id))
    world.day = date(2028, 1, 10)
    assert decide(world, ask(world, boss)) == number
    row.refresh_from_db()
    assert (row.valid_to, row.is_starter, row.last_notice) == (date(2031, 3, 1), False, None)
    world.day = date(2031, 1, 10)
    decide(world, ask(world, boss))
    row.refresh_from_db()
    assert row.valid_to == date(2036, 3, 1)


def test_a_renewal_that_was_asked_in_time_goes_on_without_a_gap(world: World) -> None:
    boss, held = provider_admin(world), ends_in(world, 3)
    request = ask(world, boss)
    world.pass_days(20)
    assert decide(world, request) == held.number
    held.refresh_from_db()
    assert held.valid_to == date(2031, 3, 5)
    assert "Je erkenning gaat verder" in Message.objects.get(kind="recognition_granted").subject


def test_what_was_struck_off_meanwhile_is_not_renewed(world: World) -> None:
    boss, held = provider_admin(world), ends_in(world, 30)
    request = ask(world, boss)
    held.struck_off_on = world.day
    held.save()
    with pytest.raises(WrongState, match="geschrapt"):
        decide(world, request)
    assert RecognitionRequest.objects.get(pk=request).state == "waits"
    decide(world, request, grant=False)


def test_nobody_decides_on_their_own_or_without_reasons_or_right(world: World) -> None:
    nele = owner(world)
    request = ask(world, nele)
    clerk = world.person("ambtenaar", GivenCapacity(Role.ENTERPRISE_ADMIN, enterprise=nele.enterprise))
    both = world.person("ambtenaar", GivenCapacity(Role.OFFICE))
    assert both.person_id == clerk.person_id
    with pytest.raises(NotAllowed, match="Een collega moet beslissen"):
        decide(world, request, actor=both)
    for stranger in (nele, world.operator, world.person("auditor", GivenCapacity(Role.AUDITOR))):
        with pytest.raises(NotAllowed):
            decide(world, request, actor=stranger)
    with pytest.raises(Invalid) as refused:
        decide_recognition(actor=world.office, request=request, grant=True, reasons="  ", at=world.now)
    assert refused.value.field == "reasons"
    with pytest.raises(NotFound):
        decide(world, request + 1)


def test_the_numbers_run_out_aloud(world: World) -> None:
    Recognition.objects.filter(service="advice").update(number="DV.A999999")
    with pytest.raises(WrongState, match="geen erkenningsnummers meer"):
        decide(world, ask(world, owner(world)))
    assert RecognitionRequest.objects.get().state == "waits"


def test_the_first_number_ever_is_one(world: World) -> None:
    Recognition.objects.all().delete()
    assert decide(world, ask(world, owner(world))) == "DV.O000001"


def test_who_had_no_provider_finds_earlier_requests_there_too(world: World) -> None:
    nele = owner(world)
    decide(world, ask(world, nele), grant=False)
    world.day += timedelta(days=1)
    decide(world, ask(world, nele))
    assert set(RecognitionRequest.objects.values_list("provider_id", flat=True)) == {
        _provider_of(nele.enterprise)
    }
