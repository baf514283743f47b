"""The register for the office: find an enterprise by number, name or place, and see what the KBO says of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from portefeuille.identity.roles import Actor
from portefeuille.register import queries as register
from portefeuille.web.requests import signed_in
from portefeuille.web.ui.forms import PlainForm
from portefeuille.web.ui.parts import Column, Table
from portefeuille.web.ui.tags import day, kbo, mark

SHOWN = 20


class SearchForm(PlainForm):
    """A name or number, a place, or both."""

    zoek = forms.CharField(
        label=gettext_lazy("Naam of ondernemingsnummer"),
        help_text=gettext_lazy("Een stuk van de naam is genoeg. Een tikfout mag."),
        max_length=200,
        required=False,
    )
    plaats = forms.CharField(
        label=gettext_lazy("Gemeente of postcode"),
        help_text=gettext_lazy("Van de zetel of van een vestiging."),
        max_length=100,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Something must be asked."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("zoek") and not cleaned.get("plaats"):
            self.add_error("zoek", _("Vul een naam, een nummer of een gemeente in."))
        return cleaned


@signed_in
@require_safe
def enterprises(request: HttpRequest) -> HttpResponse:
    """The search box and what it found; the address holds the question, so that it can be kept and shared."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.must("see_register")
    form = SearchForm(request.GET if "zoek" in request.GET or "plaats" in request.GET else None)
    context: dict[str, Any] = {"form": form, "source": register.last_extract()}
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        found = register.search(asked["zoek"], place=asked["plaats"], limit=SHOWN + 1)
        context["table"] = _table(found[:SHOWN]) if found else None
        context["nothing"] = not found
        context["more"] = len(found) > SHOWN
    return render(request, "office/enterprises.html", context)


def _table(found: list[register.Found]) -> Table:
    return Table(
        caption=ngettext("%(count)s onderneming", "%(count)s ondernemingen", len(found))
        % {"count": len(found)},
        columns=[Column(_("Onderneming")), Column(_("Nummer")), Column(_("Plaats")), Column(_("Stand"))],
        rows=[
            (one.name, kbo(one.number), one.municipality or "–", _state(one.ceased_on is None))
            for one in found
        ],
        addresses=[reverse("enterprise", args=[one.number]) for one in found],
    )


def _state(goes_on: bool) -> str:
    return mark(_("Ingeschreven"), "good") if goes_on else mark(_("Gestopt"), "bad")


@signed_in
@require_safe
def enterprise(request: HttpRequest, number: str) -> HttpResponse:
    """One enterprise: what the register says of it, and from which extract."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.must("see_register")
    found = register.enterprise(number)
    context = {
        "enterprise": found,
        "state": mark(_("Actief"), "good") if found.is_active else mark(_("Niet actief"), "bad"),
        "source": register.last_extract(),
        "told": [
            (_("Ondernemingsnummer"), kbo(found.number)),
            (
                _("Vorm"),
                found.legal_form_label or (_("Natuurlijk persoon") if found.kind == "natural" else ""),
            ),
            (_("Toestand"), found.situation_label),
            (_("Begonnen op"), day(found.start_date)),
            (_("Zetel"), ", ".join(found.seat.lines) if found.seat else ""),
            (_("E-mailadres"), found.email),
        ],
        "places": _places(found),
        "activities": _activities(found),
    }
    return render(request, "office/enterprise.html", context)


def _places(found: register.EnterpriseFacts) -> Table | None:
    rows = [
        (
            place.name or found.name,
            kbo(place.number),
            ", ".join(place.address.lines) if place.address else "–",
            day(place.start_date),
        )
        for place in found.establishments
    ]
    columns = [Column(_("Vestiging")), Column(_("Nummer")), Column(_("Adres")), Column(_("Sinds"))]
    return Table(_("Waar ze werkt"), columns, rows) if rows else None


def _activities(found: register.EnterpriseFacts) -> Table | None:
    rows = [
        (
            one.label or _("Zonder omschrijving"),
            one.code,
            f"NACE-BEL {one.version}",
            _("Hoofdactiviteit") if one.is_main else _("Nevenactiviteit"),
        )
        for one in found.activities
    ]
    columns = [Column(_("Activiteit")), Column(_("Code")), Column(_("Versie")), Column(_("Soort"))]
    return Table(_("Wat ze doet"), columns, rows) if rows else None
