"""Answers to the questions that the guide begins with, for this platform."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portefeuille.core.money import Money
from portefeuille.core.rules import load_scheme
from portefeuille.web.permission import public_page
from portefeuille.web.public.home import Calculation, calculate
from portefeuille.web.ui.parts import AmountRow

# The answers were written for these rules on this day; a change of regime asks for a new reading of them.
WRITTEN_FOR = date(2026, 11, 25)
SCHEME = "gids"
EXAMPLE = Money.euros("10000.00")


@public_page("the questions that people ask before they sign in")
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Seven answers, each with the regime and the day for which it was written."""
    worked_out = calculate(
        service="training", amount=EXAMPLE, vat_rate="21.00", on=WRITTEN_FOR, scheme=SCHEME
    )
    context = {
        "regime": load_scheme(SCHEME).on(WRITTEN_FOR).title,
        "written_for": WRITTEN_FOR,
        "is_in_force": settings.SCHEME == SCHEME,
        "example": _example(worked_out),
    }
    return render(request, "public/help.html", context)


def _example(worked_out: Calculation) -> list[AmountRow]:
    """The example's amounts, as the rules work them out."""
    asked = worked_out.amounts
    return [
        AmountRow(_("Jij stort aan de financieel beheerder"), asked.own_share, whose="own"),
        AmountRow(_("De overheid legt in je portefeuille"), asked.subsidy, whose="subsidy"),
        AmountRow(_("Jij laat alles aan je dienstverlener betalen"), asked.amount, is_total=True),
        AmountRow(_("Jij betaalt de btw rechtstreeks aan je dienstverlener"), asked.vat),
    ]
