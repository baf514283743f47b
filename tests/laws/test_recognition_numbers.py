"""Two of the office at once: each recognition gets a number of its own, none is passed over, and one decides."""

from __future__ import annotations

from collections.abc import Callable

from tests.laws.test_who_acts_concurrency import at_once, refused
from tests.providers.asking import ask, decide, owner
from tests.world import World

from portefeuille.providers.models import Provider, Recognition, RecognitionRequest


def deciding(world: World, request: int) -> Callable[[], object]:
    return lambda: decide(world, request)


def test_numbers_given_at_the_same_moment_follow_each_other(committed_db: str) -> None:
    world = World()
    firms = ("1999100417", "1999100516", "1999100615", "1999100714")
    bosses = [owner(world, number=number, handle=f"baas-{number}") for number in firms]
    requests = [ask(world, boss) for boss in bosses]
    given = at_once(*(deciding(world, number) for number in requests))
    assert sorted(map(str, given)) == [f"DV.O90050{digit}" for digit in (3, 4, 5, 6)]


def test_one_request_brings_one_recognition_however_many_decide(committed_db: str) -> None:
    world = World()
    request = ask(world, owner(world))
    outcomes = at_once(*(deciding(world, request) for _ in range(4)))
    assert len(refused(outcomes)) == 3, outcomes
    assert Recognition.objects.filter(provider__enterprise_number="1999100417").count() == 1


def test_two_services_granted_at_once_make_one_provider(committed_db: str) -> None:
    world = World()
    nele = owner(world)
    requests = [ask(world, nele), ask(world, nele, service="advice")]
    assert refused(at_once(*(deciding(world, number) for number in requests))) == []
    assert Provider.objects.filter(enterprise_number=nele.enterprise).count() == 1


def test_a_request_is_made_once_however_often_it_is_sent(committed_db: str) -> None:
    world = World()
    nele = owner(world)
    outcomes = at_once(*((lambda: ask(world, nele)) for _ in range(4)))
    assert len(refused(outcomes)) == 3, outcomes
    assert RecognitionRequest.objects.count() == 1
