"""The public register of providers: search, a page for each, and the whole of it as open data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from portefeuille.core.calendar import legal_day
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers_of
from portefeuille.providers.queries import ProviderFacts, RecognitionFacts, Standing
from portefeuille.register import queries as register
from portefeuille.register.queries import Address
from portefeuille.web.permission import public_page
from portefeuille.web.ui.forms import PlainForm
from portefeuille.web.ui.parts import Column, Table
from portefeuille.web.ui.tags import day, kbo, mark
from portefeuille.web.ui.words import SERVICES, STANDING_TONES, STANDING_WORDS

ON_A_PAGE = 25
LASTS = 3600  # seconds: how long the open data may be kept by whoever fetched it; our reading
_CALCULATES = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would work out

# The columns of the open data: their names, and what stands in them.
COLUMNS: dict[str, Any] = {
    "number": gettext_lazy("Het erkenningsnummer: DV.O voor opleiding, DV.A voor advies, en zes cijfers."),
    "service": gettext_lazy("Waarvoor het geldt: training (opleiding) of advice (advies)."),
    "name": gettext_lazy("De naam waaronder klanten de dienstverlener kennen."),
    "legal_name": gettext_lazy("De naam in de Kruispuntbank van Ondernemingen."),
    "enterprise_number": gettext_lazy("Het ondernemingsnummer, tien cijfers zonder punten."),
    "zipcode": gettext_lazy("De postcode van de zetel; leeg als de Kruispuntbank die niet toont."),
    "municipality": gettext_lazy("De gemeente van de zetel; leeg als de Kruispuntbank die niet toont."),
    "valid_from": gettext_lazy("De eerste dag van de erkenning (jjjj-mm-dd)."),
    "valid_to": gettext_lazy("De laatste dag; leeg als er geen einde is."),
    "standing": gettext_lazy(
        "Hoe ze vandaag staat: to_come (begint later), recognised (erkend), suspended (geschorst), "
        "expired (voorbij) of struck_off (geschrapt)."
    ),
    "suspended_from": gettext_lazy("De eerste dag van de laatste schorsing; leeg als er geen was."),
    "suspended_until": gettext_lazy("De laatste dag ervan; leeg zolang niemand ze beëindigde."),
    "struck_off_on": gettext_lazy("De dag vanaf wanneer ze geschrapt is; leeg als ze dat niet is."),
}


class SearchForm(PlainForm):
    """A name or number, a place, a service; nothing at all shows everybody."""

    zoek = forms.CharField(
        label=gettext_lazy("Naam of erkenningsnummer"),
        help_text=gettext_lazy("Een stuk van de naam is genoeg. Een nul in plaats van een O mag."),
        max_length=200,
        required=False,
    )
    plaats = forms.CharField(
        label=gettext_lazy("Gemeente of postcode"),
        help_text=gettext_lazy("Waar de zetel van de dienstverlener is."),
        max_length=100,
        required=False,
    )
    dienst = forms.ChoiceField(
        label=gettext_lazy("Waarvoor?"),
        choices=[("", gettext_lazy("Opleiding of advies")), *SERVICES.items()],
        required=False,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A provider with its place, as far as the KBO shows one."""

    provider: ProviderFacts
    place: Address | None

    def is_in(self, asked: str) -> bool:
        """Whether its seat is in the postcode or town that begins so, whatever the accents and capitals."""
        if self.place is None:
            return False
        wanted = providers_of.folded(asked)
        return self.place.zipcode.startswith(asked) or providers_of.folded(
            self.place.municipality
        ).startswith(wanted)

    @property
    def town(self) -> str:
        """Postcode and town; a dash when the KBO shows none."""
        return f"{self.place.zipcode} {self.place.municipality}".strip() if self.place else "–"


@public_page("who is recognised is public")
@require_safe
def providers(request: HttpRequest) -> HttpResponse:
    """Search; the address holds the question, so that it can be kept and shared."""
    form = SearchForm(request.GET if request.GET.keys() & {"zoek", "plaats", "dienst"} else None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = [] if form.is_bound and not form.is_valid() else _listed(asked)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("pagina"))
    today = legal_day(timezone.now())
    context = {
        "form": form,
        "asks": any(asked.values()),
        "page": page,
        "table": _table(page.object_list, len(found), today) if found else None,
        "columns": COLUMNS.items(),
        "may_ask": _may_ask(request),
    }
    return render(request, "public/providers.html", context)


def _listed(asked: dict[str, str]) -> list[Listed]:
    found = providers_of.listed(asked.get("zoek", ""), service=asked.get("dienst", ""))
    places = register.seats(one.enterprise_number for one in found)
    shown = [Listed(one, places.get(one.enterprise_number)) for one in found]
    place = asked.get("plaats", "").strip()
    return [one for one in shown if one.is_in(place)] if place else shown


def _may_ask(request: HttpRequest) -> bool:
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    return actor is None or actor.may(
        "request_recognition", enterprise=actor.enterprise, provider=actor.provider
    )


