"""Fields read what a Belgian types, keep it when they can't, and say how to write it."""

from __future__ import annotations

import contextlib
from datetime import date
from html import unescape
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.core.errors import Invalid
from portefeuille.core.money import LARGEST_CENTS, Money
from portefeuille.web.ui.forms import (
    SHOWN,
    BelgianDateField,
    BelgianMoneyField,
    EnterpriseNumberField,
    IbanField,
    PlainForm,
)


class Asking(PlainForm):
    """One field of each kind; none of them must be filled in but the choice and the tick."""

    asks = {"choice": "Kies hier iets."}

    amount = BelgianMoneyField(label="Bedrag", required=False, help_text="Zonder btw.")
    total = BelgianMoneyField(label="Totaal", required=False, may_be_zero=True)
    day = BelgianDateField(label="Dag", required=False)
    number = EnterpriseNumberField(label="Nummer", required=False)
    account = IbanField(label="Rekening", required=False)
    choice = forms.ChoiceField(label="Keuze", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    tick = forms.BooleanField(label="Ja.")


def asked(**typed: str) -> Asking:
    form = Asking({"choice": "a", "tick": "on", **typed})
    form.is_valid()
    return form


def drawn(form: forms.Form, name: str) -> str:
    return unescape(Template("{% field bound %}").render(Context({"bound": form[name]})))


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        ("amount", "1.250,00", Money(125_000)),
        ("total", "0", Money.ZERO),
        ("amount", "€ 1 250,5", Money(125_050)),
        ("amount", "1250.00", Money(125_000)),
        ("day", "2026-03-02", date(2026, 3, 2)),
        ("day", "2/3/2026", date(2026, 3, 2)),
        ("day", "02.03.2026", date(2026, 3, 2)),
        ("day", "2-3-26", date(2026, 3, 2)),
        ("day", " 2 maart 2026", date(2026, 3, 2)),
        ("day", "2 MRT 26", date(2026, 3, 2)),
        ("day", "2maart2026", date(2026, 3, 2)),
        ("day", "2 okt. 2026", date(2026, 10, 2)),
        ("day", "02032026", date(2026, 3, 2)),
        ("day", "20260302", date(2026, 3, 2)),
        ("number", "BE 0403.170.701", "0403170701"),
        ("number", "403170701", "0403170701"),
        ("account", "be68 5390 0754 7034", "BE68539007547034"),
    ],
)
def test_it_reads_what_a_belgian_types(field: str, typed: str, read: object) -> None:
    form = asked(**{field: typed})
    assert form.errors == {}
    assert form.cleaned_data[field] == read


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("amount", "veel", "“veel” is geen bedrag. Schrijf het zo: 1.250,00."),
        ("amount", "9" * 30, "is geen bedrag"),
        ("total", "-1", "Vul een bedrag in van €\u00a00,00 of meer."),
        ("amount", "0", "Vul een bedrag in dat hoger is dan €\u00a00,00."),
        ("amount", "-100", "Vul een bedrag in dat hoger is dan €\u00a00,00."),
        ("day", "31/2/2026", "“31/2/2026” is geen dag. Schrijf dag, maand en jaar zo: 2/3/2026."),
        ("day", "morgen", "“morgen” is geen dag"),
        ("day", "12/31/2026", "“12/31/2026” is geen dag"),
        ("day", "2 brumaire 2026", "“2 brumaire 2026” is geen dag"),
        ("day", "2/3", "“2/3” is geen dag"),
        ("day", "2/3/0202", "“2/3/0202” ligt te ver weg. Kijk het jaar na."),
        ("number", "0403.170.702", "“0403.170.702” is geen ondernemingsnummer."),
        ("number", "2.123.456.789", "Het eerste is 0 of 1"),
        ("account", "BE00 0000", "“BE00 0000” is geen rekeningnummer. Kijk de cijfers na."),
    ],
)
def test_what_it_can_not_read_is_kept_and_explained(field: str, typed: str, words: str) -> None:
    form = asked(**{field: typed})
    page = drawn(form, field)
    assert words in page
    assert f'value="{typed}"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("kept", [date(2026, 3, 2), "2026-03-02"])
def test_a_day_is_shown_as_belgians_write_it_whatever_language_the_browser_speaks(kept: object) -> None:
    page = drawn(Asking(initial={"day": kept}), "day")
    assert 'value="2/3/2026"' in page
    assert 'type="text"' in page


@pytest.mark.parametrize("typed", ["2026-02-31", "٢٠٢٦-٠٣-٠٢"])
def test_what_only_looks_like_a_kept_day_is_shown_as_typed(typed: str) -> None:
    assert f'value="{typed}"' in drawn(asked(day=typed), "day")


