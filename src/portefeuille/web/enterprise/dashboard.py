"""The entrepreneur's overview: what is left of the year's ceiling, and what each project waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portefeuille.applications import queries as applications
from portefeuille.applications.queries import ApplicationView
from portefeuille.core.calendar import legal_day
from portefeuille.core.lifecycle import STOPPED, State
from portefeuille.core.money import Money
from portefeuille.identity.roles import Actor
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.queries import WalletView
from portefeuille.web.looks import look
from portefeuille.web.permission import page
from portefeuille.web.ui.tags import euro

ENDED = {State.CLOSED, *STOPPED}


@dataclass(frozen=True, slots=True)
class Project:
    """A line of the overview, with what to do next and until when."""

    application: ApplicationView
    wallet: WalletView | None
    next_step: str
    term: date | None


@page(look="apply")
def dashboard(request: HttpRequest) -> HttpResponse:
    """Mijn dossier."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = legal_day(timezone.now())
    found = applications.of_enterprise(actor.enterprise, actor=actor)
    purses = wallets.wallets(one.id for one in found)
    projects = [
        Project(one, purses.get(one.id), *next_step(one, purses.get(one.id)))
        for one in found
        if one.state is not State.DRAFT
    ]
    held = Money(sum(purse.figures.held.cents for purse in purses.values()))
    context = {
        "ceiling": applications.ceiling(actor.enterprise, settings.SCHEME, on=today),
        "held": held,
        "running": sorted(
            (one for one in projects if one.application.state not in ENDED),
            key=lambda one: (one.term or date.max, -one.application.id),
        ),
        "ended": [one for one in projects if one.application.state in ENDED],
        "drafts": [one for one in found if one.state is State.DRAFT],
    }
    look(request, "dossier", 0, actor.enterprise)
    return render(request, "enterprise/dashboard.html", context)


def next_step(view: ApplicationView, wallet: WalletView | None) -> tuple[str, date | None]:
    """What the enterprise has to do now, in one sentence, and its last day."""
    if view.state is State.SUBMITTED:
        if view.waiting_for == "budget":
            return _("Stort nog niets: je aanvraag wacht op budget."), None
        return _("Je hoeft niets te doen: je aanvraag wordt bekeken."), None
    if wallet is None:
        return "", None
    figures = wallet.figures
    if figures.still_due and view.state in {State.APPROVED, State.PARTLY_FUNDED}:
        return _("Stort nog %(due)s.") % {"due": euro(figures.still_due)}, wallet.deposit_until
    if figures.held and view.state not in ENDED:
        return _("Klik op “Ik betaal” voor %(held)s.") % {"held": euro(figures.held)}, None
    if figures.in_transit:
        return _("De bank betaalt je dienstverlener. Je hoeft niets te doen."), None
    if view.state is State.PAID and view.vat:
        return _("Betaal de btw van %(vat)s rechtstreeks aan je dienstverlener.") % {
            "vat": euro(view.vat)
        }, None
    if view.state is State.PAID:
        return _("Je dienstverlener bevestigt nog dat alles gevolgd is. Je hoeft niets te doen."), None
    return "", None
