"""Our own invoices pass the official rules in every case of VAT, and are the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.formats.invoices import (
    CASES,
    EXEMPT_SELLER,
    EXEMPT_TRAINING,
    LUNCH,
    SELLER,
    TRAINING,
    WITH_VAT,
)

from portefeuille.core.formats import ubl
from portefeuille.core.formats.ubl_writer import ARTICLE_44, MEALS, STANDARD, Invoice, Line, Vat, note, write
from portefeuille.core.money import Money


@pytest.mark.parametrize("case", CASES)
def test_every_case_of_vat_passes_without_a_word(case: str) -> None:
    checked = ubl.check(write(CASES[case]))
    assert checked.findings == ()
    assert checked.facts["project_references"][0] == {"value": "KP2026-000017", "found_in": "BT-11"}
    assert checked.facts["payment"]["ogm_is_valid"] is True


@pytest.mark.parametrize("case", CASES)
def test_the_bytes_follow_from_what_is_given(case: str) -> None:
    assert write(CASES[case]) == write(replace(CASES[case]))


@pytest.mark.parametrize(
    ("case", "exclusive", "vat", "payable"),
    [
        ("training with 21 %", "1000.00", "210.00", "1210.00"),
        ("a lunch with 12 % apart", "1050.00", "216.00", "1266.00"),
        ("article 44 without a VAT number", "1000.00", "0.00", "1000.00"),
        ("credit note", "1000.00", "210.00", "1210.00"),
        ("only VAT due", "1000.00", "210.00", "210.00"),
        ("nothing due", "1000.00", "0.00", "0.00"),
    ],
)
def test_the_totals(case: str, exclusive: str, vat: str, payable: str) -> None:
    totals = ubl.check(write(CASES[case])).facts["totals"]
    assert (totals["exclusive"], totals["vat"], totals["payable"]) == (exclusive, vat, payable)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("training with 21 %", ("betaalt de hoofdsom van € 1.000,00", "aan ons", "de btw", "€ 210,00")),
        ("a lunch with 12 % apart", ("hoofdsom van € 1.000,00", "de btw en Lunch", "€ 266,00")),
        ("article 44 with a VAT number", ("hoofdsom van € 1.000,00", "geen btw")),
        ("only VAT due", ("betaalde de hoofdsom van € 1.000,00", "€ 210,00")),
        ("credit note", ("Creditnota bij factuur 2026-0042",)),
    ],
)
def test_the_note_says_who_pays_what(case: str, words: tuple[str, ...]) -> None:
    said = note(CASES[case])
    assert "KP2026-000017" in said
    assert all(word in said for word in words), said


@pytest.mark.parametrize(
    ("base", "kind", "tax"),
    [
        ("0.02", STANDARD, "0.00"),
        ("0.03", STANDARD, "0.01"),
        ("2.50", STANDARD, "0.53"),
        ("10.00", ARTICLE_44, "0.00"),
    ],
)
def test_vat_is_rounded_half_up(base: str, kind: Vat, tax: str) -> None:
    assert kind.of(Money.euros(base)) == Money.euros(tax)


cents = st.integers(1, 10_000_000)
lines_with_vat = st.lists(
    st.builds(
        Line,
        description=st.sampled_from(["Opleiding", "Advies & <begeleiding>", "Café “Zoë” €"]),
        price=st.builds(Money, cents),
        vat=st.sampled_from([STANDARD, MEALS, ARTICLE_44]),
        quantity=st.integers(1, 40),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(lines_with_vat, st.booleans(), st.integers(0, 100))
def test_any_mixture_of_lines_passes(lines: list[Line], is_credit: bool, paid_percent: int) -> None:
    invoice = replace(WITH_VAT, lines=tuple(lines), credits="2026-0001" if is_credit else "")
    paid = Money(invoice.net.cents * paid_percent // 100)
    checked = ubl.check(write(replace(invoice, paid_by_wallet=paid)))
    assert checked.findings == ()
    assert checked.facts["totals"]["exclusive"] == str(invoice.net)
    assert checked.facts["totals"]["payable"] == str(invoice.net + invoice.vat - paid)


Change = Callable[[Invoice], Invoice]


@pytest.mark.parametrize(
    "change",
    [
        lambda right: replace(right, number=" "),
        lambda right: replace(right, project=""),
        lambda right: replace(right, project="P" * 36),
        lambda right: replace(right, iban=""),
        lambda right: replace(right, reference="202600001712"),
        lambda right: replace(right, lines=()),
        lambda right: replace(right, lines=(replace(TRAINING, quantity=0),)),
        lambda right: replace(right, lines=(replace(TRAINING, price=Money(-1)),)),
        lambda right: replace(right, lines=(replace(TRAINING, description=""),)),
        lambda right: replace(right, seller=EXEMPT_SELLER),
        lambda right: replace(right, seller=EXEMPT_SELLER, lines=(EXEMPT_TRAINING, LUNCH)),
        lambda right: replace(right, seller=replace(SELLER, street="")),
        lambda right: replace(right, starts_on=date(2026, 11, 13)),
        lambda right: replace(right, paid_by_wallet=Money.euros("1000.01")),
        lambda right: replace(right, paid_by_wallet=Money(-1)),
        lambda right: replace(right, number="a\x00b"),
    ],
)
def test_what_could_not_be_right_is_not_written(change: Change) -> None:
    changed = change(WITH_VAT)
    with pytest.raises(ValueError, match=r"\w"):
        write(changed)
