"""Form fields that read what a Belgian types, and say in plain words what is wrong. What was typed is always kept."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portefeuille.core.errors import ProofNeeded, Refusal, StrongerSignInNeeded
from portefeuille.core.identifiers import NotANumber, enterprise_number, iban
from portefeuille.core.money import Money, NotAnAmount

SHOWN = 40  # so many characters of what was typed are repeated in the sentence about it


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
            words = _("“%(typed)s” is geen bedrag. Schrijf het zo: 1.250,00.")
            raise forms.ValidationError(words % {"typed": str(value)[:SHOWN]}) from None

    def prepare_value(self, value: Any) -> Any:
        """Money as people write it; text as it was typed."""
        return value.belgian if isinstance(value, Money) else value


class DayInput(forms.TextInput):
    """A date picker; a plain box when what was typed is no day, because a picker would show it empty."""

    input_type = "date"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Choose which of the two."""
        context = super().get_context(name, value, attrs)
        if value and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
            context["widget"]["type"] = "text"
            context["widget"]["attrs"]["class"] = "short"
        return context


class BelgianDateField(forms.Field):
    """A day, from a date picker or typed as ``2/3/2026``; cleans to a date."""

    widget = DayInput

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
            words = _("“%(typed)s” is geen dag. Schrijf ze zo: 2/3/2026.")
            raise forms.ValidationError(words % {"typed": text[:SHOWN]}) from None

    def prepare_value(self, value: Any) -> Any:
        """A date as the picker wants it; text as it was typed."""
        return value.isoformat() if isinstance(value, date) else value


class _NumberField(forms.CharField):
    """A number with check digits; cleans to its bare form. A subclass says how to read it and what is wrong."""

    wrong: ClassVar[str]

    def read(self, text: str) -> str:
        """The bare form. Raises NotANumber."""
        raise NotImplementedError

    def clean(self, value: Any) -> str:
        """Check its digits, or say what to look at."""
        text = super().clean(value)
        try:
            return self.read(text) if text else ""
        except NotANumber:
            raise forms.ValidationError(_(self.wrong) % {"typed": text[:SHOWN]}) from None


class IbanField(_NumberField):
    """An account number, such as ``BE68 5390 0754 7034``."""

    wrong = gettext_noop("“%(typed)s” is geen rekeningnummer. Kijk de cijfers na.")

    def read(self, text: str) -> str:
        """Any country's."""
        return iban(text)


class EnterpriseNumberField(_NumberField):
    """An enterprise or VAT number, such as ``0123.456.749`` or ``BE0123456749``."""

    wrong = gettext_noop(
        "“%(typed)s” is geen ondernemingsnummer. Het telt tien cijfers en begint met 0 of 1: 0123.456.749."
    )

    def read(self, text: str) -> str:
        """Ten bare digits."""
        return enterprise_number(text)


class PlainForm(forms.Form):
    """Our forms: no colon after labels, and refusals of operations shown at the field that they are about."""

    asks: ClassVar[dict[str, Any]] = {}  # what to say when a field is left empty

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for name, field in self.fields.items():
            field.error_messages["required"] = self.asks.get(name, _ask(field))

    def refuse(self, refusal: Refusal) -> None:
        """Put the sentence of a refusal where the person looks for it.

        That we must be surer of who somebody is, is no fault in the form: it goes on to the page that asks for it.
        """
        if isinstance(refusal, (ProofNeeded, StrongerSignInNeeded)):
            raise refusal
        known = refusal.field if refusal.field in self.fields else None
        self.add_error(known, refusal.sentence)


def _ask(field: forms.Field) -> str:
    """What to say when a field is left empty and its form has no better words."""
    if isinstance(field, forms.BooleanField):
        words = _("Vink aan: “%(label)s”")
    elif isinstance(field, forms.ChoiceField):
        words = _("Kies bij “%(label)s”.")
    else:
        words = _("Vul in bij “%(label)s”.")
    return words % {"label": field.label}
