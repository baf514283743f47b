"""Codes on paper: what people get wrong is caught, and what looks alike is forgiven."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.core.secret_codes import ALPHABET, NotACode, grouped, make, read

LENGTH = 12


def code_of(signs: str) -> str:
    """The code with this body."""
    left = iter(signs)
    return make(len(signs) + 1, lambda _all: next(left))


bodies = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)
codes = bodies.map(code_of)


def test_the_alphabet_is_a_prime_number_of_signs_that_differ_to_the_eye() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 31
    assert not set("OILSU") & set(ALPHABET)


@given(codes)
def test_a_code_is_read_back_however_it_is_written(code: str) -> None:
    for written in (
        code,
        code.lower(),
        grouped(code),
        grouped(code).replace("-", " "),
        f"  {code[:5]} – {code[5:]} ",
        code.replace("0", "O").replace("1", "l").replace("5", "s").replace("V", "u"),
    ):
        assert read(written, LENGTH) == code


@given(codes, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_always_noticed(code: str, place: int, sign: str) -> None:
    wrong = code[:place] + sign + code[place + 1 :]
    if wrong != code:
        with pytest.raises(NotACode):
            read(wrong, LENGTH)


@given(codes, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_signs_that_changed_places_are_always_noticed(code: str, one: int, other: int) -> None:
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    swapped = "".join(signs)
    if swapped != code:
        with pytest.raises(NotACode):
            read(swapped, LENGTH)


@pytest.mark.parametrize("typed", ["", "K7QF", "K7QF-2M9D-X4RT-9", "K7QF 2M9D X4R!", "²" * 12, "é" * 12])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(NotACode):
        read(typed, LENGTH)


def test_a_code_is_printed_in_groups_of_four() -> None:
    assert grouped("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"
