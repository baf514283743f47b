"""Find the person behind a proof of identity, or add them at their first one."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction

from portefeuille.core.errors import NotAllowed
from portefeuille.identity.models import Person


@transaction.atomic
def recognise(*, name: str, national_number_hash: str | None = None, vo_id: str | None = None) -> Person:
    """The person with this id of the Flemish access management, else with this national number, else a new one.

    What the proof says and we did not know yet is added. Raises NotAllowed when the two name different people:
    nobody is believed then, and somebody of ours has to look.
    """
    assert national_number_hash or vo_id, "a proof names somebody"
    by_vo = Person.objects.select_for_update().filter(vo_id=vo_id).first() if vo_id else None
    by_number = _numbered(national_number_hash)
    if by_vo and by_number and by_vo.pk != by_number.pk:
        raise NotAllowed(_CONFLICT)
    found = by_vo or by_number
    if found is None:
        return _add(name, national_number_hash, vo_id)
    if _differs(found.vo_id, vo_id) or _differs(found.national_number_hash, national_number_hash):
        raise NotAllowed(_CONFLICT)
    found.vo_id = found.vo_id or vo_id
    found.national_number_hash = found.national_number_hash or national_number_hash
    found.name = name or found.name
    found.save(update_fields=["vo_id", "national_number_hash", "name"])
    return found


_CONFLICT = (
    "Wat we over je weten, klopt niet met wat je sleutel zegt. Je bent daarom niet aangemeld. "
    "Bel gratis naar 1700: zij kijken het na."
)


def _numbered(national_number_hash: str | None) -> Person | None:
    if not national_number_hash:
        return None
    return Person.objects.select_for_update().filter(national_number_hash=national_number_hash).first()


def _differs(known: str | None, told: str | None) -> bool:
    return bool(known) and bool(told) and known != told


def _add(name: str, national_number_hash: str | None, vo_id: str | None) -> Person:
    try:
        with transaction.atomic():
            return Person.objects.create(
                handle=f"p-{secrets.token_hex(8)}",
                name=name,
                national_number_hash=national_number_hash,
                vo_id=vo_id,
            )
    except IntegrityError:  # a twin of this request was first
        known = {"national_number_hash": national_number_hash} if national_number_hash else {"vo_id": vo_id}
        return Person.objects.get(**known)
