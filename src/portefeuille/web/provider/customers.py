"""The provider's customers: the applications that name it, and the payments that it received."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.applications import queries as applications
from portefeuille.applications.operations.confirm_delivery import confirm_delivery
from portefeuille.applications.queries import ApplicationView
from portefeuille.core.calendar import legal_day
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.queries import PaymentView
from portefeuille.web.contents import sections_of
from portefeuille.web.looks import look
from portefeuille.web.permission import page
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.words import PAYMENT_STATES, STATE_TONES

# The states in a provider's words: what her customer still has to do.
WORDS = {
    State.SUBMITTED: gettext_lazy("Nog niet beslist"),
    State.APPROVED: gettext_lazy("Wacht op storting"),
    State.PARTLY_FUNDED: gettext_lazy("Een deel is gestort"),
    State.FUNDED: gettext_lazy("Alles is gestort"),
    State.PARTLY_PAID: gettext_lazy("Een deel is betaald"),
    State.PAID: gettext_lazy("Betaald"),
    State.CLOSED: gettext_lazy("Afgerond"),
    State.REFUSED: gettext_lazy("Geweigerd"),
    State.LAPSED: gettext_lazy("Vervallen"),
    State.CANCELLED: gettext_lazy("Geannuleerd"),
}
# What the customer still has to do before the money comes.
STILL_TO_DO = {
    State.APPROVED: gettext_lazy("Je klant moet nog storten."),
    State.PARTLY_FUNDED: gettext_lazy("Je klant moet de rest nog storten."),
    State.FUNDED: gettext_lazy("Je klant moet nog op “Ik betaal” klikken."),
    State.PARTLY_PAID: gettext_lazy("Je klant moet de rest nog laten betalen."),
}


@page(look="see_provider")
def customers(request: HttpRequest) -> HttpResponse:
    """All applications that name this provider, newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = applications.of_provider(actor.provider or 0, actor=actor)
    paid = wallets.payments_of(one.id for one in found)
    rows = [
        {
            "application": one,
            "words": WORDS[one.state],
            "tone": STATE_TONES[one.state],
            "still_to_do": _still_to_do(one, paid.get(one.id, [])),
            "received": Money(sum(p.amount.cents for p in paid.get(one.id, []) if p.state == "paid")),
        }
        for one in found
    ]
    received = [one for payments in paid.values() for one in payments if one.state == "paid"]
    coming = [one for payments in paid.values() for one in payments if one.state in {"ordered", "in_run"}]
    context = {
        "rows": rows,
        "received": Money(sum(one.amount.cents for one in received)),
        "coming": Money(sum(one.amount.cents for one in coming)),
        "vat": Money(sum(one.vat.cents for one in found if one.state in {State.PAID, State.CLOSED})),
    }
    return render(request, "provider/customers.html", context)


def _still_to_do(view: ApplicationView, payments: list[PaymentView]) -> Any:
    """Nothing as soon as the whole amount is ordered: then it is on its way."""
    ordered = Money(sum(one.amount.cents for one in payments if one.state != "bounced"))
    return "" if ordered >= view.amount else STILL_TO_DO.get(view.state, "")


@page(look="see_provider", act="confirm_delivery")
def customer(request: HttpRequest, number: int) -> HttpResponse:
    """One customer's application: what is paid, what the customer owes directly, and the confirmation at its end."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = applications.application(number, actor=actor)
    now = timezone.now()
    if request.method == "POST":
        confirm_delivery(actor=actor, application=number, at=now)
        flash(request, _("Bedankt. Dit project is afgerond."))
        return redirect("customer", number=number)
    paid = wallets.payments_of([number]).get(number, [])
    payments = [(one, PAYMENT_STATES[one.state]) for one in paid]
    context = {
        "application": view,
        "words": WORDS[view.state],
        "tone": STATE_TONES[view.state],
        "still_to_do": _still_to_do(view, paid),
        "sections": sections_of(
            view,
            people=applications.people_of(number),
            provider=providers.provider(view.provider or 0),
        ),
        "payments": payments,
        "is_over": legal_day(now) >= (view.ends_on or date.max),
    }
    look(request, "application", number, view.enterprise_number)
    return render(request, "provider/customer.html", context)
