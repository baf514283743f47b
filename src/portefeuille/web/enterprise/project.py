"""One project: where it stands, what to do next, and every step that can be taken from here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portefeuille.applications import queries as applications
from portefeuille.applications.operations.order_payment import order_payment
from portefeuille.applications.operations.stop import cancel
from portefeuille.applications.queries import ApplicationView
from portefeuille.bank import queries as bank
from portefeuille.core.errors import NotFound, Refusal
from portefeuille.core.formats import epc_qr
from portefeuille.core.identifiers import dotted
from portefeuille.core.ledger import Figures
from portefeuille.core.lifecycle import STOPPED, State, Verb, allows
from portefeuille.core.money import Money
from portefeuille.history.queries import Past, events_of
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import OF_AN_ENTERPRISE, Actor
from portefeuille.messages import queries as messages
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.queries import WalletView
from portefeuille.web.enterprise.forms import OrderForm
from portefeuille.web.requests import signed_in
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.words import VERB_WORDS


def own(request: HttpRequest, number: int) -> ApplicationView:
    """An application of the actor's own enterprise. Raises NotFound, NotAllowed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = applications.application(number, actor=actor)
    actor.must("apply", enterprise=view.enterprise_number)
    return view


@dataclass(frozen=True, slots=True)
class Moment:
    """A point on the timeline: ``done``, ``now``, ``later`` or ``lost``."""

    words: str
    state: str
    when: date | datetime | None = None
    more: str = ""


