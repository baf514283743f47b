"""The forms of an application, step by step, and of a payment order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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
        max_length=200,
        help_text=_("Zoals ze op de offerte of de website staat."),
    )
    theme = forms.ChoiceField(label=_("Thema"), choices=[("", _("Kies een thema")), *THEMES.items()])
    form = forms.ChoiceField(
        label=_("Hoe wordt de opleiding gegeven?"),
        choices=list(FORMS.items()),
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Alleen voor een opleiding. Een advies slaat deze vraag over."),
    )
    support = forms.CharField(
        label=_("Hoe helpt dit je activiteit?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Eén of twee zinnen. Je dienstverlener of een medewerker kan het nakijken."),
    )

    def __init__(self, *args: Any, activities: tuple[ActivityFacts, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nace"].choices = [
            (f"{one.version}:{one.code}", one.label or one.code) for one in activities
        ]
        self.fields["nace"].hints = {
            f"{one.version}:{one.code}": f"{one.code} (NACE-BEL {one.version})"
            + (_(", hoofdactiviteit") if one.is_main else "")
            for one in activities
        }

    def clean(self) -> dict[str, Any]:
        """A training is given in some form; an advice is not."""
        cleaned = super().clean() or {}
        if cleaned.get("service") == "training" and not cleaned.get("form"):
            self.add_error("form", _("Kies hoe de opleiding gegeven wordt."))
        return cleaned


class WhenForm(PlainForm):
    """Step 2: when; who takes part is a list beside it."""

    asks = {
        "agreement_on": _("Vul de dag van de overeenkomst of inschrijving in."),
        "starts_on": _("Vul de eerste dag in."),
        "ends_on": _("Vul de laatste dag in."),
    }

    agreement_on = BelgianDateField(
        label=_("Datum van overeenkomst of inschrijving"),
        help_text=_("Meestal de dag waarop je aanvraagt: vandaag."),
    )
    starts_on = BelgianDateField(
        label=_("Eerste dag"), help_text=_("Je vraagt aan voor de start, of hoogstens 14 dagen erna.")
    )
    ends_on = BelgianDateField(label=_("Laatste dag"))

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
        help_text=_("Het volledige bedrag is ingevuld. Dat is bijna altijd juist."),
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
