"""Who acts for an enterprise or a provider, and which office holds its mandate: for its administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.activation import queries as activations
from portefeuille.activation.operations.invite import invite, withdraw_invitation
from portefeuille.core.errors import NotAllowed, NotFound, Refusal
from portefeuille.identity import queries as identity
from portefeuille.identity.operations.end_capacity import LastAdministrator, end_capacity
from portefeuille.identity.operations.end_mandate import end_mandate
from portefeuille.identity.operations.give_mandate import give_mandate
from portefeuille.identity.operations.make_administrator import make_administrator
from portefeuille.identity.queries import ActingPerson
from portefeuille.identity.roles import ADMINISTRATORS, Actor
from portefeuille.register import queries as register
from portefeuille.web.permission import page
from portefeuille.web.registration.forms import InviteForm, OfficeForm
from portefeuille.web.requests import acting_for
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.words import ROLE_WORDS

BASIS_WORDS = {
    "letter": gettext_lazy("de code uit de brief aan de zetel"),
    "representative": gettext_lazy("wettelijk vertegenwoordiger"),
    "rights": gettext_lazy("rechten bij de Vlaamse overheid"),
    "invitation": gettext_lazy("een uitnodiging"),
    "office": gettext_lazy("gegeven door het platform"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody in the list."""

    person: ActingPerson
    role: str
    basis: str
    is_you: bool
    is_administrator: bool


@page(look="see_people")
def people(request: HttpRequest) -> HttpResponse:
    """Colleagues, open invitations and mandates."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    acting = identity.people_acting(actor=actor)
    given = identity.mandates_given(actor=actor) if actor.enterprise else []
    names = register.names({one.office for one in given})
    context = {
        "lines": [_line(one, actor) for one in acting],
        "invitations": activations.open_invitations(actor=actor, at=now),
        "mandates": [(names.get(one.office, one.office), one) for one in given],
        "for_enterprise": bool(actor.enterprise),
    }
    return render(request, "registration/people.html", context)


def _line(one: ActingPerson, actor: Actor) -> Line:
    return Line(
        one,
        ROLE_WORDS[one.role].capitalize(),
        BASIS_WORDS[one.basis],
        one.person == actor.person_id,
        one.role in ADMINISTRATORS,
    )


@page(look="see_people", act="invite")
def invite_page(request: HttpRequest) -> HttpResponse:
    """Invite a colleague by mail."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            invite(actor=actor, at=timezone.now(), **told)
        except NotAllowed:
            raise
        except Refusal as refused:
            form.refuse(refused)
        else:
            flash(request, _("We stuurden een uitnodiging naar %(to)s.") % {"to": told["email"].strip()})
            return redirect("people")
    return render(request, "registration/invite.html", {"form": form})


@page(act="invite")
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take an invitation back."""
    withdraw_invitation(actor=request.actor, invitation=number, at=timezone.now())  # type: ignore[attr-defined]
    flash(request, _("De uitnodiging is ingetrokken. De code werkt niet meer."), tone="info")
    return redirect("people")


@page(look="see_people", act="make_administrator")
def promote(request: HttpRequest, number: int) -> HttpResponse:
    """Make a colleague administrator, after saying what that means."""
    whom = _colleague(request, number)
    if request.method == "POST":
        make_administrator(actor=request.actor, capacity=number, at=timezone.now())  # type: ignore[attr-defined]
        flash(request, _("%(name)s is nu beheerder.") % {"name": whom.name})
        return redirect("people")
    return render(request, "registration/promote.html", {"whom": whom})


@page(look="see_people", act="end_capacity")
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a capacity, after saying what that means; for the last administrator, once more."""
    whom = _colleague(request, number)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    administrators = [one for one in identity.people_acting(actor=actor) if one.role in ADMINISTRATORS]
    context: dict[str, Any] = {
        "whom": whom,
        "is_you": whom.person == actor.person_id,
        "firm": acting_for(actor),
        "is_last": [one.capacity for one in administrators] == [number],
        "for_enterprise": bool(actor.enterprise),
    }
    if request.method != "POST":
        return render(request, "registration/end.html", context)
    try:
        end_capacity(actor=actor, capacity=number, at=timezone.now(), leaves_nobody="niemand" in request.POST)
    except LastAdministrator as refused:
        return render(
            request, "registration/end.html", {**context, "is_last": True, "problem": refused.sentence}
        )
    if whom.person == actor.person_id:
        flash(request, _("Je treedt niet meer op voor %(firm)s.") % {"firm": context["firm"]}, tone="info")
        return redirect("register")
    flash(request, _("%(name)s kan niet meer optreden.") % {"name": whom.name}, tone="info")
    return redirect("people")


def _colleague(request: HttpRequest, number: int) -> ActingPerson:
    """Somebody who acts for the same enterprise or provider. Raises NotFound, NotAllowed."""
    found = identity.people_acting(actor=request.actor)  # type: ignore[attr-defined]
    for one in found:
        if one.capacity == number:
            return one
    raise NotFound(_("Deze persoon treedt hier niet (meer) op."))


@page(look="give_mandate", act="give_mandate")
def mandate(request: HttpRequest) -> HttpResponse:
    """Name an accountant's office, see what the KBO says of it, and mandate it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.POST if request.method == "POST" else (request.GET if "nummer" in request.GET else None)
    form = OfficeForm(asked)
    found = None
    if form.is_bound and form.is_valid():
        try:
            found = register.enterprise(form.cleaned_data["nummer"])
            if request.method == "POST":
                give_mandate(actor=actor, enterprise=actor.enterprise, office=found.number, at=timezone.now())
                flash(request, _("%(office)s mag nu voor je optreden.") % {"office": found.name})
                return redirect("people")
        except NotAllowed:
            raise
        except Refusal as refused:
            found = None
            form.add_error("nummer", refused.sentence)
    return render(request, "registration/mandate.html", {"form": form, "found": found})


@page(look="end_mandate", act="end_mandate")
def end_mandate_page(request: HttpRequest, number: int) -> HttpResponse:
    """End a mandate, after saying what that means; the client and its office both may."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _mandate(actor, number)
    is_office = found.office == actor.enterprise
    names = register.names([found.office, found.enterprise])
    if request.method == "POST":
        end_mandate(actor=actor, mandate=number, at=timezone.now())
        flash(request, _("Het mandaat is beëindigd."), tone="info")
        return redirect("clients" if is_office else "people")
    context = {
        "mandated": names.get(found.office, found.office),
        "client": names.get(found.enterprise, found.enterprise),
        "is_office": is_office,
    }
    return render(request, "registration/end_mandate.html", context)


def _mandate(actor: Actor, number: int) -> identity.MandateView:
    """A mandate that the actor's enterprise gave or holds. Raises NotFound, NotAllowed."""
    both = [*identity.mandates_given(actor=actor), *identity.mandates_held(actor=actor)]
    for one in both:
        if one.id == number:
            return one
    raise NotFound(_("Dit mandaat bestaat niet (meer)."))
