"""A provider for the office: its recognitions and requests, and what the office does about them, with reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import Refusal
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers
from portefeuille.providers import requests as recognitions
from portefeuille.providers.operations.supervise import (
    attend_information_session,
    end_suspension,
    strike_off,
    suspend,
)
from portefeuille.providers.queries import ProviderFacts, Standing
from portefeuille.web import unsent
from portefeuille.web.looks import look
from portefeuille.web.permission import page
from portefeuille.web.public.providers import recognition_table
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.forms import BelgianDateField, PlainForm
from portefeuille.web.ui.tags import account, kbo, mark
from portefeuille.web.ui.words import MEASURE_WORDS, REQUEST_TONES, REQUEST_WORDS, SERVICES

# What can be done with a recognition that stands so.
DEEDS: dict[str, tuple[Any, Callable[..., None], frozenset[Standing], Any]] = {
    "suspend": (
        gettext_lazy("Schors %(number)s"),
        suspend,
        frozenset({Standing.RECOGNISED}),
        gettext_lazy("%(number)s is geschorst. De dienstverlener krijgt een mail."),
    ),
    "end_suspension": (
        gettext_lazy("Beëindig de schorsing van %(number)s"),
        end_suspension,
        frozenset({Standing.SUSPENDED}),
        gettext_lazy("De schorsing van %(number)s is voorbij. De dienstverlener krijgt een mail."),
    ),
    "strike_off": (
        gettext_lazy("Schrap %(number)s, voorgoed"),
        strike_off,
        frozenset({Standing.RECOGNISED, Standing.SUSPENDED}),
        gettext_lazy("%(number)s is geschrapt. De dienstverlener krijgt een mail."),
    ),
}


class MeasureForm(PlainForm):
    """What is done with which recognition, and why."""

    asks = {
        "deed": gettext_lazy("Kies wat je doet."),
        "reasons": gettext_lazy("Schrijf waarom: de dienstverlener leest het, en een collega later ook."),
    }

    deed = forms.ChoiceField(label=gettext_lazy("Wat doe je, vanaf vandaag?"), widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=gettext_lazy("Waarom?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("Dit staat in de mail aan de dienstverlener. Het is niet openbaar."),
    )

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deed"].choices = choices  # type: ignore[attr-defined]


class SessionForm(PlainForm):
    """An information session that the provider attended."""

    asks = {
        "held_on": gettext_lazy("Vul de dag van de infosessie in."),
        "about": gettext_lazy("Schrijf waarover de infosessie ging."),
    }

    held_on = BelgianDateField(label=gettext_lazy("Wanneer was de infosessie?"))
    about = forms.CharField(label=gettext_lazy("Waarover ging ze, en wie was er?"), max_length=500)

    def refuse(self, refusal: Refusal) -> None:
        """The operation names its reasons otherwise than this form."""
        field = "about" if refusal.field == "reasons" else refusal.field
        super().refuse(type(refusal)(refusal.sentence, field=field) if field != refusal.field else refusal)


@page(look="see_supervision", act="supervise_provider")
@unsent.shows_unsent
def provider(request: HttpRequest, number: int) -> HttpResponse:
    """All that the office knows of a provider, with two forms: a measure, and a session that was attended."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = providers.provider(number)
    choices = _choices(found, at=timezone.now())
    typed = request.POST if request.method == "POST" else unsent.take(request)
    wanted = typed.get("wat", "") if typed is not None else ""
    measure = MeasureForm(choices, typed if wanted == "maatregel" else None)
    session = SessionForm(typed if wanted == "infosessie" else None)
    if request.method == "POST" and (said := _do(request, found, measure, session)):
        flash(request, said)
        return redirect("supervision", number=number)
    look(request, "provider", number, found.enterprise_number)
    return render(request, "office/supervision.html", _context(found, measure, session, actor))


def _context(
    found: ProviderFacts, measure: MeasureForm, session: SessionForm, actor: Actor
) -> dict[str, Any]:
    today = legal_day(timezone.now())
    done = recognitions.measures_of(found.id)
    names = identity.names_of({one.person for one in done})
    asked = recognitions.requests_of(found.id, actor=actor) if actor.may("see_recognition_requests") else []
    return {
        "provider": found,
        "told": [
            (_("Naam in de Kruispuntbank"), found.legal_name),
            (_("Ondernemingsnummer"), kbo(found.enterprise_number)),
            (_("E-mail"), found.email),
            (_("Rekening"), account(found.iban)),
        ],
        "table": recognition_table(found.recognitions, today) if found.recognitions else None,
        "requests": [
            (one, SERVICES[one.service], mark(REQUEST_WORDS[one.state], REQUEST_TONES[one.state]))
            for one in asked
        ],
        "measures": [(one, MEASURE_WORDS[one.kind], names.get(one.person, "")) for one in done],
        "measure": measure,
        "session": session,
        "form": session if session.is_bound else measure,
        "may_act": actor.may("supervise_provider"),
        "has_choices": bool(measure.fields["deed"].choices),  # type: ignore[attr-defined]
    }


def _choices(found: ProviderFacts, *, at: Any) -> list[tuple[str, str]]:
    today = legal_day(at)
    return [
        (f"{verb}:{one.id}", str(words) % {"number": one.number})
        for one in found.recognitions
        for verb, (words, _deed, standings, _said) in DEEDS.items()
        if one.standing(today) in standings
    ]


def _do(request: HttpRequest, found: ProviderFacts, measure: MeasureForm, session: SessionForm) -> str:
    """What to say when it is done; what stood in the way is put in the form."""
    form: PlainForm = session if session.is_bound else measure
    if not form.is_bound or not form.is_valid():
        return ""
    who_and_when = {"actor": request.actor, "at": timezone.now()}  # type: ignore[attr-defined]
    try:
        if form is session:
            attend_information_session(
                provider=found.id,
                held_on=form.cleaned_data["held_on"],
                reasons=form.cleaned_data["about"],
                **who_and_when,
            )
            return _("De infosessie is genoteerd.")
        verb, _colon, recognition = form.cleaned_data["deed"].partition(":")
        _words, deed, _standings, said = DEEDS[verb]
        deed(recognition=int(recognition), reasons=form.cleaned_data["reasons"], **who_and_when)
    except Refusal as refused:
        form.refuse(refused)
        return ""
    numbers = {one.id: one.number for one in found.recognitions}
    return str(said) % {"number": numbers[int(recognition)]}
