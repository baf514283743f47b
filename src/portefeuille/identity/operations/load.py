"""Finding a capacity or a mandate to change, under the lock of the people that it is about.

Whoever decides about people takes that lock first, so the row itself needs none.
"""

from __future__ import annotations

from portefeuille.core.errors import NotFound
from portefeuille.identity.models import Capacity, Mandate
from portefeuille.identity.operations.locking import lock_people
from portefeuille.identity.roles import OF_A_PROVIDER, OF_AN_ENTERPRISE


def lock_capacity(number: int) -> Capacity:
    """A capacity for an enterprise or a provider, locked with all others for it. Raises NotFound."""
    found = Capacity.objects.filter(pk=number, role__in=OF_AN_ENTERPRISE | OF_A_PROVIDER).first()
    if found is None:
        raise NotFound("Deze persoon treedt niet (meer) op. Laad de pagina opnieuw.")
    lock_people(enterprise=found.enterprise_number, provider=found.provider_id)
    return Capacity.objects.select_related("person").get(pk=number)


def lock_mandate(number: int) -> Mandate:
    """A mandate, locked with the people of both sides: either may end it. Raises NotFound."""
    found = Mandate.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("Dit mandaat bestaat niet.")
    for side in sorted(
        (found.enterprise_number, found.office_number)
    ):  # in one order, so that no two wait in a ring
        lock_people(enterprise=side)
    return Mandate.objects.get(pk=number)
