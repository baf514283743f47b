"""Structured communications: their check, their disguises, and never a wrong match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import ogm_vcs

from portefeuille.core.formats.ogm import find, is_valid, make, pretty, suggest

RIGHT = "090933755493"
bases = st.integers(min_value=0, max_value=10**10 - 1)


@pytest.mark.parametrize(
    "digits",
    [
        "010806817183",
        "090933755493",
        "202600001711",
        "000000000097",
        "000970000097",
        "999999999948",
        "123456789002",
    ],
)
def test_known_references_are_valid(digits: str) -> None:
    assert is_valid(digits)


@pytest.mark.parametrize(
    "digits",
    [
        "090933755494",
        "123456789012",
        "202600001777",
        "000000000000",
        "09093375549",
        "0909337554930",
        "",
        "٠٩٠٩٣٣٧٥٥٤٩٣",
        "09093375549x",
    ],
)
def test_known_wrong_references_are_not(digits: str) -> None:
    assert not is_valid(digits)


@pytest.mark.parametrize("base", [-1, 10**10])
def test_a_base_outside_ten_digits_is_refused(base: int) -> None:
    with pytest.raises(ValueError, match="ten digits"):
        make(base)


@given(bases)
def test_what_is_made_is_valid_by_ours_and_by_the_librarys_check(base: int) -> None:
    digits = make(base)
    assert is_valid(digits)
    assert ogm_vcs.is_valid(digits)


@given(bases, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_never_passes(base: int, place: int, by: int) -> None:
    digits = make(base)
    wrong = f"{digits[:place]}{(int(digits[place]) + by) % 10}{digits[place + 1 :]}"
    assert not is_valid(wrong)


DISGUISES = [
    "+++090/9337/55493+++",
    "***090/9337/55493***",
    "090/9337/55493",
    "090933755493",
    "090 9337 55493",
    "090.9337.55493",
    "090-9337-55493",
    "+++ 090/9337/55493 +++",
    "+++090 / 9337 / 55493+++",
    "0909 3375 5493",
    "0 9 0 9 3 3 7 5 5 4 9 3",
    "09/09/33/75/54/93",
    "OGM 090/9337/55493",
    "mededeling:+++090/9337/55493+++",
    "ref.090933755493.",
    "betaling 090933755493 opleiding",
    "+++090/9337/\n55493+++",
    "+++090/9337\r\n/55493+++",
    "090\t9337\t55493",
    "(090/9337/55493)",
    "***090 9337 55493***",
    "+++090/9337/55493",
    "090/9337/55493+++",
    "++090/9337/55493++",
    "+090/9337/55493+",
    "090/9337-55493",
    "VCS:090/9337/55493",
    "KP2026-000017 +++090/9337/55493+++",
    "100 euro 090/9337/55493",
    "090\u00a09337\u00a055493",
    "gestructureerd 090933755493",
    "+++090/9337/55493+++ dank u",
    "EUR 6.000,00 +++090/9337/55493+++",
    "*090*9337*55493*",
    "090+9337+55493",
    "090 / 9337/ 55493",
    "0909-3375-5493",
    "09093 37554 93",
    "'090/9337/55493'",
    "RF68 0909 3375 5493",
]


def _wrapped(digits: str) -> str:
    """The reference inside an international one, with its own right check."""
    return f"RF{98 - int(digits + '271500') % 97:02d}{digits}"


@pytest.mark.parametrize("text", DISGUISES[:-1])
def test_a_reference_is_found_in_any_disguise(text: str) -> None:
    assert find(text) == [RIGHT]


def test_a_reference_is_found_inside_an_international_one() -> None:
    assert find(_wrapped(RIGHT)) == [RIGHT]
    spaced = " ".join(_wrapped(RIGHT)[place : place + 4] for place in range(0, 16, 4))
    assert find(spaced) == [RIGHT]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "geen mededeling",
        "090/9337/55494",
        "1090933755493",
        "0909337554931",
        "tel 0475 12 34 56 en nog 789",
        "BE68539007547034",
        "090/9337 en dan 55493",
        "RF00090933755493",
        "٠٩٠/٩٣٣٧/٥٥٤٩٣",
    ],
)
def test_nothing_is_found_where_nothing_is(text: str) -> None:
    assert find(text) == []


def test_two_references_are_both_found_in_their_order() -> None:
    assert find("202/6000/01711 en +++090/9337/55493+++ en 202600001711") == ["202600001711", RIGHT]


@given(st.text(max_size=80))
def test_whatever_is_found_has_a_right_check(text: str) -> None:
    assert all(is_valid(found) for found in find(text))


@given(bases, st.text(alphabet="abc +-/.,€", max_size=10), st.text(alphabet="abc ,€", max_size=10))
def test_the_printed_form_is_always_found(base: int, before: str, after: str) -> None:
    digits = make(base)
    assert find(f"{before} {pretty(digits)} {after}") == [digits]


@pytest.mark.parametrize(
    "typed",
    [
        "090933755494",
        "090/9333/55493",
        "909933755493",
        "090393755493",
        "0909337554",
        "09093375549",
        "0909337555493",
        "rest opleiding 090/9347/55493",
    ],
)
def test_a_near_miss_is_suggested(typed: str) -> None:
    known = {RIGHT, "202600001711"}
    assert find(typed) == []
    expected = [] if typed == "909933755493" else [RIGHT]
    assert suggest(typed, known) == expected


@pytest.mark.parametrize("typed", ["", "hallo", "123456789012", "090933755", "0475123456"])
def test_what_is_not_near_is_not_suggested(typed: str) -> None:
    assert suggest(typed, {RIGHT}) == []
