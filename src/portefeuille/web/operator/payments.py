"""Payments out: what waits, the payment files, and what the bank said of each payment."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portefeuille.applications import queries as applications
from portefeuille.bank import queries as bank
from portefeuille.bank.operations.pay import hand_over, make_run, release
from portefeuille.core.errors import Refusal
from portefeuille.core.money import Money
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.queries import PaymentView
from portefeuille.web.permission import page
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.words import PAYMENT_KINDS, PAYMENT_STATES


def _rows(payments: Iterable[PaymentView]) -> list[dict[str, object]]:
    found = list(payments)
    names = applications.names({one.wallet for one in found if one.wallet})
    return [
        {
            "payment": one,
            "project": names.get(one.wallet, ("", ""))[0],
            "kind": PAYMENT_KINDS[one.kind],
            "state": PAYMENT_STATES[one.state],
        }
        for one in found
    ]


@page(look="pay", act="pay")
def payments(request: HttpRequest) -> HttpResponse:
    """What waits, and the button that puts it in a file."""
    refused = ""
    if request.method == "POST":
        try:
            number = make_run(actor=request.actor, at=timezone.now())  # type: ignore[attr-defined]
            flash(
                request,
                _("Het betaalbestand is klaar. Laat het nu nakijken en vrijgeven door iemand anders."),
            )
            return redirect("payment_run", number=number)
        except Refusal as refusal:
            refused = refusal.sentence
    waiting = wallets.waiting_payments()
    context = {
        "rows": _rows(waiting),
        "total": Money(sum(one.amount.cents for one in waiting)),
        "runs": bank.runs(),
        "refused": refused,
    }
    return render(request, "operator/payments.html", context, status=400 if refused else 200)


@page(look="pay")
def run(request: HttpRequest, number: int) -> HttpResponse:
    """One payment file with its payments."""
    view = bank.run(number)
    context = {
        "run": view,
        "rows": _rows(wallets.payments_of_run(number)),
        "is_own": view.made_by == request.user.pk,
    }
    return render(request, "operator/payment_run.html", context)


@page(act="pay")
def release_run(request: HttpRequest, number: int) -> HttpResponse:
    """A second person lets the file go to the bank."""
    release(actor=request.actor, run=number, at=timezone.now())  # type: ignore[attr-defined]
    flash(request, _("Het betaalbestand is vrijgegeven. Bezorg het nu aan de bank."))
    return redirect("payment_run", number=number)


@page(act="pay")
def payment_file(request: HttpRequest, number: int) -> HttpResponse:
    """The file itself: the same bytes each time."""
    content = hand_over(actor=request.actor, run=number, at=timezone.now())  # type: ignore[attr-defined]
    answer = HttpResponse(content, content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{bank.run(number).message_id}.xml"'
    return answer
