"""Letters on paper: handed to the printer once, and then gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.web.test_public import text_of
from tests.world import ENTERPRISE, World

from portefeuille.identity.roles import Actor
from portefeuille.post.models import PaperLetter
from portefeuille.post.operations import Letter, write


@pytest.fixture
def letter(world: World) -> int:
    assert world.entrepreneur.person_id is not None
    given = Letter(
        key="one",
        kind="activation_code",
        envelope=("Bakkerij Korst", "t.a.v. Nora", "Teststraat 1", "9000 Stad"),
        pdf=b"%PDF-1.7 K7QF",
        person=world.entrepreneur.person_id,
        enterprise=ENTERPRISE,
    )
    return write(given, at=world.now)


def test_no_letters(office: Client) -> None:
    assert "Alles is gedrukt" in text_of(office.get("/kantoor/brieven"))


def test_it_is_listed_downloaded_once_and_gone(office: Client, letter: int) -> None:
    told = text_of(office.get("/kantoor/brieven"))
    for words in (
        "Brief met een code om bevoegd te worden",
        "Bakkerij Korst t.a.v. Nora Teststraat 1 9000 Stad",
        "2 maart 2026, 10.00 uur",
    ):
        assert words in told, words
    answer = office.post("/kantoor/brieven", {"brief": letter})
    assert answer.content == b"%PDF-1.7 K7QF"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="brief-{letter}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    page = office.get("/kantoor/brieven")
    told = text_of(page)
    assert f"Brief {letter} is gedownload. Wat erin staat, bewaren we niet." in told
    assert "Alles is gedrukt" in told
    assert "Al gedownload" in told
    assert 'name="brief"' not in page.content.decode()
    assert PaperLetter.objects.get().sealed_pdf is None


def test_a_second_click_says_that_it_is_gone(office: Client, letter: int) -> None:
    office.post("/kantoor/brieven", {"brief": letter})
    answer = office.post("/kantoor/brieven", {"brief": letter})
    assert answer.status_code == 409
    assert "Deze brief is gedrukt." in text_of(answer)


@pytest.mark.parametrize("brief", ["", "x", "٣", "9" * 30, "999999"])
def test_what_is_no_letter_is_said(office: Client, letter: int, brief: str) -> None:
    answer = office.post("/kantoor/brieven", {"brief": brief})
    assert "Deze brief is niet gedownload" in text_of(answer)
    assert PaperLetter.objects.get().printed_at is None


def test_the_auditor_sees_the_list_and_no_button(
    auditor: Actor, sign_in: Callable[[Actor], Client], letter: int
) -> None:
    client = sign_in(auditor)
    page = client.get("/kantoor/brieven")
    assert "Bakkerij Korst" in text_of(page)
    assert "<button" not in page.content.decode().partition("<main")[2]
    assert client.post("/kantoor/brieven", {"brief": letter}).status_code == 403
    assert PaperLetter.objects.get().printed_at is None


@pytest.mark.parametrize("role", ["operator", "provider", "entrepreneur"])
def test_it_is_nobody_elses(world: World, sign_in: Callable[[Actor], Client], letter: int, role: str) -> None:
    client = sign_in(getattr(world, role))
    for answer in (client.get("/kantoor/brieven"), client.post("/kantoor/brieven", {"brief": letter})):
        assert answer.status_code == 403
    assert PaperLetter.objects.get().printed_at is None


def test_nobody_prints_a_letter_to_themselves(world: World, office: Client, second: Client) -> None:
    """Else a clerk asks a code for any enterprise, and reads it here instead of at its seat."""
    assert world.office.person_id is not None
    given = Letter(
        key="own",
        kind="activation_code",
        envelope=("Bakkerij Korst", "t.a.v. Office", "Teststraat 1", "9000 Stad"),
        pdf=b"%PDF-1.7 K7QF",
        person=world.office.person_id,
        enterprise=ENTERPRISE,
    )
    letter = write(given, at=world.now)
    answer = office.post("/kantoor/brieven", {"brief": letter})
    assert answer.status_code == 403
    assert "Een collega moet hem drukken" in text_of(answer)
    assert PaperLetter.objects.get().printed_at is None
    assert second.post("/kantoor/brieven", {"brief": letter}).content == b"%PDF-1.7 K7QF"
