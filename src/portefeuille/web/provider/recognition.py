"""A provider's recognitions: until when, what to do now, and asking for one or for more time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import Refusal
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers
from portefeuille.providers import requests as recognitions
from portefeuille.providers.documents import Upload
from portefeuille.providers.models import DOCUMENTS
from portefeuille.providers.operations.request_recognition import (
    Asked,
    request_recognition,
    withdraw_request,
)
from portefeuille.providers.queries import ProviderFacts, RecognitionFacts, Standing
from portefeuille.providers.requests import MeasureView, RequestView
from portefeuille.providers.terms import AUDIT_BUREAUS, MOST_DOCUMENT_BYTES, may_renew
from portefeuille.web import unsent
from portefeuille.web.permission import page
from portefeuille.web.public.providers import recognition_table
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.forms import BelgianDateField, IbanField, PlainForm
from portefeuille.web.ui.tags import day, mark
from portefeuille.web.ui.words import MEASURE_WORDS, REQUEST_TONES, REQUEST_WORDS, SERVICES

# What only an enterprise that is no provider yet tells about itself.
ABOUT = ("trade_name", "iban", "email", "vat_exempt")


def _pdf(label: Any, more: Any) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=more,
        allow_empty_file=True,  # the operation says more clearly what is wrong with it
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )


class AskForm(PlainForm):
    """A request, for an enterprise that is a provider already."""

    asks = {
        "service": gettext_lazy("Kies opleiding of advies. Wil je beide, doe dan twee aanvragen."),
        "audit_bureau": gettext_lazy("Kies het bureau dat je audit deed."),
        "audited_on": gettext_lazy("Vul de dag van de audit in. Ze staat op je certificaat."),
        "audit_report": gettext_lazy("Kies het bestand met je auditverslag."),
        "certificate": gettext_lazy("Kies het bestand met je certificaat."),
        "is_declared": gettext_lazy("Vink de verklaring aan. Zonder kunnen we je aanvraag niet behandelen."),
    }

    service = forms.ChoiceField(
        label=gettext_lazy("Waarvoor vraag je een erkenning?"),
        choices=list(SERVICES.items()),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Wil je beide? Doe dan twee aanvragen."),
    )
    is_starter = forms.BooleanField(
        label=gettext_lazy("Ik ben starter: ik heb nog geen ervaring en geen klanten die ik kan tonen"),
        help_text=gettext_lazy("Een starter krijgt eerst twee jaar. Na een nieuwe audit komen er drie bij."),
        required=False,
    )
    audit_bureau = forms.ChoiceField(
        label=gettext_lazy("Wie deed je audit?"),
        choices=[("", gettext_lazy("Kies een bureau")), *((one, one) for one in AUDIT_BUREAUS)],
    )
    audited_on = BelgianDateField(
        label=gettext_lazy("Wanneer was de audit?"), help_text=gettext_lazy("Zoals 2/3/2026.")
    )
    audit_report = _pdf(
        gettext_lazy("Auditverslag"),
        gettext_lazy("Een PDF van hoogstens 10 MB. Je kreeg het van het bureau."),
    )
    certificate = _pdf(
        gettext_lazy("Certificaat"), gettext_lazy("Een PDF van hoogstens 10 MB. Je kreeg het van het bureau.")
    )
    is_declared = forms.BooleanField(
        label=gettext_lazy(
            "Ik verklaar op mijn eer dat alles wat ik hier invul juist is, en dat ik me aan de regels "
            "voor dienstverleners houd"
        )
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DOCUMENTS:
            if chosen := self.files.get(name):
                words = _("Je koos “%(name)s”. Kies dit bestand opnieuw: een browser onthoudt het niet.")
                self.fields[name].help_text = words % {"name": chosen.name}

    def _size(self, name: str) -> Any:
        file = self.cleaned_data[name]
        if file.size > MOST_DOCUMENT_BYTES:  # what is far too large is not read at all
            raise forms.ValidationError(
                _("Dit bestand is groter dan 10 MB. Maak de PDF kleiner en kies hem opnieuw.")
            )
        return file

    def clean_audit_report(self) -> Any:
        """Not too large."""
        return self._size("audit_report")

    def clean_certificate(self) -> Any:
        """Not too large."""
        return self._size("certificate")

    @property
    def asked(self) -> Asked:
        """What was typed, for the operation."""
        return Asked(**{name: value for name, value in self.cleaned_data.items() if name not in DOCUMENTS})

    @property
    def uploads(self) -> dict[str, Upload]:
        """The files, for the operation."""
        files = {name: self.cleaned_data[name] for name in DOCUMENTS}
        return {name: Upload(file.name, file.read()) for name, file in files.items()}


class FirstForm(AskForm):
    """A request of an enterprise that is no provider yet: it also tells what customers are shown."""

    trade_name = forms.CharField(
        label=gettext_lazy("Naam waaronder klanten je kennen (mag leeg zijn)"),
        help_text=gettext_lazy("Leeg: dan tonen we de naam in de Kruispuntbank."),
        max_length=320,
        required=False,
    )
    iban = IbanField(
        label=gettext_lazy("Rekening waarop je betaald wilt worden"),
        help_text=gettext_lazy("Alles wat klanten je uit hun portefeuille betalen, komt hierop."),
        max_length=60,
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mailadres van je onderneming"),
        help_text=gettext_lazy("Hierop schrijven we je als niemand van jullie bereikbaar is."),
        error_messages={
            "invalid": gettext_lazy("Dit is geen e-mailadres. Schrijf het zo: naam@voorbeeld.be.")
        },
    )
    vat_exempt = forms.BooleanField(
        label=gettext_lazy("Ik reken geen btw aan: ik ben vrijgesteld door artikel 44"), required=False
    )


@dataclass(frozen=True, slots=True)
class ToDo:
    """What a recognition asks of its provider now."""

    tone: str
    title: str
    words: str
    reasons: str = ""
    may_ask: str = ""


@page(look="see_recognition")
def mine(request: HttpRequest) -> HttpResponse:
    """The recognitions, what to do about each, and the requests with how they stand."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = legal_day(timezone.now())
    found = _provider(actor)
    asked = recognitions.own_requests(actor=actor)
    held = found.recognitions if found and actor.provider else ()
    measures = recognitions.measures_of(found.id) if held and found else []
    waiting = {one.service for one in asked if one.waits}
    context = {
        "is_elsewhere": found is not None and actor.provider is None,
        "table": recognition_table(held, today) if held else None,
        "to_do": [todo for one in held if (todo := _to_do(one, held, waiting, measures, today))],
        "requests": [(one, SERVICES[one.service], _mark(one)) for one in asked],
        "measures": [(one, MEASURE_WORDS[one.kind]) for one in measures],
        "may_ask": _may_ask(actor) and not (found and actor.provider is None),
        "may_withdraw": _may_ask(actor),
    }
    return render(request, "provider/recognition.html", context)


