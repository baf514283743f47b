"""Stopping an application: the enterprise cancels it, or its term for depositing ran out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from portefeuille.applications import letters
from portefeuille.applications.lifecycle import must
from portefeuille.applications.models import Application, CeilingUse
from portefeuille.applications.operations.load import lock_with_wallet
from portefeuille.budget.operations.reserve import release
from portefeuille.cases.kinds import Kind
from portefeuille.cases.operations import close_case
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import WrongState
from portefeuille.core.lifecycle import STOPPED, State, Verb
from portefeuille.core.money import Money
from portefeuille.core.rules import load_scheme
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.wallet.models import Wallet
from portefeuille.wallet.operations.stop_wallet import Stopped, stop_wallet


@transaction.atomic
def cancel(*, actor: Actor, application: int, at: datetime, reason: str = "") -> Stopped:
    """Cancel; own share to the enterprise's account, top-up to the government's funds, reservation to the budget.

    Raises NotAllowed, WrongState (also while a payment is on its way to the bank).
    """
    row, wallet = lock_with_wallet(application)
    actor.must("cancel", enterprise=row.enterprise_number)
    must(Verb.CANCEL, row)
    return _stop(row, wallet, State.CANCELLED, actor=actor, at=at, reason=reason)


@transaction.atomic
def lapse(*, actor: Actor, application: int, at: datetime) -> Stopped:
    """Let an application lapse whose own share was not in by its last day, and send its money back likewise.

    Raises WrongState when its term still runs. That the bank's statements cover the last day is the caller's to know.
    """
    row, wallet = lock_with_wallet(application)
    actor.must("lapse")
    must(Verb.LAPSE, row)
    assert wallet is not None, "the table lets nothing lapse before the approval"
    if legal_day(at) <= wallet.deposit_until:
        raise WrongState(f"De termijn om te storten loopt nog tot {wallet.deposit_until:%d/%m/%Y}.")
    due = f"Op {wallet.deposit_until:%d/%m/%Y} was er nog € {wallet.figures.still_due.belgian} te storten."
    return _stop(row, wallet, State.LAPSED, actor=actor, at=at, reason=due)


@transaction.atomic
def send_back(*, actor: Actor, application: int, payment: int, at: datetime) -> Stopped:
    """Send on, as when it stopped, what came back (with ``payment``) into the wallet of an application that stopped.

    Raises WrongState when it did not stop.
    """
    row, wallet = lock_with_wallet(application)
    if State(row.state) not in STOPPED or wallet is None:
        raise WrongState("Deze aanvraag loopt nog: wat terugkwam, blijft in de portefeuille.")
    stopped = _empty(row, wallet, actor, at)
    _tell(row, "send_back", stopped, actor=actor, at=at)
    letter = letters.sent_back(
        letters.Desk.for_applications([row]),
        row,
        payment=payment,
        refund=stopped.refund,
        returned=stopped.returned,
    )
    messages.write([letter], at=at)
    release(scheme=row.scheme, year=row.ceiling_year or 0, subsidy=stopped.released)
    return stopped


def _stop(
    row: Application, wallet: Wallet | None, state: State, *, actor: Actor, at: datetime, reason: str
) -> Stopped:
    row.state = state
    row.save(update_fields=["state"])
    close_case(kind=Kind.APPLICATION, subject_id=row.pk, actor=actor, outcome="withdrawn", at=at)
    stopped = (
        Stopped(Money.ZERO, Money.ZERO, Money.ZERO) if wallet is None else _empty(row, wallet, actor, at)
    )
    verb = "lapse" if state is State.LAPSED else "cancel"
    _tell(row, verb, stopped, actor=actor, at=at, reason=reason)
    if row.project_number:
        letter = letters.stopped(
            letters.Desk.for_applications([row]),
            row,
            refund=stopped.refund,
            returned=stopped.returned,
            lapsed=state is State.LAPSED,
        )
        messages.write([letter], at=at)
    if wallet is not None:
        release(scheme=row.scheme, year=row.ceiling_year or 0, subsidy=stopped.released)
    return stopped


def _tell(
    row: Application, verb: str, stopped: Stopped, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    record(
        actor=actor,
        verb=verb,
        subject="application",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        reason=reason,
        facts={"refund": str(stopped.refund), "returned": str(stopped.returned)},
    )


def _empty(row: Application, wallet: Wallet, actor: Actor, at: datetime) -> Stopped:
    stopped = stop_wallet(
        wallet=wallet,
        project_number=row.project_number or "",
        creditor_name=row.enterprise_name,
        creditor_iban=identity.profile(row.enterprise_number).iban,
        remittance=f"{row.project_number} terugbetaling eigen deel",
        ordered_by=actor.person_id,
        at=at,
    )
    if _gives_room_back(row, at):
        row.counted_cents -= stopped.released.cents
        row.save(update_fields=["counted_cents"])
        CeilingUse.objects.filter(
            enterprise_number=row.enterprise_number, scheme=row.scheme, year=row.ceiling_year
        ).update(granted_cents=F("granted_cents") - stopped.released.cents)
    return stopped


def _gives_room_back(row: Application, at: datetime) -> bool:
    """Whether stopping now gives the enterprise its room in the year's ceiling back: the regime says so."""
    assert row.submitted_at is not None, "an approved application was submitted"
    rule = load_scheme(row.scheme).on(legal_day(row.submitted_at)).parameter("cancel_restores_ceiling").value
    return rule == "always" or (rule == "same_year" and legal_day(at).year == row.ceiling_year)
