"""Finding a capacity or a mandate to change, under the lock of the people that it is about."""

from __future__ import annotations

from portefeuille.core.errors import NotFound
from portefeuille.identity.models import Capacity
from portefeuille.identity.operations.locking import lock_people
from portefeuille.identity.roles import OF_A_PROVIDER, OF_AN_ENTERPRISE


def lock_capacity(number: int) -> Capacity:
    """A capacity for an enterprise or a provider, locked with all others for it. Raises NotFound."""
    found = Capacity.objects.filter(pk=number, role__in=OF_AN_ENTERPRISE | OF_A_PROVIDER).first()
    if found is None:
        raise NotFound("Deze persoon treedt niet (meer) op. Laad de pagina opnieuw.")
    lock_people(enterprise=found.enterprise_number, provider=found.provider_id)
    return Capacity.objects.select_related("person").get(pk=number)
