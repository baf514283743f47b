"""Payment files: everything that waits to be paid, in one file for the bank."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction

from portefeuille.bank import queries
from portefeuille.bank.models import BankAccount, PaymentRun
from portefeuille.core.calendar import after_working_days, is_working_day, legal_day
from portefeuille.core.errors import BankCannotCarry, Invalid, NotAllowed, NotFound, WrongState
from portefeuille.core.formats import pain001
from portefeuille.core.money import Money
from portefeuille.history.operations import record
from portefeuille.identity.roles import Actor
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.operations.put_in_run import put_in_run


@transaction.atomic
def make_run(*, actor: Actor, at: datetime) -> int:
    """Put all waiting payments in one run and return its id.

    Raises NotAllowed, Invalid (nothing waits), BankCannotCarry (the account holds less than the bank would have to
    pay, counting what earlier files asked for and the bank has not confirmed).
    """
    actor.must("pay")
    account = BankAccount.objects.select_for_update().order_by("id").first()
    waiting = wallets.waiting_payments()
    if account is None or not waiting:
        raise Invalid("Er zijn geen betalingen die wachten. Er is dus niets om in een bestand te zetten.")
    total = Money(sum(payment.amount.cents for payment in waiting))
    free = Money(account.balance_cents) - wallets.in_transit()
    if free < total:
        raise BankCannotCarry(
            f"De rekening kan deze betalingen niet dragen: samen € {total.belgian}, terwijl er nog € {free.belgian} "
            "vrij is. Laad eerst het laatste uittreksel in, of vraag de overheid om geld bij te storten."
        )
    run = PaymentRun.objects.create(
        account=account,
        made_at=at,
        made_by=actor.person_id,
        execute_on=_next_working_day(at),
        payment_count=len(waiting),
        total_cents=total.cents,
    )
    put_in_run([payment.id for payment in waiting], run=run.pk)
    run.digest = hashlib.sha256(_write(run)).hexdigest()
    run.save(update_fields=["digest"])
    record(
        actor=actor,
        verb="make_run",
        subject="payment_run",
        subject_id=run.pk,
        at=at,
        facts={"payments": len(waiting), "total": str(total), "digest": run.digest},
    )
    return run.pk


@transaction.atomic
def release(*, actor: Actor, run: int, at: datetime) -> None:
    """A second person looked at a run and lets it go to the bank; again it changes nothing.

    Raises NotAllowed for whoever made it, NotFound.
    """
    actor.must("pay")
    row = PaymentRun.objects.select_for_update().filter(pk=run).first()
    if row is None:
        raise NotFound("Dit betaalbestand bestaat niet.")
    if actor.person_id is None or row.made_by in (None, actor.person_id):
        raise NotAllowed("Jij maakte dit betaalbestand. Iemand anders moet het nakijken en vrijgeven.")
    if row.released_at is not None:
        return
    row.released_at, row.released_by = at, actor.person_id
    row.save(update_fields=["released_at", "released_by"])
    record(actor=actor, verb="release", subject="payment_run", subject_id=run, at=at)


@transaction.atomic
def hand_over(*, actor: Actor, run: int, at: datetime) -> bytes:
    """The file of a run, the same bytes each time; the first time it is noted as handed over.

    Raises NotAllowed, NotFound, WrongState before a second person released it. RuntimeError when the bytes differ from
    the first time: then nothing is handed out.
    """
    actor.must("pay")
    queries.run(run)
    row = PaymentRun.objects.select_for_update().select_related("account").get(pk=run)
    if row.released_at is None:
        raise WrongState("Iemand anders moet dit betaalbestand eerst nakijken en vrijgeven.")
    content = _write(row)
    if hashlib.sha256(content).hexdigest() != row.digest:
        raise RuntimeError(f"payment run {run} no longer makes the file that it made first")
    if row.handed_over_at is None:
        row.handed_over_at = at
        row.save(update_fields=["handed_over_at"])
        record(actor=actor, verb="hand_over", subject="payment_run", subject_id=run, at=at)
    return content


def _next_working_day(at: datetime) -> date:
    today = legal_day(at)
    return today if is_working_day(today) else after_working_days(today, 1)


def _write(run: PaymentRun) -> bytes:
    payments = wallets.payments_of_run(run.pk)
    return pain001.write(
        pain001.PaymentFile(
            message_id=run.message_id,
            created_at=run.made_at,
            execute_on=run.execute_on,
            debtor_name=run.account.holder,
            debtor_iban=run.account.iban,
            debtor_bic=run.account.bic,
            debtor_number=run.account.enterprise_number,
            payments=tuple(
                pain001.Payment(
                    end_to_end_id=payment.end_to_end_id,
                    amount=payment.amount,
                    creditor_name=payment.creditor_name,
                    creditor_iban=payment.creditor_iban,
                    reference=payment.reference,
                    remittance=payment.remittance,
                )
                for payment in payments
            ),
        )
    )
