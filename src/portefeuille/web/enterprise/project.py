"""One project: where it stands, what to do next, and every step that can be taken from here."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from portefeuille.applications import queries as applications
from portefeuille.applications.operations.order_payment import order_payment
from portefeuille.applications.operations.stop import cancel
from portefeuille.applications.queries import ApplicationView, DecisionView
from portefeuille.bank import queries as bank
from portefeuille.core import rules
from portefeuille.core.errors import NotFound, Refusal
from portefeuille.core.formats import epc_qr, ogm
from portefeuille.core.identifiers import grouped_iban
from portefeuille.core.ledger import Figures
from portefeuille.core.lifecycle import STOPPED, State, Verb, allows
from portefeuille.core.money import Money
from portefeuille.history.queries import events_of
from portefeuille.identity.roles import Actor
from portefeuille.messages import queries as messages
from portefeuille.providers import queries as providers
from portefeuille.providers.queries import ProviderFacts
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.queries import PaymentView, WalletView
from portefeuille.web import unsent
from portefeuille.web.contents import room_note, sections_of
from portefeuille.web.enterprise.forms import OrderForm
from portefeuille.web.looks import look
from portefeuille.web.past import lines_of
from portefeuille.web.permission import page
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.parts import Moment, TransferLine
from portefeuille.web.ui.tags import euro


def own(request: HttpRequest, number: int) -> ApplicationView:
    """An application of the actor's own enterprise. Raises NotFound, NotAllowed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = applications.application(number, actor=actor)
    actor.must("apply", enterprise=view.enterprise_number)
    return view


def leave_a_trace(request: HttpRequest, view: ApplicationView) -> None:
    """An accountant opened a page of this application: its enterprise can see so."""
    if request.method != "POST":
        look(request, "application", view.id, view.enterprise_number)


@page(look="apply")
def project(request: HttpRequest, number: int) -> HttpResponse:
    """Everything about one application."""
    view = own(request, number)
    if view.state is State.DRAFT:
        return redirect("application_step", number=number, step="wat")
    if not view.project_number:
        raise NotFound(_("Deze aanvraag is weggegooid voor ze ingediend was."))
    leave_a_trace(request, view)
    wallet = wallets.find(number)
    decided = applications.decisions(number)
    provider = providers.provider(view.provider or 0)
    payments = wallets.payments(number)
    events = events_of("application", number)
    context = {
        "application": view,
        "wallet": wallet,
        "provider": provider,
        "decision": decided[-1] if decided else None,
        "room_note": room_note(decided[-1].decision) if wallet is not None and decided else "",
        "open_rules": _open_rules(decided[-1]) if decided and view.state is State.SUBMITTED else [],
        "sections": sections_of(view, people=applications.people_of(number), provider=provider),
        "timeline": timeline(view, wallet, stopped_at=events[-1].at if view.state in STOPPED else None),
        "past": lines_of(events, whose=view.enterprise_name),
        "messages": [
            (one.subject.removesuffix(f" ({view.project_number})"), one)
            for one in messages.to_enterprise(number)
        ],
        "unpaid": _unpaid(wallet),
        "vat_transfer": _vat_transfer(view, provider, payments),
        "may_order": allows(Verb.ORDER_PAYMENT, view.state)
        and wallet is not None
        and bool(wallet.figures.held),
        "may_cancel": allows(Verb.CANCEL, view.state),
        **_deposit(view, wallet),
    }
    return render(request, "enterprise/project.html", context)


def _open_rules(decided: DecisionView) -> list[rules.RuleVerdict]:
    """What a person has to look at before anything can be decided."""
    return [rule for rule in decided.decision.rules if rule.verdict is rules.Verdict.UNKNOWN]


def _unpaid(wallet: WalletView | None) -> Money:
    """What the provider has not got yet of the amount excluding VAT."""
    return wallet.figures.total - wallet.figures.paid if wallet is not None else Money.ZERO


