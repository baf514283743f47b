"""Accept an invitation: signed in by your own means, with the code from the mail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portefeuille.activation import queries as activations
from portefeuille.activation.operations.invite import accept_invitation
from portefeuille.core.errors import NotAllowed, Refusal
from portefeuille.identity import queries as identity
from portefeuille.identity.letters import name_of_firm
from portefeuille.web.permission import person_page
from portefeuille.web.public.capacities import act_as
from portefeuille.web.registration.forms import CodeForm
from portefeuille.web.session import newcomer
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.words import ROLE_WORDS


@person_page(look="manage_oneself", act="accept_invitation")
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Who invites you, for whom, and the code."""
    now = timezone.now()
    view = activations.invitation(reference, at=now)
    firm = name_of_firm(enterprise=view.enterprise, provider=view.provider)
    form = CodeForm(
        request.POST if request.method == "POST" else None, initial={"code": request.GET.get("code", "")}
    )
    if form.is_bound and form.is_valid():
        try:
            capacity = accept_invitation(
                actor=newcomer(request), reference=reference, code=form.cleaned_data["code"], at=now
            )
        except NotAllowed:
            raise
        except Refusal as refused:
            form.refuse(refused)
            view = activations.invitation(reference, at=now)
        else:
            start = act_as(request, person=request.user.pk, capacity=capacity)
            flash(request, _("Je mag nu optreden voor %(firm)s.") % {"firm": firm})
            return redirect(start)
    context = {
        "invitation": view,
        "firm": firm,
        "inviter": identity.names_of([view.invited_by]).get(view.invited_by, ""),
        "role": ROLE_WORDS[view.role],
        "is_usable": not (view.is_closed or view.is_expired or view.is_blocked),
        "form": form,
    }
    return render(request, "registration/invitation.html", context)