def test_text_that_is_too_long_and_a_choice_that_is_none_are_told_in_plain_words() -> None:
    class Short(PlainForm):
        asks = {"choice": "Kies een thema."}
        name = forms.CharField(label="Naam", max_length=3)
        choice = forms.ChoiceField(label="Thema", choices=[("a", "A")])

    assert Short({"name": "abcd", "choice": "z"}).errors == {
        "name": ["Dit is te lang: het mag hoogstens 3 tekens zijn, en het zijn er 4. Kort het in."],
        "choice": ["Kies een thema."],
    }


def test_only_the_beginning_of_a_long_text_is_repeated() -> None:
    [sentence] = asked(amount="x" * 500).errors["amount"]
    assert "x" * SHOWN in sentence
    assert "x" * (SHOWN + 1) not in sentence


def test_nothing_typed_is_nothing_read() -> None:
    data = asked().cleaned_data
    assert (data["amount"], data["day"], data["number"], data["account"]) == (None, None, "", "")


@given(cents=st.integers(1, LARGEST_CENTS))
def test_an_amount_that_is_shown_is_read_back(cents: int) -> None:
    field = BelgianMoneyField()
    assert field.clean(field.prepare_value(Money(cents))) == Money(cents)


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_that_is_shown_is_read_back(day: date) -> None:
    field = BelgianDateField()
    assert field.clean(field.prepare_value(day)) == day


@given(typed=st.text(max_size=60))
def test_any_text_is_read_or_refused_by_its_field(typed: str) -> None:
    for field in (BelgianMoneyField(), BelgianDateField(), EnterpriseNumberField(), IbanField()):
        with contextlib.suppress(forms.ValidationError):
            field.clean(typed)


def test_an_empty_field_asks_in_its_own_words_or_plain_ones() -> None:
    class Empty(PlainForm):
        asks = {"own": "Vul de naam in."}
        own = forms.CharField(label="Naam")
        plain = forms.CharField(label="Adres")
        choice = forms.ChoiceField(label="Wat?", choices=[("a", "A")])
        tick = forms.BooleanField(label="Ik verklaar dit.")

    errors: dict[str, list[str]] = Empty({}).errors
    assert errors == {
        "own": ["Vul de naam in."],
        "plain": ["Vul in bij “Adres”."],
        "choice": ["Kies bij “Wat?”."],
        "tick": ["Vink aan: “Ik verklaar dit.”"],
    }


@pytest.mark.parametrize(
    ("field", "where"), [("amount", "amount"), ("elsewhere", "__all__"), (None, "__all__")]
)
def test_the_refusal_of_an_operation_stands_at_its_field(field: str | None, where: str) -> None:
    form = asked()
    form.refuse(Invalid("Dit kan niet. Kies een ander bedrag.", field=field))
    assert form.errors == {where: ["Dit kan niet. Kies een ander bedrag."]}


class TestDrawing:
    def test_hint_and_error_describe_the_box(self) -> None:
        page = drawn(asked(amount="veel"), "amount")
        assert 'aria-describedby="id_amount-hint id_amount-error"' in page
        assert 'id="id_amount-hint"' in page
        assert page.count('id="id_amount-error"') == 1

    def test_two_errors_are_one_description(self) -> None:
        form = asked()
        form.add_error("amount", "Eerst dit.")
        form.add_error("amount", "Dan dat.")
        page = drawn(form, "amount")
        assert page.count('id="id_amount-error"') == 1
        assert "Eerst dit. Dan dat." in page

    def test_the_box_of_an_amount_has_a_euro_sign_that_is_not_read_out(self) -> None:
        assert '<span aria-hidden="true">€</span>' in drawn(asked(), "amount")

    def test_choices_are_a_group_with_a_name_that_an_error_can_lead_to(self) -> None:
        page = drawn(Asking({}), "choice")
        assert 'id="id_choice" tabindex="-1" aria-describedby="id_choice-error"' in page
        assert "<legend>Keuze</legend>" in page
        assert "Kies hier iets." in page

    def test_what_was_chosen_stays_chosen(self) -> None:
        page = drawn(asked(choice="b"), "choice")
        assert 'value="b" checked' in page
        assert 'value="a" checked' not in page

    def test_the_summary_leads_to_each_field(self) -> None:
        form: Any = Asking({"amount": "veel"})
        page = Template('{% include "ui/errors.html" %}').render(Context({"form": form}))
        for name in ("amount", "choice", "tick"):
            assert f'href="#id_{name}"' in page

    def test_the_summary_leads_also_to_what_stands_beside_the_fields(self) -> None:
        form: Any = asked()
        form.point("#naam2", "Vul de naam van persoon 2 in.")
        page = Template('{% include "ui/errors.html" %}').render(Context({"form": form}))
        assert '<a href="#naam2">Vul de naam van persoon 2 in.</a>' in page

    def test_what_was_typed_is_only_text(self) -> None:
        form = asked(amount='"><script>alert(1)</script>')
        assert "<script>" not in Template("{% field bound %}").render(Context({"bound": form["amount"]}))
