"""Payments go into a payment file."""

from __future__ import annotations

from collections.abc import Sequence

from portefeuille.core.errors import WrongState
from portefeuille.wallet.models import Payment


def put_in_run(payments: Sequence[int], *, run: int) -> None:
    """Mark payments as part of a run. Raises WrongState when one of them was put in a run meanwhile."""
    changed = Payment.objects.filter(pk__in=payments, state="ordered").update(state="in_run", run_id=run)
    if changed != len(payments):
        raise WrongState("Een van deze betalingen zit al in een ander bestand. Laad de pagina opnieuw.")
