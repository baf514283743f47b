from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portefeuille.core.formats.magda import (
    LARGEST_ANSWER_BYTES,
    AnsweredAddress,
    AnswerRefused,
    read_answer,
)

FIXTURES = Path(__file__).parents[2] / "register" / "fixtures" / "live"
ANSWER = (FIXTURES / "GeefOnderneming_1998000258.xml").read_bytes()
NOT_FOUND = (FIXTURES / "GeefOnderneming_1998000654.xml").read_bytes()


def test_an_answer_says_who_it_is_and_where() -> None:
    found = read_answer(ANSWER)
    assert found is not None
    assert (found.number, found.status, found.is_active, found.kind) == ("1998000258", "AC", True, "1")
    assert (found.name, found.legal_form, found.start_date) == ("Janssens, Mia", "", date(2014, 3, 3))
    assert found.seat == AnsweredAddress("Naaldstraat", "12", "3", "9000", "Gent", "")


def test_the_public_sample_is_read(shared_data: Path) -> None:
    found = read_answer((shared_data / "samples" / "magda" / "GeefOnderneming_0442528054.xml").read_bytes())
    assert found is not None
    assert (found.number, found.name, found.legal_form) == ("0442528054", "Kom op tegen Kanker", "017")
    assert found.seat == AnsweredAddress("Koningsstraat", "217", "", "1210", "Sint-Joost-ten-Node", "")
    assert (found.kind, found.start_date, found.is_active) == ("2", date(1989, 10, 3), True)


@pytest.mark.parametrize(
    ("on", "street"),
    [
        (None, "Naaldstraat"),
        (date(2026, 3, 2), "Naaldstraat"),
        (date(2015, 1, 1), "Oude Weg"),
        (date(2014, 1, 1), None),
    ],
)
def test_an_address_counts_on_its_days(on: date | None, street: str | None) -> None:
    found = read_answer(ANSWER, on=on)
    assert found is not None
    assert (found.seat.street if found.seat else None) == street


def test_a_seat_abroad_names_its_country() -> None:
    abroad = ANSWER.replace(b"<ISOCode>BE", b"<ISOCode>NL").replace("België".encode(), b"Nederland")
    found = read_answer(abroad)
    assert found is not None
    assert found.seat is not None
    assert found.seat.country == "Nederland"


def test_an_address_of_another_kind_is_no_seat() -> None:
    found = read_answer(ANSWER.replace(b"<Code>001</Code>", b"<Code>002</Code>"))
    assert found is not None
    assert found.seat is None


def test_another_status_is_not_active() -> None:
    found = read_answer(ANSWER.replace(b"<Code>AC</Code>", b"<Code>ST</Code>"))
    assert found is not None
    assert not found.is_active


def test_an_enterprise_that_the_kbo_does_not_know_is_told_inside_an_ordinary_answer() -> None:
    assert read_answer(NOT_FOUND) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "geen XML"),
        (b"<html>", "geen XML"),
        (b"<html/>", "geen onderneming"),
        (NOT_FOUND.replace(b"40046", b"99002").replace(b"INFORMATIE", b"FOUT"), "fout 99002"),
        (b"<e><Fault><faultcode>x</faultcode><faultstring>stuk</faultstring></Fault></e>", "fout x: stuk"),
        (ANSWER.replace(b"1998000258", b"1998000259"), "geen ondernemingsnummer"),
        (ANSWER.replace(b"<Code>AC</Code>", b"<Code/>"), "niet of de onderneming actief is"),
        (ANSWER.replace(b"2016-01-01", b"2016-13-01"), "dag die niet bestaat"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + ANSWER.partition(b"?>")[2], "geen gewone XML"),
        (ANSWER.replace(b'encoding="UTF-8"', b'encoding="UTF-16"'), "geen gewone XML"),
        (ANSWER.decode().encode("utf-16"), "geen gewone XML"),
        (ANSWER[: len(ANSWER) // 2], "geen XML"),
        (ANSWER + b" " * LARGEST_ANSWER_BYTES, "te groot"),
    ],
)
def test_anything_else_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(AnswerRefused, match=words):
        read_answer(content)
