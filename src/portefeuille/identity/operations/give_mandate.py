"""Let the people of an accountant's office act for an enterprise."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portefeuille.core.errors import Invalid, WrongState
from portefeuille.history.operations import record
from portefeuille.identity import letters
from portefeuille.identity.models import Mandate
from portefeuille.identity.operations.locking import lock_people, must_still_be_administrator
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.register import queries as register


@transaction.atomic
def give_mandate(*, actor: Actor, enterprise: str, office: str, at: datetime) -> int:
    """Mandate the office with this enterprise number; the mandate's id.

    Raises NotAllowed, NotFound (not in the register), Invalid with the field, WrongState when it runs already.
    """
    lock_people(enterprise=enterprise)
    actor.must("give_mandate", enterprise=enterprise)
    must_still_be_administrator(actor)
    known = register.enterprise(office)
    if known.number == enterprise:
        raise Invalid("Dit is je eigen onderneming. Vul het nummer van je boekhouder in.", field="office")
    if not known.is_active:
        raise Invalid(f"{known.name} is gestopt en kan niet voor je optreden.", field="office")
    if Mandate.objects.filter(
        enterprise_number=enterprise, office_number=known.number, ended_at=None
    ).exists():
        raise WrongState(f"{known.name} heeft al een mandaat van jou.")
    row = Mandate.objects.create(
        enterprise_number=enterprise,
        office_number=known.number,
        given_at=at,
        given_by=actor.person_id or 0,
    )
    record(
        actor=actor,
        verb="give_mandate",
        subject="mandate",
        subject_id=row.pk,
        enterprise=enterprise,
        at=at,
        facts={"office": known.number},
    )
    client = letters.name_of_firm(enterprise=enterprise)
    subject = f"{known.name} heeft een mandaat van {client}"
    messages.write(
        [
            *letters.to_administrators(
                kind="mandate_given",
                once=str(row.pk),
                subject=subject,
                text=f"{letters.by_whom(actor)} gaf {known.name} ({known.dotted_number}) een mandaat: wie daar werkt, "
                f"mag optreden voor {client}. Je beëindigt het op de pagina “Mensen”.",
                enterprise=enterprise,
            ),
            *letters.to_administrators(
                kind="mandate_received",
                once=str(row.pk),
                subject=subject,
                text=f"{client} gaf jullie kantoor een mandaat. Je vindt deze klant op de pagina “Mijn klanten”.",
                enterprise=known.number,
            ),
        ],
        at=at,
    )
    return row.pk
