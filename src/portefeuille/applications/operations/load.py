"""Loading an application with the locks that every change of it starts with.

Everywhere the wallet's row is locked before the application's: a bank statement has to lock wallets first (it knows
only references), so an operation that did it the other way round could block it and be blocked by it.
"""

from __future__ import annotations

from portefeuille.applications.models import Application
from portefeuille.core.errors import NotFound
from portefeuille.wallet.models import Wallet
from portefeuille.wallet.operations import order_payment as wallets


def lock(application: int) -> Application:
    """The application, locked until the end of the transaction. Raises NotFound."""
    row = Application.objects.select_for_update(no_key=True).filter(pk=application).first()
    if row is None:
        raise NotFound("Deze aanvraag bestaat niet.")
    return row


def lock_with_wallet(application: int) -> tuple[Application, Wallet | None]:
    """The application and, once it was approved, its wallet; both locked. Raises NotFound."""
    wallet = wallets.lock(application)
    return lock(application), wallet
