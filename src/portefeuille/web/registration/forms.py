"""The forms of registration, of the enterprise's own data and of its people."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portefeuille.core.enterprise_size import PARTNER_FROM, PARTNER_UP_TO, WHOLE, Figures, Related
from portefeuille.web.ui.forms import (
    SHOWN,
    BelgianDateField,
    BelgianMoneyField,
    EnterpriseNumberField,
    IbanField,
    PlainForm,
)

FIRST_YEAR, LAST_YEAR = 2000, 2199

SIZES = [
    ("small", _("Kleine onderneming")),
    ("medium", _("Middelgrote onderneming")),
    ("large", _("Grote onderneming")),
]


class StartForm(PlainForm):
    """The day on which somebody wants to begin."""

    asks = {"start": _("Vul de dag in waarop je opleiding of advies start.")}
    start = BelgianDateField(
        label=_("Op welke dag start je opleiding of advies?"),
        help_text=_("Dag, maand en jaar, zoals 2/3/2027."),
    )

    def clean_start(self) -> date:
        """A day on which something can be followed: terms are counted from it."""
        start: date = self.cleaned_data["start"]
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            raise forms.ValidationError(_now("Kijk het jaar na."))
        return start


class EmailForm(PlainForm):
    """The address to confirm."""

    asks = {"email": _("Vul je e-mailadres in.")}
    email = forms.CharField(
        label=_("Je e-mailadres"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CodeForm(PlainForm):
    """A code from a mail or a letter."""

    asks = {"code": _("Vul de code in.")}
    code = forms.CharField(
        label=_("De code"),
        max_length=60,
        help_text=_("Hoofdletters, spaties en streepjes maken niet uit."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "class": "short", "spellcheck": "false"}
        ),
    )


class NumberForm(PlainForm):
    """The number of one's own enterprise."""

    asks = {"nummer": _("Vul je btw-nummer of ondernemingsnummer in.")}
    nummer = EnterpriseNumberField(
        label=_("Btw-nummer of ondernemingsnummer"),
        help_text=_(
            "Het staat op elke factuur die je maakt. Schrijf het zoals je wilt: 0123.456.749 of BE 0123 456 749."
        ),
    )


class OfficeForm(PlainForm):
    """The number of an accountant's office."""

    asks = {"nummer": _("Vul het ondernemingsnummer van het kantoor in.")}
    nummer = EnterpriseNumberField(
        label=_("Ondernemingsnummer van het kantoor"),
        help_text=_("Je vindt het op een factuur of een brief van je boekhouder."),
    )


class InviteForm(PlainForm):
    """A colleague."""

    asks = {"name": _("Vul de naam van je collega in."), "email": _("Vul het e-mailadres van je collega in.")}
    name = forms.CharField(label=_("Naam van je collega"), max_length=200)
    email = forms.CharField(label=_("E-mailadres van je collega"), max_length=254, widget=forms.EmailInput())
    is_administrator = forms.BooleanField(
        label=_("Deze collega is ook beheerder: beslist mee wie mag optreden."), required=False
    )


class PeopleField(forms.CharField):
    """A number of full-time people such as ``12,5``; cleans to hundredths."""

    def clean(self, value: Any) -> int | None:
        """Read it, or say how to write it."""
        text = str(super().clean(value)).replace(" ", "").replace("\u00a0", "")
        if not text:
            return None
        match = re.fullmatch(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?", text)
        if match is None:
            words = _now("“%(typed)s” is geen aantal. Schrijf het zo: 12 of 12,5.")
            raise forms.ValidationError(words % {"typed": text[:SHOWN]})
        return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


class DayMonthField(forms.CharField):
    """A day and a month such as ``1/7``; cleans to ``dd-mm``."""

    def clean(self, value: Any) -> str:
        """Read it, or say how to write it. Whether the day exists is for the operation to say."""
        text = str(super().clean(value)).strip()
        match = re.fullmatch(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})", text)
        if match is None:
            words = _now("“%(typed)s” is geen dag en maand. Schrijf het zo: 01-07.")
            raise forms.ValidationError(words % {"typed": text[:SHOWN]})
        return f"{int(match[1]):02d}-{int(match[2]):02d}"


