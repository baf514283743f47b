"""Form fields that read what a Belgian types, and say in plain words what is wrong. What was typed is always kept."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from django import forms

from portefeuille.core.errors import Refusal
from portefeuille.core.identifiers import NotANumber, iban
from portefeuille.core.money import Money, NotAnAmount


class MoneyInput(forms.TextInput):
    """Shown with a euro sign before it."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off"})


class BelgianMoneyField(forms.Field):
    """An amount such as ``1.250,00``; cleans to Money."""

    widget = MoneyInput

    def to_python(self, value: Any) -> Money | None:
        """Read it, or say how to write it."""
        if value in self.empty_values:
            return None
        try:
            return Money.parse(str(value))
        except NotAnAmount:
            raise forms.ValidationError(
                f"“{str(value)[:40]}” is geen bedrag. Schrijf het zo: 1.250,00."
            ) from None

    def prepare_value(self, value: Any) -> Any:
        """Money as people write it; text as it was typed."""
        return value.belgian if isinstance(value, Money) else value


class BelgianDateField(forms.Field):
    """A day, from a date picker or typed as ``2/3/2026``; cleans to a date."""

    widget = forms.DateInput(attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        """Read it, or say how to write it."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        text = str(value).strip()
        typed = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", text)
        try:
            return date(int(typed[3]), int(typed[2]), int(typed[1])) if typed else date.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError(f"“{text[:40]}” is geen dag. Schrijf ze zo: 2/3/2026.") from None

    def prepare_value(self, value: Any) -> Any:
        """A date as the picker wants it; text as it was typed."""
        return value.isoformat() if isinstance(value, date) else value


class IbanField(forms.CharField):
    """An account number; cleans to its bare form."""

    def clean(self, value: Any) -> str:
        """Check its digits, or say what to look at."""
        text = super().clean(value)
        try:
            return iban(text) if text else ""
        except NotANumber:
            raise forms.ValidationError(
                f"“{text[:40]}” is geen rekeningnummer. Kijk de cijfers na."
            ) from None


class PlainForm(forms.Form):
    """Our forms: no colon after labels, and refusals of operations shown at the field that they are about."""

    asks: ClassVar[dict[str, Any]] = {}  # what to say when a field is left empty

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for name, field in self.fields.items():
            field.error_messages["required"] = self.asks.get(name, f"Vul in: {field.label}.")

    def refuse(self, refusal: Refusal) -> None:
        """Put the sentence of a refusal where the person looks for it."""
        known = refusal.field if refusal.field in self.fields else None
        self.add_error(known, refusal.sentence)
