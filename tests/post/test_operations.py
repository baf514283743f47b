"""Letters on paper: written once, sealed until the printer has them, wiped after that."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from tests.post.tray import waiting

from portefeuille.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.post.models import PaperLetter
from portefeuille.post.operations import Letter, hand_over, write
from portefeuille.post.pdf import render
from portefeuille.post.queries import handed_over, in_the_tray, pages, unprinted

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
CLERK = Actor(role=Role.OFFICE, person_id=2, assurance=Assurance.SUBSTANTIAL)
LETTER = Letter(
    key="activation-1",
    kind="activation_code",
    envelope=("Bakkerij Korst", "Teststraat 1", "9000 Gent"),
    pdf=b"%PDF code K7QF",
    person=1,
    enterprise="1998000159",
)


def test_the_printer_gets_a_letter_once_and_nothing_is_kept() -> None:
    letter = write(LETTER, at=NOW)
    assert waiting() == [letter]
    assert hand_over(actor=CLERK, letter=letter, at=NOW) == LETTER.pdf
    assert waiting() == []
    row = PaperLetter.objects.get(pk=letter)
    assert row.sealed_pdf is None
    assert (row.printed_at, row.digest) == (NOW, hashlib.sha256(LETTER.pdf).hexdigest())
    with pytest.raises(WrongState):
        hand_over(actor=CLERK, letter=letter, at=NOW)


def test_the_same_letter_is_written_once() -> None:
    assert write(LETTER, at=NOW) == write(replace(LETTER, pdf=b"another code"), at=NOW)
    assert pages(waiting()[0]) == LETTER.pdf
    with pytest.raises(IntegrityError, match="paper_letter_written_once"), transaction.atomic():
        PaperLetter.objects.create(key=LETTER.key, person_id=1, sealed_pdf=b"", written_at=NOW)


def test_what_a_letter_says_cannot_be_read_from_the_table() -> None:
    write(LETTER, at=NOW)
    assert b"K7QF" not in bytes(PaperLetter.objects.get().sealed_pdf or b"")


@pytest.mark.parametrize("envelope", [(), ("Bakkerij Korst",), ("Bakkerij Korst", " ", "9000 Gent")])
def test_a_letter_without_an_address_is_not_written(envelope: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        write(replace(LETTER, envelope=envelope), at=NOW)
    assert waiting() == []


def test_the_tray_shows_who_gets_what_and_the_history_who_took_it() -> None:
    letter = write(LETTER, at=NOW)
    [view] = in_the_tray(actor=CLERK)
    assert (view.id, view.kind, view.envelope) == (letter, "activation_code", tuple(LETTER.envelope))
    assert [one.id for one in unprinted()] == [letter]
    assert handed_over(actor=CLERK) == []
    hand_over(actor=CLERK, letter=letter, at=NOW)
    assert in_the_tray(actor=CLERK) == unprinted() == []
    assert [one.id for one in handed_over(actor=replace(CLERK, role=Role.AUDITOR))] == [letter]
    [printed] = events_of("paper_letter", letter)
    assert (printed.verb, printed.person_id, printed.facts) == (
        "print_letter",
        2,
        {"kind": "activation_code"},
    )
    for look in (in_the_tray, handed_over):
        with pytest.raises(NotAllowed):
            look(actor=replace(CLERK, role=Role.OPERATOR))


def test_only_the_office_prints() -> None:
    letter = write(LETTER, at=NOW)
    with pytest.raises(NotAllowed):
        hand_over(actor=replace(CLERK, role=Role.AUDITOR), letter=letter, at=NOW)
    assert waiting() == [letter]


def test_a_letter_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        hand_over(actor=CLERK, letter=1, at=NOW)


def test_pages_are_wiped_exactly_when_the_printer_has_them() -> None:
    write(LETTER, at=NOW)
    with pytest.raises(IntegrityError, match="paper_letter_kept_until_printed"), transaction.atomic():
        PaperLetter.objects.update(printed_at=NOW)


def test_a_letter_is_rendered_at_any_instant() -> None:
    data = {"title": "x", "envelope": ["a", "b"], "date": "x", "sender": ["x"], "opening": "x", "why": []}
    data |= {
        "code_words": "x",
        "code": "x",
        "link_words": "x",
        "link": "https://x.example",
        "shown_link": "x",
    }
    data |= {
        "picture": "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>",
        "picture_words": "x",
        "scan_words": "x",
    }
    data |= {"then": [], "unasked_title": "x", "unasked": "x"}
    first = render("activation", data, at=NOW.replace(microsecond=999_999))
    assert first == render("activation", data, at=NOW)  # to the second, and the same bytes each time