def _deposit(view: ApplicationView, wallet: WalletView | None) -> dict[str, Any]:
    """What to show of the deposit: only while something is still due."""
    if wallet is None or view.state in STOPPED or not wallet.figures.still_due:
        return {}
    account = bank.account()
    due = wallet.figures.still_due
    text = epc_qr.payload(
        name=account.holder,
        iban=account.iban,
        amount=due,
        reference=wallet.reference,
        bic=account.bic,
    )
    picture = epc_qr.svg(text, title=_("Betaalcode voor je bankapp"))
    reference = ogm.pretty(wallet.reference)
    lines = [
        TransferLine(_("Bedrag"), euro(due), due.belgian, _("het bedrag")),
        TransferLine(_("Rekening"), grouped_iban(account.iban), account.iban, _("de rekening")),
        TransferLine(_("Op naam van"), account.holder, account.holder, _("de naam")),
        TransferLine(_("Mededeling"), reference, reference, _("de mededeling"), is_reference=True),
    ]
    return {"deposit": lines, "qr": mark_safe(picture)}  # noqa: S308 - our own drawing


def _vat_transfer(
    view: ApplicationView, provider: ProviderFacts, payments: list[PaymentView]
) -> list[TransferLine]:
    """How to pay the VAT: with the invoice's own communication when a payment order told it."""
    told = next((one.reference for one in payments if one.reference), "")
    if told:
        reference = TransferLine(_("Mededeling"), ogm.pretty(told), ogm.pretty(told), _("de mededeling"))
    else:
        words = _("die van je factuur, of anders %(number)s") % {"number": view.project_number}
        reference = TransferLine(_("Mededeling"), words, view.project_number, _("het projectnummer"))
    return [
        TransferLine(_("Bedrag"), euro(view.vat), view.vat.belgian, _("het bedrag")),
        TransferLine(_("Rekening"), grouped_iban(provider.iban), provider.iban, _("de rekening")),
        TransferLine(_("Op naam van"), provider.legal_name, provider.legal_name, _("de naam")),
        reference,
    ]


def timeline(
    view: ApplicationView, wallet: WalletView | None, *, stopped_at: datetime | None = None
) -> list[Moment]:
    """From submission to the end: what is done, what is next, what may still be lost."""
    moments = [Moment(_("Aangevraagd"), "done", view.submitted_at)]
    if view.state is State.SUBMITTED:
        waits = _("een medewerker bekijkt ze") if view.waiting_for == "office" else _("wacht op budget")
        return [*moments, Moment(_("Beslissing"), "now", more=waits), *_later()]
    if view.state is State.REFUSED:
        return [*moments, Moment(_("Geweigerd"), "lost", view.decided_at)]
    if wallet is None:
        return [*moments, Moment(_("Geannuleerd"), "lost", stopped_at)]
    moments += [Moment(_("Goedgekeurd"), "done", view.decided_at), *_own_share(view, wallet)]
    if view.state in STOPPED:
        words = _("Vervallen") if view.state is State.LAPSED else _("Geannuleerd")
        return [*moments, Moment(words, "lost", stopped_at, _given_back(wallet.figures))]
    return [*moments, *_paying(view, wallet.figures)]


def _own_share(view: ApplicationView, wallet: WalletView) -> list[Moment]:
    figures = wallet.figures
    if not figures.still_due:
        return [Moment(_("Eigen deel gestort"), "done", more=euro(figures.deposited))]
    if view.state is State.LAPSED:
        more = _("%(in)s van %(all)s was er") % {
            "in": euro(figures.deposited),
            "all": euro(figures.own_share),
        }
        return [Moment(_("Eigen deel niet op tijd gestort"), "lost", wallet.deposit_until, more)]
    if view.state is State.CANCELLED:  # its term had not ended: nothing was too late
        return [Moment(_("Deel gestort"), "done", more=euro(figures.deposited))] if figures.deposited else []
    due = _("nog %(due)s, ten laatste op die dag") % {"due": euro(figures.still_due)}
    return [Moment(_("Eigen deel storten"), "now", wallet.deposit_until, due)]


