"""Numbers: their check digits, and the notations that people use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.core.identifiers import (
    NotANumber,
    dotted,
    dotted_national,
    enterprise_number,
    establishment_number,
    grouped_iban,
    iban,
    national_number,
    provider_number,
)

READERS: list[Callable[[str], str]] = [enterprise_number, establishment_number, iban, provider_number]
EIGHT = st.integers(0, 19_999_999).map(lambda number: f"{number:08d}")


def checked(eight: str) -> str:
    """Eight digits with the two that check them."""
    return f"{eight}{97 - int(eight) % 97:02d}"


@given(EIGHT, st.sampled_from(["{}", "BE{}", "BE {}", " {} ", "be-{}"]))
def test_an_enterprise_number_is_read_from_any_usual_notation(eight: str, notation: str) -> None:
    number = checked(eight)
    assert enterprise_number(notation.format(number)) == number
    assert enterprise_number(notation.format(dotted(number))) == number


@given(EIGHT, st.integers(1, 98))
def test_an_enterprise_number_with_other_check_digits_is_refused(eight: str, off: int) -> None:
    right = 97 - int(eight) % 97
    wrong = (right + off) % 100
    if wrong != right:
        with pytest.raises(NotANumber):
            enterprise_number(f"{eight}{wrong:02d}")


def test_an_old_number_of_nine_digits_gets_its_zero() -> None:
    assert enterprise_number("123.456.749") == "0123456749"


@pytest.mark.parametrize(
    "text", ["", "BE", "2123456735", "0123456749x", "012345674", "01234567490", "０１２３４５６７４９"]
)
def test_what_is_no_enterprise_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        enterprise_number(text)


@given(st.integers(20_000_000, 89_999_999))
def test_an_establishment_number_starts_with_two_to_eight(number: int) -> None:
    digits = checked(str(number))
    assert establishment_number(dotted(digits)) == digits
    with pytest.raises(NotANumber):
        enterprise_number(digits)


@pytest.mark.parametrize("text", ["0123456749", "9000000000", ""])
def test_an_enterprise_number_is_no_establishment_number(text: str) -> None:
    with pytest.raises(NotANumber):
        establishment_number(text)


@pytest.mark.parametrize("text", ["BE68 5390 0754 7034", "be68539007547034", " BE68-5390-0754-7034"])
def test_an_account_number_is_read_bare_and_printed_in_groups(text: str) -> None:
    assert iban(text) == "BE68539007547034"
    assert grouped_iban(iban(text)) == "BE68 5390 0754 7034"


def test_a_foreign_account_number_is_read() -> None:
    assert iban("NL91 ABNA 0417 1643 00") == "NL91ABNA0417164300"


@given(st.integers(0, 13), st.integers(1, 9))
def test_one_changed_digit_spoils_an_account_number(place: int, change: int) -> None:
    right = "BE68539007547034"
    digit = str((int(right[2 + place]) + change) % 10)
    with pytest.raises(NotANumber):
        iban(right[: 2 + place] + digit + right[3 + place :])


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("DV.O218693", "DV.O218693"),
        ("DV.A220518", "DV.A220518"),
        ("dv.o218693", "DV.O218693"),
        ("DV O218693", "DV.O218693"),
        ("DV.0218693", "DV.O218693"),
        ("DV.O21869O", "DV.O218690"),
        ("DVA220518", "DV.A220518"),
    ],
)
def test_a_recognition_number_forgives_zero_for_the_letter(typed: str, number: str) -> None:
    assert provider_number(typed) == number


@pytest.mark.parametrize("text", ["", "DV.B123456", "DV.O12345", "DV.O1234567", "O218693"])
def test_what_is_no_recognition_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        provider_number(text)


@pytest.mark.parametrize("reader", READERS)
@given(text=st.text(max_size=30))
def test_any_text_is_read_bare_or_refused(reader: Callable[[str], str], text: str) -> None:
    try:
        number = reader(text)
    except NotANumber:
        return
    assert number.isascii()
    assert reader(number) == number


class TestNationalNumber:
    """formats.md 1.4; the numbers are made up, but for the specimen that is printed on test cards."""

    def test_it_is_shown_as_an_identity_card_prints_it(self) -> None:
        assert dotted_national("85073000160") == "85.07.30-001.60"

    @pytest.mark.parametrize(
        "text",
        [
            "85.07.30-000.61",
            "85073000160",
            "05073000158",  # born in 2005: a 2 goes before
            "85473000149",  # BIS, sex known
            "85273000106",  # BIS, sex unknown
            "00000100195",  # parts of the date unknown
        ],
    )
    def test_right_check_digits(self, text: str) -> None:
        bare = "".join(sign for sign in text if sign.isdigit())
        base, check = int(bare[:9]), int(bare[9:])
        assert check in (97 - base % 97, 97 - (2_000_000_000 + base) % 97), "the example itself"
        assert national_number(text) == bare

    @pytest.mark.parametrize(
        "text", ["", "8507300016", "850730001600", "85073000161", "٨٥٠٧٣٠٠٠١٦٠", "85993000125", "71715100070"]
    )
    def test_what_it_is_not(self, text: str) -> None:
        with pytest.raises(NotANumber) as refused:
            national_number(text)
        assert not text or text not in str(refused.value), "a national number never reaches a log"

    def test_the_specimen_of_test_cards_only_where_it_is_allowed(self) -> None:
        assert national_number("71715100070", allow_specimen=True) == "71715100070"
