"""The front page, with a calculator that runs the decision's own code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portefeuille.core import rules
from portefeuille.core.calendar import legal_day
from portefeuille.core.money import Money
from portefeuille.web.contents import room_note
from portefeuille.web.permission import public_page
from portefeuille.web.ui.forms import BelgianMoneyField, PlainForm
from portefeuille.web.ui.parts import AmountRow

EXAMPLE = "10.000,00"


class CalculatorForm(PlainForm):
    """What somebody wants to buy."""

    asks = {"bedrag": _("Vul een bedrag in.")}

    dienst = forms.ChoiceField(
        label=_("Wat wil je volgen?"),
        choices=[("training", _("Een opleiding")), ("advice", _("Een advies"))],
        widget=forms.RadioSelect,
    )
    bedrag = BelgianMoneyField(
        label=_("Bedrag zonder btw"), help_text=_("Je vindt het op de offerte of de website.")
    )
    btw = forms.ChoiceField(
        label=_("Rekent je dienstverlener btw aan?"),
        choices=[("21.00", _("Ja, het gewone tarief")), ("0", _("Nee, vrijgesteld"))],
        widget=forms.RadioSelect,
    )


@dataclass(frozen=True, slots=True)
class Calculation:
    """What the rules say: who pays how much to whom, or what is in the way."""

    outcome: str
    amounts: rules.Amounts
    not_met: tuple[rules.RuleVerdict, ...]
    room_note: str = ""

    def rows(self) -> list[AmountRow]:
        """Each amount, whose it is and to whom it goes."""
        asked = self.amounts
        parts = [
            AmountRow(
                _("Jouw eigen deel"), asked.own_share, _("stort je aan de financieel beheerder"), "own"
            ),
            AmountRow(
                _("Deel van de overheid"), asked.subsidy, _("komt vanzelf in je portefeuille"), "subsidy"
            ),
            AmountRow(
                _("Naar je dienstverlener"),
                asked.amount,
                _("uit je portefeuille, zonder btw"),
                is_total=True,
            ),
        ]
        if asked.vat:
            how = _("betaal je zelf, rechtstreeks aan je dienstverlener")
            parts.append(AmountRow(_("Btw"), asked.vat, how))
        return parts


def calculate(
    *, service: str, amount: Money, vat_rate: str, on: date, scheme: str | None = None
) -> Calculation:
    """Decide on an application that meets every condition but, perhaps, those on the amount.

    By the rules of this installation, unless another scheme is named.
    """
    decision = rules.decide(
        _facts(service, amount, vat_rate, on), scheme=rules.load_scheme(scheme or settings.SCHEME), on=on
    )
    return Calculation(str(decision.outcome), decision.if_approved, decision.not_met(), room_note(decision))


def _facts(service: str, amount: Money, vat_rate: str, on: date) -> dict[str, object]:
    number = "DV.O000000" if service == "training" else "DV.A000000"
    return {
        "enterprise": {
            "kind": "self_employed",
            "size": "small",
            "region": "flanders",
            "flemish_establishment": True,
            "is_active": True,
            "nace_codes": [{"version": "2008", "code": "62010", "main": True}],
            "used_years": [],
            "subsidy_granted_this_year": "0.00",
        },
        "application": {
            "service": service,
            "form": "classroom",
            "theme": "business_strategy",
            "activity_nace": {"version": "2008", "code": "62010"},
            "agreement_on": on,
            "starts_on": on,
            "ends_on": on,
            "amount": amount,
            "vat_rate": vat_rate,
            "vat_exempt": vat_rate == "0",
            "supports_activity": True,
            "concerns_enterprise": True,
            "participants": [{"tie": "self_employed_or_manager", "works_in_flanders": True}],
        },
        "provider": {
            "number": number,
            "recognitions": [{"number": number, "service": service, "valid_from": date(2000, 1, 1)}],
        },
    }


@public_page("the scheme in short, for anybody who wonders")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The scheme in three steps, the calculator, and what you need before you start."""
    asked = request.GET if "bedrag" in request.GET else None
    form = CalculatorForm(asked or {"dienst": "training", "bedrag": EXAMPLE, "btw": "21.00"})
    context = {"form": form, "calculation": _calculation(form)}
    if request.headers.get("X-Fragment"):
        return render(request, "public/calculation.html", context)
    return render(request, "public/home.html", context)


def _calculation(form: CalculatorForm) -> Calculation | None:
    if not form.is_valid():
        return None
    try:
        return calculate(
            service=form.cleaned_data["dienst"],
            amount=form.cleaned_data["bedrag"],
            vat_rate=form.cleaned_data["btw"],
            on=legal_day(timezone.now()),
        )
    except rules.FactsRefused as refused:
        form.add_error("bedrag", refused.sentence.partition(": ")[2] or refused.sentence)
        return None
