"""The living style guide: every component in every state, for who builds pages and for the tests that look at them.

It exists only in the demo. What it shows is made up, and nothing on it does anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import segno
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.core.rules import load_scheme
from portefeuille.web.permission import public_page
from portefeuille.web.ui import icons
from portefeuille.web.ui.forms import (
    BelgianDateField,
    BelgianMoneyField,
    EnterpriseNumberField,
    IbanField,
    PlainForm,
)
from portefeuille.web.ui.parts import AmountRow, Column, Moment, Stage, Table, TransferLine

COLOURS = (
    *("paper", "surface", "surface-sunk", "ink", "ink-soft", "line", "line-strong"),
    *("brand", "brand-deep", "brand-wash", "on-brand", "link", "own", "subsidy"),
    *("good", "good-wash", "warn", "warn-wash", "bad", "bad-wash", "info", "info-wash", "focus"),
)

_UNITS = [("training", "Een opleiding"), ("advice", "Een advies")]


class SampleForm(PlainForm):
    """Every kind of field."""

    name = forms.CharField(label="Naam van de opleiding", help_text="Zoals ze op de offerte staat.")
    amount = BelgianMoneyField(label="Bedrag zonder btw", help_text="Je vindt het op de offerte.")
    starts_on = BelgianDateField(label="Eerste dag")
    number = EnterpriseNumberField(label="Ondernemingsnummer", help_text="Tien cijfers, zoals 0123.456.749.")
    account = IbanField(label="Rekeningnummer")
    theme = forms.ChoiceField(label="Thema", choices=[("", "Kies"), ("energy", "Energie")])
    service = forms.ChoiceField(label="Wat wil je volgen?", choices=_UNITS, widget=forms.RadioSelect)
    why = forms.CharField(label="Hoe helpt het je activiteit?", widget=forms.Textarea(attrs={"rows": 3}))
    declared = forms.BooleanField(label="Ik verklaar dat dit klopt.")


class WrongForm(SampleForm):
    """The same fields, with ids of their own."""

    prefix = "fout"


@dataclass(frozen=True, slots=True)
class _Rule:
    title: str
    verdict: str
    reason: str
    cure: str = ""
    sources: tuple[str, ...] = ("GUIDE 1",)
    our_reading: bool = False


RULES = (
    _Rule("Je vraagt op tijd aan", "met", "Je vraagt aan voor de start."),
    _Rule(
        "Het bedrag is hoog genoeg",
        "not met",
        "De opleiding kost € 80,00. Het minimum is € 100,00.",
        "Neem er een opleiding bij.",
    ),
    _Rule(
        "Je onderneming ligt in Vlaanderen", "unknown", "We kennen je vestiging nog niet.", our_reading=True
    ),
    _Rule(
        "Elke deelnemer is er genoeg", "still to prove", "De dienstverlener bewijst dit na de laatste dag."
    ),
)
MOMENTS = (
    Moment("Aangevraagd", "done", date(2026, 3, 2), who="Nele Dhondt"),
    Moment("Eigen deel storten", "now", date(2026, 4, 1), more="nog € 1.380,00, ten laatste op die dag"),
    Moment("Betaalopdracht geven", "later"),
    Moment("Vervallen", "lost", date(2026, 4, 2), more="het eigen deel kwam niet"),
)
STAGES = (
    Stage("Wat", "done", "#stappenbalk"),
    Stage("Wie en wanneer", "now"),
    Stage("Prijs", "later"),
    Stage("Nakijken", "later"),
)
FACTS = (
    ("Projectnummer", "KP2026-000001"),
    ("Dienstverlener", "Leerhuis De Vlasserij"),
    ("Factuur", ""),
)


TRANSFER = (
    TransferLine("Bedrag", "€ 1.380,00", "1.380,00", "het bedrag"),
    TransferLine("Rekening", "BE47 9990 1444 4380", "BE47999014444380", "de rekening"),
    TransferLine(
        "Mededeling",
        "+++410/0000/00124+++",
        "+++410/0000/00124+++",
        "de gestructureerde tekst",
        is_reference=True,
    ),
)


def _amounts() -> list[AmountRow]:
    return [
        AmountRow("Jouw eigen deel", Money.euros(6000), "stort je aan de financieel beheerder", "own"),
        AmountRow("Deel van de overheid", Money.euros(4000), "komt vanzelf in je portefeuille", "subsidy"),
        AmountRow("Naar je dienstverlener", Money.euros(10000), "zonder btw", is_total=True),
    ]


def _table() -> Table:
    return Table(
        "Projecten van dit jaar",
        [Column("Project"), Column("Begonnen"), Column("Bedrag zonder btw", is_number=True)],
        [
            ["Leidinggeven", "2 maart 2026", "€ 1.250,00"],
            ["Een naam met <haken> & tekens", "3 maart 2026", "€ 480,00"],
        ],
        ["#tabel", "#tabel"],
    )


def _code() -> SafeString:
    """A code of our own making."""
    drawn = segno.make("https://portefeuille.example/stijlgids").svg_inline(
        scale=4, svgclass=None, lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 - drawn from a constant


@public_page("only in the demo: nothing on it is real")
@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """All of them on one page, with the line that makes each."""
    wrong = WrongForm(
        {
            "fout-amount": "veel",
            "fout-starts_on": "31/2/2026",
            "fout-number": "0123.456.789",
            "fout-account": "BE00 0000",
        }
    )
    context = {
        "colours": COLOURS,
        "icons": icons.names(),
        "states": list(State),
        "money": Money.euros("10000.00"),
        "own": Money.euros("3000.00"),
        "subsidy": Money.euros("2000.00"),
        "amount_rows": _amounts(),
        "facts": FACTS,
        "transfer_lines": TRANSFER,
        "shown_scheme": load_scheme("gids"),
        "shown": _table(),
        "moments": MOMENTS,
        "stages": STAGES,
        "rules": RULES,
        "form": SampleForm(),
        "wrong": wrong,
        "code": _code(),
        "page": Paginator(range(50), 10).page(2),
    }
    return render(request, "public/style_guide.html", context)
