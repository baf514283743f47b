"""The office counts anew for somebody who is locked out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.signin.people import HERE, NELE, NOBODY, number_at
from tests.web.test_public import text_of
from tests.world import ENTERPRISE, World

from portefeuille.history.models import Event
from portefeuille.identity.models import Person
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.roles import Actor
from portefeuille.signin.attempts import WRONG_IN_A_ROW, Try, locked_until, note

REASON = "Teruggebeld op het nummer uit het dossier."


@pytest.fixture
def locked(world: World) -> int:
    """The entrepreneur, whose card is locked."""
    person = world.entrepreneur.person_id
    assert person is not None
    Person.objects.filter(pk=person).update(national_number_hash=hash_of(NELE), name="Nele Peeters")
    for _wrong in range(WRONG_IN_A_ROW):
        note(Try("card", hash_of(NELE), HERE), "wrong", at=world.now, person=person)
    return person


def is_locked(world: World, means: str = "card") -> bool:
    return locked_until(Try(means, hash_of(NELE), source=""), at=world.now) is not None


def test_found_by_national_number_and_released_with_the_reason(
    office: Client, world: World, locked: int
) -> None:
    assert "Iemand weer laten aanmelden" in text_of(office.get("/kantoor/vrijgeven"))
    answer = office.post("/kantoor/vrijgeven", {"rijksregisternummer": NELE}, follow=True)
    told = text_of(answer)
    for words in (
        "Nele Peeters",
        "Treedt op voor Bakkerij Korst",
        "Codekaart, op slot tot 2 maart 2026, 10.30 uur",
        "Foute code",
    ):
        assert words in told, words
    assert NELE not in answer.content.decode()
    answer = office.post(f"/kantoor/vrijgeven/{locked}", {"means": "card", "reason": REASON}, follow=True)
    assert "Codekaart van Nele Peeters is van slot." in text_of(answer)
    assert not is_locked(world)
    done = Event.objects.get(verb="release_sign_in")
    assert (done.reason, done.subject_id, done.person_id) == (REASON, locked, world.office.person_id)
    assert "Er staat niets op slot" in text_of(office.get(f"/kantoor/vrijgeven/{locked}"))


def test_found_by_a_part_of_the_name_and_the_enterprise(office: Client, locked: int) -> None:
    sent = {"naam": "nele", "onderneming": "BE 1999.100.120"}
    assert office.post("/kantoor/vrijgeven", sent)["Location"] == f"/kantoor/vrijgeven/{locked}"
    told = text_of(office.post("/kantoor/vrijgeven", {**sent, "naam": "Joris"}))
    assert "Niemand gevonden" in told


def test_several_of_one_name_are_listed(office: Client, world: World, locked: int) -> None:
    from portefeuille.identity.operations.add_person import GivenCapacity
    from portefeuille.identity.roles import Role

    other = world.person("nele-twee", GivenCapacity(Role.ENTREPRENEUR, enterprise=ENTERPRISE))
    page = office.post("/kantoor/vrijgeven", {"naam": "nele", "onderneming": ENTERPRISE})
    assert "Wie bedoel je?" in text_of(page)
    for person in (locked, other.person_id):
        assert f"/kantoor/vrijgeven/{person}" in page.content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Vul in bij “Naam”."),
        ({"naam": "Nele"}, "Vul in bij “Ondernemingsnummer”."),
        ({"rijksregisternummer": "123"}, "Dit is geen rijksregisternummer."),
        ({"naam": "Nele", "onderneming": "1999.100.121"}, "geen ondernemingsnummer"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    office: Client, locked: int, sent: dict[str, str], words: str
) -> None:
    page = office.post("/kantoor/vrijgeven", sent)
    assert words in text_of(page)
    for typed in sent.values():
        assert f'value="{typed}"' in page.content.decode()


@pytest.mark.parametrize("number", [NOBODY, number_at(510101001)])
def test_a_number_of_nobody(office: Client, locked: int, number: str) -> None:
    assert "Niemand gevonden" in text_of(office.post("/kantoor/vrijgeven", {"rijksregisternummer": number}))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"means": "card", "reason": " "}, "Schrijf op hoe je weet"),
        ({"means": "app", "reason": REASON}, "Kies wat je van slot haalt."),
    ],
)
def test_without_a_reason_or_a_lock_nothing_is_released(
    office: Client, world: World, locked: int, sent: dict[str, str], words: str
) -> None:
    page = office.post(f"/kantoor/vrijgeven/{locked}", sent)
    assert words in text_of(page)
    assert sent["reason"].strip() in page.content.decode()
    assert is_locked(world)


def test_nobody_releases_themselves(office: Client, world: World) -> None:
    person = world.office.person_id
    assert person is not None
    Person.objects.filter(pk=person).update(national_number_hash=hash_of(NELE))
    for _wrong in range(WRONG_IN_A_ROW):
        note(Try("card", hash_of(NELE), HERE), "wrong", at=world.now, person=person)
    assert "Dit ben je zelf" in text_of(office.get(f"/kantoor/vrijgeven/{person}"))
    office.post(f"/kantoor/vrijgeven/{person}", {"means": "card", "reason": REASON})
    assert is_locked(world)


@pytest.mark.parametrize("role", ["operator", "provider", "entrepreneur"])
def test_it_is_nobody_elses(world: World, sign_in: Callable[[Actor], Client], locked: int, role: str) -> None:
    client = sign_in(getattr(world, role))
    for answer in (
        client.get("/kantoor/vrijgeven"),
        client.post("/kantoor/vrijgeven", {"rijksregisternummer": NELE}),
        client.get(f"/kantoor/vrijgeven/{locked}"),
        client.post(f"/kantoor/vrijgeven/{locked}", {"means": "card", "reason": REASON}),
    ):
        assert answer.status_code == 403
    assert is_locked(world)


def test_somebody_who_does_not_exist(office: Client) -> None:
    assert office.get("/kantoor/vrijgeven/999999").status_code == 404
