"""The nightly round: let lapse what was not fully deposited in time."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from portefeuille.applications.models import Application
from portefeuille.applications.operations.stop import lapse
from portefeuille.bank import queries as bank
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import NotFound, Refusal
from portefeuille.core.lifecycle import TABLE, Verb
from portefeuille.identity.roles import Actor
from portefeuille.wallet import queries as wallets

log = logging.getLogger(__name__)


def lapse_overdue(*, at: datetime) -> list[int]:
    """Let each overdue application lapse, each in a transaction of its own; returns their ids.

    An application only lapses once a bank statement that closes after its last day was booked: a deposit that the
    bank took in time must not be lost because its statement came late.
    """
    try:
        covered = bank.account().covered_until
    except NotFound:  # an installation whose account is not entered yet has nothing that could lapse
        return []
    if covered is None:
        return []
    last_day = min(covered, legal_day(at)) - timedelta(days=1)
    overdue = wallets.unfilled_until(last_day)
    may_lapse = Application.objects.filter(pk__in=overdue, state__in=TABLE[Verb.LAPSE].starts).values_list(
        "pk", flat=True
    )
    lapsed = []
    for application in may_lapse.order_by("pk"):
        try:
            lapse(actor=Actor.system(), application=application, at=at)
        except Refusal as refused:  # somebody else changed it meanwhile; the others must not wait for it
            log.info("application %s did not lapse: %s", application, type(refused).__name__)
        else:
            lapsed.append(application)
    return lapsed
