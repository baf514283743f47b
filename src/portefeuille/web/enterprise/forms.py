"""The forms of an application, step by step, and of a payment order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portefeuille.applications.asked import LARGEST_AMOUNT, LONGEST_NAME, LONGEST_SUPPORT
from portefeuille.core.money import Money
from portefeuille.register.queries import ActivityFacts
from portefeuille.web.ui.forms import BelgianDateField, BelgianMoneyField, PlainForm
from portefeuille.web.ui.words import FORMS, SERVICES, THEMES, TIES, VAT_RATES


class WhatForm(PlainForm):
    """Step 1: what is bought."""

    asks = {
        "service": _("Kies of je een opleiding of een advies aanvraagt."),
        "nace": _("Kies de activiteit van je onderneming waarvoor je dit volgt."),
        "name": _("Vul de naam in van de opleiding of het advies."),
        "theme": _("Kies een thema."),
        "support": _("Schrijf in één of twee zinnen hoe dit je activiteit helpt."),
    }

    service = forms.ChoiceField(
        label=_("Type dienstverlening"), choices=list(SERVICES.items()), widget=forms.RadioSelect
    )
    nace = forms.ChoiceField(
        label=_("Voor welke activiteit? (NACE-code)"),
        help_text=_("Dit zijn de activiteiten van je onderneming in de Kruispuntbank."),
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Naam van de opleiding of het advies"),
        max_length=LONGEST_NAME,
        help_text=_("Zoals ze op de offerte of de website staat."),
    )
    theme = forms.ChoiceField(label=_("Thema"), choices=[("", _("Kies een thema")), *THEMES.items()])
    form = forms.ChoiceField(
        label=_("Hoe wordt de opleiding gegeven?"),
        choices=list(FORMS.items()),
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Alleen bij een opleiding. Online kan nooit."),
    )
    support = forms.CharField(
        label=_("Hoe helpt dit je activiteit?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_SUPPORT,
        help_text=_("Eén of twee zinnen. Je dienstverlener of een medewerker kan het nakijken."),
    )

    def __init__(self, *args: Any, activities: tuple[ActivityFacts, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = _once(activities)
        self.fields["nace"].choices = [(_key(one), one.label or one.code) for one in offered]
        self.fields["nace"].hints = {_key(one): _hint(one) for one in offered}
        if not offered:
            self.fields["nace"].help_text = _(
                "Je onderneming heeft geen activiteit in de Kruispuntbank. "
                "Laat er een toevoegen door een ondernemingsloket, of bel gratis naar 1700."
            )

    def clean(self) -> dict[str, Any]:
        """A training is given in some form; an advice is not."""
        cleaned = super().clean() or {}
        if cleaned.get("service") == "training" and not cleaned.get("form"):
            self.add_error("form", _("Kies hoe de opleiding gegeven wordt."))
        return cleaned


def _once(activities: tuple[ActivityFacts, ...]) -> list[ActivityFacts]:
    """Each activity once: in the newest list when both lists give it the same code and name (newest come first)."""
    return list({(one.code, one.label): one for one in reversed(activities)}.values())[::-1]


def _key(activity: ActivityFacts) -> str:
    return f"{activity.version}:{activity.code}"


def _hint(activity: ActivityFacts) -> str:
    main = _(", hoofdactiviteit") if activity.is_main else ""
    return f"{activity.code}{main} · NACE-BEL {activity.version}"


class WhenForm(PlainForm):
    """Step 2: when; who takes part is a list beside it."""

    asks = {
        "agreement_on": _("Vul de dag van de overeenkomst of inschrijving in."),
        "starts_on": _("Vul de eerste dag in."),
        "ends_on": _("Vul de laatste dag in."),
    }

    agreement_on = BelgianDateField(
        label=_("Datum van overeenkomst of inschrijving"),
        help_text=_("Meestal de dag waarop je aanvraagt: vandaag. Schrijf dag/maand/jaar."),
    )
    starts_on = BelgianDateField(
        label=_("Eerste dag"),
        help_text=_("Je vraagt aan voor de start, of hoogstens 14 dagen erna. Schrijf dag/maand/jaar."),
    )
    ends_on = BelgianDateField(
        label=_("Laatste dag"), help_text=_("Duurt het één dag? Vul dan twee keer dezelfde dag in.")
    )

    def clean(self) -> dict[str, Any]:
        """It can't end before it starts."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("De laatste dag ligt voor de eerste. Kijk beide dagen na."))
        return cleaned


class PriceForm(PlainForm):
    """Step 3: for how much; the provider is searched beside it."""

    asks = {
        "amount": _("Vul het bedrag zonder btw in."),
        "vat": _("Kies het btw-tarief, of dat je dienstverlener geen btw aanrekent."),
        "provider_search": _("Tik het erkenningsnummer of de naam van je dienstverlener."),
    }

    amount = BelgianMoneyField(
        label=_("Bedrag zonder btw"),
        help_text=_("Je vindt het op de offerte of de website van je dienstverlener."),
    )
    vat = forms.ChoiceField(label=_("Btw"), choices=[("", _("Kies")), *VAT_RATES.items()])
    provider_search = forms.CharField(
        label=_("Je dienstverlener"),
        max_length=120,
        help_text=_("Tik het erkenningsnummer (zoals DV.O123456) of de naam, en klik op Zoek."),
    )

    def clean_amount(self) -> Money:
        """No application is larger than what a decision can hold."""
        amount: Money = self.cleaned_data["amount"]
        if amount > LARGEST_AMOUNT:
            raise forms.ValidationError(
                _("Dit bedrag is te groot. Kijk de komma na: 1.250,00 is twaalfhonderdvijftig euro.")
            )
        return amount


class DeclareForm(PlainForm):
    """Step 4: the declaration on honour."""

    declared = forms.BooleanField(
        label=_("Ik verklaar op mijn eer dat dit klopt, en dat elke deelnemer in mijn onderneming werkt.")
    )

    asks = {"declared": _("Vink de verklaring aan om in te dienen.")}


class OrderForm(PlainForm):
    """A payment order."""

    amount = BelgianMoneyField(
        label=_("Bedrag dat je dienstverlener krijgt, zonder btw"),
        help_text=_("We vulden het volledige bedrag in. Dat is bijna altijd juist."),
    )
    reference = forms.CharField(
        label=_("Gestructureerde mededeling van de factuur (mag leeg blijven)"),
        required=False,
        max_length=40,
        help_text=_(
            "Staat er een op de factuur? Neem ze over, met de plussen. "
            "Anders staat je projectnummer bij de betaling."
        ),
    )


TIE_CHOICES = [("", _("Kies de band met je onderneming")), *TIES.items()]