def _table(shown: Iterable[Listed], count: int, today: date) -> Table:
    rows = list(shown)
    return Table(
        caption=ngettext("%(count)s dienstverlener", "%(count)s dienstverleners", count) % {"count": count},
        columns=[Column(_("Dienstverlener")), Column(_("Plaats")), Column(_("Erkenning vandaag"))],
        rows=[
            (one.provider.display_name, one.town, _standings(one.provider.recognitions, today))
            for one in rows
        ],
        addresses=[reverse("public_provider", args=[one.provider.id]) for one in rows],
    )


def _standings(recognitions: Iterable[RecognitionFacts], today: date) -> str:
    return format_html_join(
        "\n",
        '<span class="line with-badge">{} <span class="code">{}</span> {}</span>',
        ((SERVICES[one.service], one.number, standing_mark(one, today)) for one in recognitions),
    )


def standing_mark(one: RecognitionFacts, today: date) -> str:
    """How a recognition stands that day, as a badge."""
    standing = one.standing(today)
    return mark(STANDING_WORDS[standing], STANDING_TONES[standing])


@public_page("who is recognised is public")
@require_safe
def provider(request: HttpRequest, number: int) -> HttpResponse:
    """One provider: for what it is recognised today, and until when."""
    found = providers_of.provider(number)
    today = legal_day(timezone.now())
    place = register.seats([found.enterprise_number]).get(found.enterprise_number)
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    context = {
        "provider": found,
        "told": [
            (_("Naam in de Kruispuntbank"), found.legal_name),
            (_("Ondernemingsnummer"), kbo(found.enterprise_number)),
            (_("Plaats"), Listed(found, place).town),
        ],
        "table": recognition_table(found.recognitions, today) if found.recognitions else None,
        "holds": [one for one in found.recognitions if one.holds_on(today)],
        "is_suspended": any(one.standing(today) is Standing.SUSPENDED for one in found.recognitions),
        "may_supervise": actor is not None and actor.may("see_supervision"),
    }
    return render(request, "public/provider.html", context)


def recognition_table(recognitions: Iterable[RecognitionFacts], today: date) -> Table:
    """Number, service, days and standing of each."""
    return Table(
        caption=_("Erkenningen"),
        columns=[
            Column(_("Nummer")),
            Column(_("Waarvoor")),
            Column(_("Vanaf")),
            Column(_("Tot en met")),
            Column(_("Vandaag")),
        ],
        rows=[
            (
                one.number,
                SERVICES[one.service],
                day(one.valid_from),
                _last_day_words(one),
                standing_mark(one, today),
            )
            for one in recognitions
        ],
    )


def _last_day_words(one: RecognitionFacts) -> str:
    if one.struck_off_on is not None:
        return _("geschrapt vanaf %(day)s") % {"day": day(one.struck_off_on)}
    return day(one.valid_to) or _("geen einde")


@public_page("who is recognised is open data")
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """One row for each recognition, with the names of the columns first; UTF-8, commas."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in _rows():
        writer.writerow([_cell(value) for value in row.values()])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="dienstverleners.csv"'
    return _may_be_kept(answer)


@public_page("who is recognised is open data")
@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The same rows: ``{"as_of": day, "recognitions": [...]}``; what is empty in CSV is null."""
    told = {"as_of": legal_day(timezone.now()).isoformat(), "recognitions": list(_rows())}
    text = json.dumps(told, ensure_ascii=False)
    return _may_be_kept(HttpResponse(text, content_type="application/json; charset=utf-8"))


def _may_be_kept(answer: HttpResponse) -> HttpResponse:
    """By browsers and by what stands between; other sites' scripts may read it too."""
    answer["Cache-Control"] = f"public, max-age={LASTS}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _cell(value: str | None) -> str:
    """Never something that a spreadsheet would calculate: a name is typed by who asks to be recognised."""
    text = value or ""
    return f"'{text}" if text.startswith(_CALCULATES) else text


def _rows() -> Iterable[dict[str, str | None]]:
    today = legal_day(timezone.now())
    for one in _listed({}):
        for recognition in one.provider.recognitions:
            yield _row(one, recognition, today)


def _row(one: Listed, recognition: RecognitionFacts, today: date) -> dict[str, str | None]:
    row = {
        "number": recognition.number,
        "service": recognition.service,
        "name": one.provider.display_name,
        "legal_name": one.provider.legal_name,
        "enterprise_number": one.provider.enterprise_number,
        "zipcode": one.place.zipcode if one.place else None,
        "municipality": one.place.municipality if one.place else None,
        "valid_from": _iso(recognition.valid_from),
        "valid_to": _iso(recognition.valid_to),
        "standing": str(recognition.standing(today)),
        "suspended_from": _iso(recognition.suspended_from),
        "suspended_until": _iso(recognition.suspended_until),
        "struck_off_on": _iso(recognition.struck_off_on),
    }
    assert row.keys() == COLUMNS.keys(), "each column is documented"
    return row


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