def _given_back(figures: Figures) -> str:
    return _("%(refund)s terug naar jou") % {"refund": euro(figures.refunded)} if figures.refunded else ""


def _paying(view: ApplicationView, figures: Figures) -> list[Moment]:
    ordered, paid = figures.ordered >= figures.total, figures.paid >= figures.total
    moments = [_ordering(figures), _arriving(figures, is_next=ordered)]
    if view.vat:
        more = _("%(vat)s, rechtstreeks aan je dienstverlener") % {"vat": euro(view.vat)}
        is_over = view.state is State.CLOSED
        moments.append(Moment(_("Btw zelf betalen"), "now" if paid and not is_over else "later", more=more))
    moments.append(Moment(_("Afgerond"), "done" if view.state is State.CLOSED else "later"))
    return moments


def _ordering(figures: Figures) -> Moment:
    if figures.ordered >= figures.total:
        return Moment(_("Betaalopdracht gegeven"), "done", more=euro(figures.ordered))
    ready = _("%(held)s klaar") % {"held": euro(figures.held)} if figures.held else ""
    return Moment(_("Betaalopdracht geven"), "later" if figures.still_due else "now", more=ready)


def _arriving(figures: Figures, *, is_next: bool) -> Moment:
    if figures.paid >= figures.total:
        return Moment(_("Dienstverlener betaald"), "done", more=euro(figures.paid))
    part = {"paid": euro(figures.paid), "total": euro(figures.total)}
    more = _("%(paid)s van %(total)s") % part if figures.paid else ""
    return Moment(_("Dienstverlener betaald"), "now" if is_next else "later", more=more)


def _later() -> list[Moment]:
    words = [_("Eigen deel storten"), _("Betaalopdracht geven"), _("Afgerond")]
    return [Moment(one, "later") for one in words]


@page(look="order_payment", act="order_payment")
@unsent.shows_unsent
def pay(request: HttpRequest, number: int) -> HttpResponse:
    """Order payment: all of it is filled in; less asks once more, in euro.

    Who did not prove just now who they are does so first, before the form and, when that proof grew old while the
    form stood open, after it: then they find the form as they left it.
    """
    view = own(request, number)
    figures = wallets.wallet(number).figures
    leave_a_trace(request, view)
    sent = request.POST if request.method == "POST" else unsent.take(request)
    form = OrderForm(sent, initial={"amount": figures.held})
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
        else:
            unpaid = left
    context = {
        "application": view,
        "figures": figures,
        "form": form,
        "unpaid": unpaid,
        "sure": str(form.cleaned_data["amount"]) if unpaid is not None else "",
        "provider": providers.provider(view.provider or 0),
        "may_order": allows(Verb.ORDER_PAYMENT, view.state) and bool(figures.held),
        "key": (sent or {}).get("key") or secrets.token_urlsafe(16),
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
            "Je betaalopdracht van %(amount)s is gegeven. Je krijgt een mail zodra je dienstverlener betaald is."
        )
        % {"amount": euro(amount)},
    )
    return redirect("project", number=number)


@page(look="apply", act="cancel")
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel, after showing what goes back to whom."""
    view = own(request, number)
    if request.method == "POST":
        cancel(actor=request.actor, application=number, at=timezone.now())  # type: ignore[attr-defined]
        is_draft = view.state is State.DRAFT
        words = _("Je aanvraag is weggegooid.") if is_draft else _("Je aanvraag is geannuleerd.")
        flash(request, words, tone="info")
        return redirect("dashboard") if is_draft else redirect("project", number=number)
    leave_a_trace(request, view)
    wallet = wallets.find(number)
    return render(
        request,
        "enterprise/cancel.html",
        {"application": view, "wallet": wallet, "may_cancel": allows(Verb.CANCEL, view.state)},
    )
