"""The enterprise orders payment of (part of) the amount excluding VAT to the provider."""

from __future__ import annotations

from datetime import datetime

from portefeuille.applications.lifecycle import must
from portefeuille.applications.operations.load import lock_with_wallet
from portefeuille.core.errors import Invalid
from portefeuille.core.formats import ogm
from portefeuille.core.lifecycle import Verb
from portefeuille.core.money import Money
from portefeuille.history.operations import once, record
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers
from portefeuille.wallet.operations import order_payment as wallet


def order_payment(
    *, actor: Actor, application: int, amount: Money, key: str, at: datetime, reference: str = ""
) -> int:
    """Order the payment and return its id. ``reference`` is the provider's own structured communication, if any.

    Raises NotAllowed, WrongState, MoreThanAvailable, Invalid. Source: guide 3.6; dossier 4.
    """
    body = {"application": application, "amount": amount.cents, "reference": reference}
    return once(
        key=key,
        actor=actor,
        verb="order_payment",
        body=body,
        at=at,
        act=lambda: _order(actor, application, amount, reference, at),
    )


def _order(actor: Actor, application: int, amount: Money, reference: str, at: datetime) -> int:
    row, purse = lock_with_wallet(application)
    actor.must("order_payment", enterprise=row.enterprise_number, at=at)
    must(Verb.ORDER_PAYMENT, row)
    assert purse is not None, "the table lets nobody pay before the approval"
    provider = providers.provider(row.provider_id or 0)
    payment = wallet.order(
        wallet=purse,
        amount=amount,
        project_number=row.project_number or "",
        creditor_name=provider.legal_name,
        creditor_iban=provider.iban,
        reference=_structured(reference),
        remittance=f"{row.project_number} {row.enterprise_name}"[:140],
        ordered_by=actor.person_id,
        at=at,
    )
    record(
        actor=actor,
        verb="order_payment",
        subject="application",
        subject_id=application,
        enterprise=row.enterprise_number,
        at=at,
        facts={"payment": payment.id, "amount": str(amount)},
    )
    return payment.id


def _structured(reference: str) -> str:
    """The twelve digits of a Belgian structured communication, from any notation; empty stays empty."""
    if not reference.strip():
        return ""
    found = ogm.find(reference)
    if not found:
        raise Invalid(
            "Deze gestructureerde mededeling klopt niet. Neem ze precies over van de factuur, "
            "of laat het veld leeg: dan zetten we je projectnummer bij de betaling.",
            field="reference",
        )
    return found[0]