class ProfileForm(PlainForm):
    """What is asked at the first sign-in."""

    asks = {
        "iban": _("Vul je rekeningnummer in."),
        "email": _("Vul het e-mailadres van je onderneming in."),
        "turnover_is_expected": _("Kies of dit de omzet van vorig boekjaar is, of de omzet die je verwacht."),
        "turnover": _("Vul je omzet in."),
        "people": _("Vul in hoeveel mensen er werken. Werk je alleen? Vul dan 1 in."),
        "balance_total": _("Vul je balanstotaal in. Heb je geen balans? Vul dan 0 in."),
    }

    iban = IbanField(
        label=_("Rekeningnummer van je onderneming"),
        help_text=_("Hierop krijg je je eigen deel terug als een project stopt."),
    )
    email = forms.CharField(
        label=_("E-mailadres van je onderneming"),
        max_length=254,
        widget=forms.EmailInput(),
        help_text=_("Hierop komen de mails over je aanvragen."),
    )
    turnover_is_expected = forms.ChoiceField(
        label=_("Welke omzet geef je op?"),
        choices=[("nee", _("De omzet van vorig boekjaar")), ("ja", _("De omzet die ik verwacht"))],
        widget=forms.RadioSelect,
    )
    turnover = BelgianMoneyField(
        label=_("Omzet zonder btw, in een jaar"),
        may_be_zero=True,
        help_text=_("Begin je pas en verwacht je nog niets? Vul dan 0 in."),
    )
    financial_year_starts = DayMonthField(
        label=_("Begin van je boekjaar"),
        max_length=10,
        widget=forms.TextInput(attrs={"class": "short"}),
        help_text=_("Dag en maand. Meestal 01-01."),
    )
    financial_year_ends = DayMonthField(
        label=_("Einde van je boekjaar"),
        max_length=10,
        widget=forms.TextInput(attrs={"class": "short"}),
        help_text=_("Dag en maand. Meestal 31-12."),
    )
    people = PeopleField(
        label=_("Hoeveel mensen werken er?"),
        max_length=12,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
        help_text=_("In voltijdse jaren, jezelf inbegrepen. Iemand die halftijds werkt, telt voor 0,5."),
    )
    balance_total = BelgianMoneyField(
        label=_("Balanstotaal"),
        may_be_zero=True,
        help_text=_("Uit je laatste jaarrekening. Een raming mag. Heb je geen balans? Vul dan 0 in."),
    )


class ConfirmSizeForm(PlainForm):
    """The size that the figures make, to confirm or to contradict with a reason."""

    asks = {"size": _("Kies de grootte van je onderneming.")}
    size = forms.ChoiceField(label=_("Bevestig de grootte"), choices=SIZES, widget=forms.RadioSelect)
    size_reason = forms.CharField(
        label=_("Kies je iets anders? Schrijf waarom."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Bijvoorbeeld: je cijfers passeren de grens pas sinds één boekjaar."),
    )


class RelatedForm(PlainForm):
    """A partner or linked enterprise. A row that is left empty does not count."""

    name = forms.CharField(label=_("Naam van de andere onderneming"), max_length=200, required=False)
    tie = forms.ChoiceField(
        label=_("Hoe zijn jullie verbonden?"),
        choices=[
            ("", _("Kies")),
            ("partner", _("Partner: 25 tot 50 op elke 100")),
            ("linked", _("Verbonden: meer dan 50 op elke 100")),
        ],
        required=False,
    )
    share = forms.CharField(
        label=_("Hoeveel op elke 100 aandelen? (alleen voor een partner)"),
        max_length=6,
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
    )
    people = PeopleField(
        label=_("Mensen, in voltijdse jaren"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
    )
    turnover = BelgianMoneyField(label=_("Omzet"), required=False, may_be_zero=True)
    balance_total = BelgianMoneyField(label=_("Balanstotaal"), required=False, may_be_zero=True)

    def clean(self) -> dict[str, Any]:
        """All or nothing, and a share that makes a partner."""
        cleaned = super().clean() or {}
        told = [cleaned.get(name) for name in ("name", "tie", "people", "turnover", "balance_total")]
        if not any(one not in (None, "") for one in told) or self.errors:
            return cleaned
        for name, words in (
            ("name", _now("Vul de naam in.")),
            ("tie", _now("Kies hoe jullie verbonden zijn.")),
            ("people", _now("Vul in hoeveel mensen er werken.")),
            ("turnover", _now("Vul de omzet in.")),
            ("balance_total", _now("Vul het balanstotaal in.")),
        ):
            if cleaned.get(name) in (None, ""):
                self.add_error(name, words)
        if not self.errors:
            self._read(cleaned)
        return cleaned

    def _read(self, cleaned: dict[str, Any]) -> None:
        figures = Figures(cleaned["people"], cleaned["turnover"], cleaned["balance_total"])
        share = _hundredths(cleaned["share"]) if cleaned["tie"] == "partner" else WHOLE
        if cleaned["tie"] == "partner" and not PARTNER_FROM <= share <= PARTNER_UP_TO:
            self.add_error("share", _now("Een partner heeft 25 tot 50 op elke 100. Vul dat getal in."))
            return
        cleaned["related"] = (cleaned["name"], Related(cleaned["tie"], figures, share))


def _hundredths(text: str) -> int:
    """``33,5`` as 3350; 0 for what is no number."""
    match = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?", text.strip())
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else 0
