"""Form fields that read what a Belgian types, and say in plain words what is wrong. What was typed is always kept."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portefeuille.core.calendar import MONTHS
from portefeuille.core.errors import ProofNeeded, Refusal, StrongerSignInNeeded
from portefeuille.core.identifiers import NotANumber, enterprise_number, iban
from portefeuille.core.money import Money, NotAnAmount

SHOWN = 40  # so many characters of what was typed are repeated in the sentence about it


class MoneyInput(forms.TextInput):
    """Shown with a euro sign before it."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off"})


class BelgianMoneyField(forms.Field):
    """An amount such as ``1.250,00``, more than nothing unless ``may_be_zero``; cleans to Money."""

    widget = MoneyInput

    def __init__(self, *, may_be_zero: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.may_be_zero = may_be_zero

    def to_python(self, value: Any) -> Money | None:
        """Read it, or say how to write it."""
        if value in self.empty_values:
            return None
        try:
            amount = Money.parse(str(value))
        except NotAnAmount:
            words = _("“%(typed)s” is geen bedrag. Schrijf het zo: 1.250,00.")
            raise forms.ValidationError(words % {"typed": str(value)[:SHOWN]}) from None
        if amount < Money.ZERO and self.may_be_zero:
            raise forms.ValidationError(_("Vul een bedrag in van €\u00a00,00 of meer."))
        if amount <= Money.ZERO and not self.may_be_zero:
            raise forms.ValidationError(_("Vul een bedrag in dat hoger is dan €\u00a00,00."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        """Money as people write it; text as it was typed."""
        return value.belgian if isinstance(value, Money) else value


class DayInput(forms.TextInput):
    """A plain box. A browser's own picker writes days as its own language does: 2 March becomes 03/02/2026 in some."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off", "class": "short"})


_SHORT_MONTHS = [month[:3] for month in MONTHS]
_DAY = re.compile(
    r"(\d{1,2})(?:[/.\- ]\s?|(?=[a-z]))(\d{1,2}|[a-z]{3,9})(?:[/.\- ]\s?|(?<=[a-z]))(\d{4}|\d{2})"
)
_RUN_TOGETHER = re.compile(r"(\d{2})(\d{2})((?:19|20)\d{2})")
_YEARS = range(2000, 2100)


class BelgianDateField(forms.Field):
    """A day as people write it: ``2/3/2026``, ``02-03-26``, ``2 maart 2026``; cleans to a date."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        """Read it, or say how to write it."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        text = str(value).strip()
        try:
            day = _read_day(text.lower())
        except ValueError:
            words = _("“%(typed)s” is geen dag. Schrijf dag, maand en jaar zo: 2/3/2026.")
            raise forms.ValidationError(words % {"typed": text[:SHOWN]}) from None
        if day.year not in _YEARS:
            words = _("“%(typed)s” ligt te ver weg. Kijk het jaar na.")
            raise forms.ValidationError(words % {"typed": text[:SHOWN]})
        return day

    def prepare_value(self, value: Any) -> Any:
        """A day as people write it, also where it was kept in the program's notation; other text as it was typed."""
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return value
        return f"{value.day}/{value.month}/{value.year}" if isinstance(value, date) else value


def _read_day(text: str) -> date:
    """A day in any usual notation. Raises ValueError."""
    typed = _DAY.fullmatch(text) or _RUN_TOGETHER.fullmatch(text)
    if typed is None or not text.isascii():
        return date.fromisoformat(text)
    year = int(typed[3])
    return date(year + 2000 if len(typed[3]) == 2 else year, _month(typed[2]), int(typed[1]))


def _month(text: str) -> int:
    """A month by its number or the beginning of its name; ``mrt`` is how March is shortened."""
    if text.isdecimal():
        return int(text)
    return _SHORT_MONTHS.index("maa" if text == "mrt" else text[:3]) + 1


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
        "“%(typed)s” is geen ondernemingsnummer. Kijk de tien cijfers na. Het eerste is 0 of 1, zoals in 0123.456.749."
    )

    def read(self, text: str) -> str:
        """Ten bare digits."""
        return enterprise_number(text)


class PlainForm(forms.Form):
    """Our forms: no colon after labels, and refusals of operations shown at the field that they are about."""

    asks: ClassVar[dict[str, Any]] = {}  # what to say when a field is left empty

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.beside: list[tuple[str, str]] = []
        for name, field in self.fields.items():
            asked = self.asks.get(name, _ask(field))
            field.error_messages |= {"required": asked, "invalid_choice": asked, "max_length": _too_long()}

    def point(self, address: str, sentence: str) -> None:
        """Name something that is wrong outside the fields; the summary of errors leads to ``address``."""
        self.beside.append((address, sentence))

    def refuse(self, refusal: Refusal) -> None:
        """Put the sentence of a refusal where the person looks for it.

        That we must be surer of who somebody is, is no fault in the form: it goes on to the page that asks for it.
        """
        if isinstance(refusal, (ProofNeeded, StrongerSignInNeeded)):
            raise refusal
        known = refusal.field if refusal.field in self.fields else None
        self.add_error(known, refusal.sentence)


def _too_long() -> str:
    return _(
        "Dit is te lang: het mag hoogstens %(limit_value)d tekens zijn, en het zijn er %(show_value)d. Kort het in."
    )


def _ask(field: forms.Field) -> str:
    """What to say when a field is left empty and its form has no better words."""
    if isinstance(field, forms.BooleanField):
        words = _("Vink aan: “%(label)s”")
    elif isinstance(field, forms.ChoiceField):
        words = _("Kies bij “%(label)s”.")
    else:
        words = _("Vul in bij “%(label)s”.")
    return words % {"label": field.label}