@signed_in
@require_safe
def project(request: HttpRequest, number: int) -> HttpResponse:
    """Everything about one application."""
    view = own(request, number)
    if view.state is State.DRAFT:
        return redirect("application_step", number=number, step="wat")
    if not view.project_number:
        raise NotFound(_("Deze aanvraag is weggegooid voor ze ingediend was."))
    wallet = wallets.find(number)
    decided = applications.decisions(number)
    context = {
        "application": view,
        "wallet": wallet,
        "provider": providers.provider(view.provider or 0),
        "decision": decided[-1] if decided else None,
        "people": applications.people_of(number),
        "timeline": timeline(view, wallet),
        "past": past(view),
        "payments": wallets.payments(number),
        "messages": messages.of_application(number),
        "may_order": allows(Verb.ORDER_PAYMENT, view.state)
        and wallet is not None
        and bool(wallet.figures.held),
        "may_cancel": allows(Verb.CANCEL, view.state),
        **_deposit(view, wallet),
    }
    return render(request, "enterprise/project.html", context)


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the history; ``by`` says who did it, and for an act by mandate for whom and from which office."""

    words: str
    at: datetime
    by: str


def past(view: ApplicationView) -> list[Happened]:
    """Everything that happened to an application, in a fixed number of queries."""
    events = events_of("application", view.id)
    people = identity.names_of({one.person_id for one in events if one.person_id})
    offices = identity.offices_of({one.mandate for one in events if one.mandate})
    names = register.names({*offices.values()})

    def by(one: Past) -> str:
        who = people.get(one.person_id or 0, "")
        if one.mandate is None:
            return _("door %(who)s") % {"who": who} if who and one.role in OF_AN_ENTERPRISE else ""
        office = offices.get(one.mandate, "")
        told = {"whom": view.enterprise_name, "who": who, "office": names.get(office, dotted(office))}
        return _("namens %(whom)s, door %(who)s (%(office)s)") % told

    return [Happened(VERB_WORDS.get(one.verb, one.verb), one.at, by(one)) for one in events]


def _deposit(view: ApplicationView, wallet: WalletView | None) -> dict[str, Any]:
    """What to show of the deposit: only while something is still due."""
    if wallet is None or view.state in STOPPED or not wallet.figures.still_due:
        return {}
    account = bank.account()
    text = epc_qr.payload(
        name=account.holder,
        iban=account.iban,
        amount=wallet.figures.still_due,
        reference=wallet.reference,
        bic=account.bic,
    )
    picture = epc_qr.svg(text, title=_("Betaalcode voor je bankapp"))
    return {"account": account, "qr": mark_safe(picture)}  # noqa: S308 - our own drawing


def timeline(view: ApplicationView, wallet: WalletView | None) -> list[Moment]:
    """From submission to the end: what is done, what is next, what may still be lost."""
    moments = [Moment(_("Aangevraagd"), "done", view.submitted_at)]
    if view.state is State.SUBMITTED:
        waits = _("een medewerker bekijkt ze") if view.waiting_for == "office" else _("wacht op budget")
        return [*moments, Moment(_("Beslissing"), "now", more=waits), *_later(from_decision=True)]
    if view.state is State.REFUSED:
        return [*moments, Moment(_("Geweigerd"), "lost", view.decided_at)]
    if wallet is None:
        return [*moments, Moment(_("Geannuleerd"), "lost")]
    moments.append(Moment(_("Goedgekeurd"), "done", view.decided_at))
    figures = wallet.figures
    moments.append(_own_share(view, wallet))
    if view.state in STOPPED:
        words = _("Vervallen") if view.state is State.LAPSED else _("Geannuleerd")
        return [*moments, Moment(words, "lost")]
    return [*moments, *_paying(view, figures)]


def _own_share(view: ApplicationView, wallet: WalletView) -> Moment:
    figures = wallet.figures
    if not figures.still_due:
        return Moment(_("Eigen deel gestort"), "done", more=f"€ {figures.deposited.belgian}")
    if view.state in STOPPED:
        return Moment(_("Eigen deel niet volledig gestort"), "lost", wallet.deposit_until)
    due = _("nog € %(due)s, ten laatste op die dag") % {"due": figures.still_due.belgian}
    return Moment(_("Eigen deel storten"), "now", wallet.deposit_until, due)


def _paying(view: ApplicationView, figures: Figures) -> list[Moment]:
    is_full = not figures.still_due
    ordered = figures.ordered >= figures.total
    paid = figures.paid >= figures.total
    held = f"€ {figures.held.belgian}"
    moments = [
        Moment(_("Betaalopdracht gegeven"), "done")
        if ordered
        else Moment(
            _("Betaalopdracht geven"),
            "now" if is_full else "later",
            more=_("%(held)s klaar") % {"held": held} if figures.held else "",
        ),
        Moment(_("Dienstverlener betaald"), "done" if paid else ("now" if ordered else "later")),
    ]
    if view.vat:
        more = _("€ %(vat)s, rechtstreeks aan je dienstverlener") % {"vat": view.vat.belgian}
        moments.append(Moment(_("Btw zelf betalen"), "now" if paid else "later", more=more))
    moments.append(Moment(_("Afgerond"), "done" if view.state is State.CLOSED else "later"))
    return moments


def _later(*, from_decision: bool) -> list[Moment]:
    words = [_("Eigen deel storten"), _("Betaalopdracht geven"), _("Afgerond")]
    return [Moment(one, "later") for one in words] if from_decision else []


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, number: int) -> HttpResponse:
    """Order payment: all of it is filled in; less asks once more, in euro."""
    view = own(request, number)
    figures = wallets.wallet(number).figures
    form = OrderForm(request.POST if request.method == "POST" else None, initial={"amount": figures.held})
    unpaid: Money | None = None
    if request.method == "POST" and form.is_valid():
        amount: Money = form.cleaned_data["amount"]
        left = figures.held - amount
        sure = request.POST.get("sure") == str(amount)
        if left <= Money.ZERO or sure:
            try:
                return _order(request, number, amount, form.cleaned_data["reference"])
            except Refusal as refused:
                form.refuse(refused)
        elif amount > Money.ZERO:
            unpaid = left
        else:
            form.add_error("amount", _("Vul een bedrag in dat hoger is dan € 0,00."))
    context = {
        "application": view,
        "figures": figures,
        "form": form,
        "unpaid": unpaid,
        "sure": str(form.cleaned_data["amount"]) if unpaid is not None else "",
        "provider": providers.provider(view.provider or 0),
        "may_order": allows(Verb.ORDER_PAYMENT, view.state) and bool(figures.held),
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
    }
    return render(request, "enterprise/pay.html", context)


def _order(request: HttpRequest, number: int, amount: Money, reference: str) -> HttpResponse:
    order_payment(
        actor=request.actor,  # type: ignore[attr-defined]
        application=number,
        amount=amount,
        reference=reference,
        key=request.POST.get("key", ""),
        at=timezone.now(),
    )
    flash(
        request,
        _(
            "Je betaalopdracht van € %(amount)s is gegeven. Je krijgt een mail zodra je dienstverlener betaald is."
        )
        % {"amount": amount.belgian},
    )
    return redirect("project", number=number)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel, after showing what goes back to whom."""
    view = own(request, number)
    if request.method == "POST":
        cancel(actor=request.actor, application=number, at=timezone.now())  # type: ignore[attr-defined]
        flash(request, _("Je aanvraag is geannuleerd."), tone="info")
        return redirect("dashboard") if view.state is State.DRAFT else redirect("project", number=number)
    wallet = wallets.find(number)
    return render(
        request,
        "enterprise/cancel.html",
        {"application": view, "wallet": wallet, "may_cancel": allows(Verb.CANCEL, view.state)},
    )
