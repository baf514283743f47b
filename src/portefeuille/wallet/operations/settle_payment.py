"""What the bank says of payments: paid, or come back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from portefeuille.core.ledger import Transfer
from portefeuille.wallet import queries
from portefeuille.wallet.models import Payment, PaymentKind
from portefeuille.wallet.posting import Line
from portefeuille.wallet.queries import PaymentView

# Anybody may write anything in the id of a transfer to us: a number that no id of ours has must not reach the database.
_OURS = re.compile(r"(?:[A-Z0-9-]+-)?KMOP([0-9]{12,18})")


def by_end_to_end_id(ids: Iterable[str]) -> dict[str, PaymentView]:
    """Our payments, by their end-to-end id; what has not the form of one of ours, or is none, is left out."""
    matches = (_OURS.fullmatch(text) for text in ids)
    found = queries.payments_by_id(int(match[1]) for match in matches if match is not None)
    return {payment.end_to_end_id: payment for payment in found.values()}


def paid_line(payment: PaymentView, source: int) -> Line:
    """The transfer for a confirmed payment."""
    if payment.kind == PaymentKind.PROVIDER:
        return Line(payment.wallet, source, Transfer.PAID, payment.amount)
    return Line(0, source, Transfer.REFUND_PAID, payment.amount)


def bounced_lines(payment: PaymentView, source: int) -> tuple[list[Line], str]:
    """The transfers for a payment that came back, and why a person must look at it (empty when nobody has to).

    A payment to a provider goes back into its wallet, in the parts that it was made of; from a wallet that has since
    stopped it leaves again at once (``stop_wallet``). A refund waits in suspense for somebody who finds the right
    account.
    """
    if payment.kind != PaymentKind.PROVIDER:
        return [Line(0, source, Transfer.REFUND_BOUNCED, payment.amount)], "bounced_refund"
    own = Line(payment.wallet, source, Transfer.BOUNCED_OWN, payment.own)
    subsidy = Line(payment.wallet, source, Transfer.BOUNCED_SUBSIDY, payment.subsidy)
    return [own, subsidy], ""


def mark(settled: Iterable[tuple[int, date]], *, state: str) -> None:
    """Set the state of payments, with the bank's entry date."""
    days: dict[date, list[int]] = defaultdict(list)
    for payment, day in settled:
        days[day].append(payment)
    for day, payments in days.items():  # a statement is of one day, or of a few
        Payment.objects.filter(pk__in=payments).update(state=state, settled_on=day)
