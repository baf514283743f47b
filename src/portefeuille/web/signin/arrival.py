"""What happens once a means of sign-in has said who somebody is: in, or on with what they were doing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portefeuille.core.errors import NotAllowed
from portefeuille.identity import queries as identity
from portefeuille.identity.models import Person
from portefeuille.identity.roles import Assurance
from portefeuille.web import unsent
from portefeuille.web.public.capacities import act_as
from portefeuille.web.requests import CONFIRM, REGISTER, SWITCH
from portefeuille.web.session import believe_rights, enter, prove, told_of
from portefeuille.web.signin.heading import forget_heading, heading_of
from portefeuille.web.ui.flash import flash


def arrive(
    request: HttpRequest,
    person: Person,
    *,
    assurance: Assurance,
    at: datetime,
    enterprise: str = "",
    provider: int | None = None,
    told: Iterable[int] = (),
) -> HttpResponse:
    """Somebody proved who they are, and perhaps chose for which enterprise or provider they come.

    ``told`` are the capacities of which the proof itself told.

    Raises NotAllowed when a confirmation came from another person than the one who is signed in.
    """
    heading = heading_of(request)
    if not heading.is_again:
        enter(request, person, assurance=assurance, at=at)
        believe_rights(request, told)
        held = identity.capacities_of(person.pk, told=told_of(request))
        chosen = [one for one in held if _is_for(one, enterprise, provider)]
        return redirect(_onward(request, person.pk, chosen if len(chosen) == 1 else held, heading.to))
    if request.user.pk != person.pk:
        raise NotAllowed(
            _(
                "Je bevestigde met de gegevens van iemand anders dan wie aangemeld is. "
                "Meld je eerst af als je iemand anders bent."
            )
        )
    if (
        assurance < heading.level
    ):  # nothing of the session changes: what was proved is less than what was asked
        flash(
            request,
            _("Zo zijn we nog niet zeker genoeg van wie je bent. Kies een van deze manieren."),
            tone="warning",
        )
        return redirect(f"{CONFIRM}?{urlencode({'volgende': heading.to})}")
    prove(request, assurance=assurance, at=at)
    believe_rights(request, told)
    forget_heading(request)
    return redirect(_back(request, heading.to))


def _is_for(held: identity.HeldCapacity, enterprise: str, provider: int | None) -> bool:
    return (held.enterprise == enterprise and bool(enterprise)) or (
        held.provider == provider and provider is not None
    )


def _onward(request: HttpRequest, person: int, held: Sequence[identity.HeldCapacity], wanted: str) -> str:
    """The first page: who may act for nobody yet registers, who may act for several chooses.

    A link from a letter or a mail is not lost on the way.
    """
    if not held:
        return wanted or REGISTER
    if len(held) > 1:
        return f"{SWITCH}?{urlencode({'volgende': wanted})}" if wanted else SWITCH
    start = act_as(request, person=person, capacity=held[0].id)
    return wanted or start


def _back(request: HttpRequest, wanted: str) -> str:
    return unsent.way_back(request, wanted) or wanted or "/"