def _may_ask(actor: Actor) -> bool:
    return actor.may("request_recognition", enterprise=actor.enterprise, provider=actor.provider)


def _mark(one: RequestView) -> str:
    return mark(REQUEST_WORDS[one.state], REQUEST_TONES[one.state])


def _provider(actor: Actor) -> ProviderFacts | None:
    """Whom the actor acts for, or what the enterprise is that the actor acts for."""
    if actor.provider is not None:
        return providers.provider(actor.provider)
    return providers.provider_of_enterprise(actor.enterprise)


def _to_do(
    one: RecognitionFacts,
    held: tuple[RecognitionFacts, ...],
    waiting: set[str],
    measures: list[MeasureView],
    today: date,
) -> ToDo | None:
    standing = one.standing(today)
    words = {"number": one.number, "day": day(one.valid_to), "service": str(SERVICES[one.service]).lower()}
    reasons = next((said.reasons for said in measures if said.number == one.number), "")
    if standing is Standing.SUSPENDED:
        return ToDo(
            "warning",
            _("%(number)s is geschorst") % words,
            _(
                "Klanten kunnen nu geen nieuwe subsidie aanvragen met dit nummer. Projecten die al goedgekeurd "
                "zijn, mag je afwerken. Die worden gewoon betaald."
            ),
            reasons,
        )
    if standing is Standing.STRUCK_OFF:
        return ToDo(
            "error",
            _("%(number)s is geschrapt") % words,
            _("Projecten die al goedgekeurd zijn, mag je afwerken. Die worden gewoon betaald."),
            reasons,
        )
    if one.service in waiting:
        return None
    if standing is Standing.RECOGNISED and may_renew(one.valid_to, today):
        return ToDo(
            "warning",
            _("%(number)s loopt af op %(day)s") % words,
            _(
                "Vraag verlenging ten laatste op die dag: dan houd je je nummer. Je hebt een nieuwe audit nodig."
            ),
            may_ask=one.service,
        )
    is_replaced = any(other.service == one.service and other.holds_on(today) for other in held)
    if standing is Standing.EXPIRED and not is_replaced:
        return ToDo(
            "info",
            _("%(number)s liep tot en met %(day)s") % words,
            _("Wil je weer erkend worden voor %(service)s? Vraag een nieuwe erkenning, met een nieuw nummer.")
            % words,
            may_ask=one.service,
        )
    return None


@page(look="see_recognition", act="request_recognition")
@unsent.shows_unsent
def ask(request: HttpRequest) -> HttpResponse:
    """The form to ask for a recognition, or for more time with one that ends."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kind = FirstForm if _provider(actor) is None else AskForm
    typed = request.POST if request.method == "POST" else unsent.take(request)
    form = kind(typed, request.FILES or None, initial={"service": request.GET.get("dienst", "")})
    if request.method == "POST" and form.is_valid() and _ask(request, form):
        flash(request, _("Je aanvraag is verstuurd. Een medewerker kijkt ze na. Je krijgt een mail."))
        return redirect("recognition")
    return render(request, "provider/ask_recognition.html", {"form": form, "is_first": kind is FirstForm})


def _ask(request: HttpRequest, form: AskForm) -> bool:
    """Whether it is sent; what stood in the way is put in the form."""
    try:
        request_recognition(
            actor=request.actor,  # type: ignore[attr-defined]
            asked=form.asked,
            uploads=form.uploads,
            at=timezone.now(),
        )
    except Refusal as refused:
        form.refuse(refused)
        return False
    return True


@page(act="request_recognition")
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a request back."""
    withdraw_request(actor=request.actor, request=number, at=timezone.now())  # type: ignore[attr-defined]
    flash(request, _("Je aanvraag is ingetrokken."))
    return redirect("recognition")
