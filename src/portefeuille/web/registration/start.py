"""From nobody to somebody who may act: what you need, your mail address, your enterprise, the code from the letter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portefeuille.activation import queries as activations
from portefeuille.activation import terms
from portefeuille.activation.operations.activate import activate
from portefeuille.activation.operations.ask_letter import ask_letter, registered
from portefeuille.activation.operations.confirm_email import confirm_email, send_email_code
from portefeuille.activation.queries import ActivationView
from portefeuille.core import rules
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import NotAllowed, Refusal
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.post.terms import letter_expected
from portefeuille.register import queries as register_queries
from portefeuille.web.permission import person_page, public_page
from portefeuille.web.public.capacities import act_as, choices_of
from portefeuille.web.registration.forms import CodeForm, EmailForm, NumberForm, StartForm
from portefeuille.web.session import newcomer, told_of
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.navigation import home_of
from portefeuille.web.ui.parts import Stage

DEMO_ENTERPRISE = "1999001536"  # in the demo's world nobody acts for it yet

BASES = {
    "seat": gettext_lazy("de zetel"),
    "lookup": gettext_lazy("het adres"),
    "establishment": gettext_lazy("de vestiging"),
    "office": gettext_lazy("het adres dat een medewerker vond"),
}


@public_page("what you need before you have anything; more for who is known", at_the_gate=True)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What you need and how long it takes, for anybody; and for somebody who signed in, the next step."""
    form = StartForm(request.GET if "start" in request.GET else None)
    context: dict[str, Any] = {"form": form, "waiting": _waiting(form)}
    if request.headers.get("X-Fragment"):
        return render(request, "registration/waiting.html", context)
    if request.user.is_authenticated:
        context |= _progress(request)
    context["login"] = f"{settings.LOGIN_URL}?volgende=/registreren"
    return render(request, "registration/register.html", context)


def _waiting(form: StartForm) -> terms.Waiting | None:
    if not form.is_bound or not form.is_valid():
        return None
    today = legal_day(timezone.now())
    regime = rules.load_scheme(settings.SCHEME).on(today)
    return terms.waiting(
        today=today,
        starts_on=form.cleaned_data["start"],
        apply_after_start_days=regime.parameter("apply_after_start_days").value,
    )


def _progress(request: HttpRequest) -> dict[str, Any]:
    """How far somebody came, and the address of what comes next."""
    confirmed = identity.person(request.user.pk).confirmed_email
    letters = activations.open_activations(actor=newcomer(request), at=timezone.now())
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    return {
        "confirmed_email": confirmed,
        "letters": _named(letters),
        "is_underway": any(one.state == "sent" for one in letters),
        "held": [one.words for one in choices_of(_held(request)).values()],
        "onward": home_of(actor) if actor else reverse("switch"),
        "stages": stages(2 if letters else (1 if confirmed else 0)),
    }


def _held(request: HttpRequest) -> tuple[identity.HeldCapacity, ...]:
    return identity.capacities_of(request.user.pk, told=told_of(request))


def stages(now: int) -> list[Stage]:
    """The steps of becoming authorised; those before ``now`` are done."""
    words = [_("E-mailadres"), _("Onderneming"), _("Code uit de brief"), _("Gegevens")]
    states = ["done" if place < now else ("now" if place == now else "later") for place in range(len(words))]
    return [Stage(one, state) for one, state in zip(words, states, strict=True)]


def _named(letters: list[ActivationView]) -> list[tuple[str, ActivationView]]:
    names = register_queries.names({one.enterprise for one in letters})
    return [(names.get(one.enterprise, one.enterprise), one) for one in letters]


@person_page(look="manage_oneself", act="confirm_email")
def email(request: HttpRequest) -> HttpResponse:
    """Type an address, and bring back the code that was sent there."""
    actor, now = newcomer(request), timezone.now()
    known = identity.person(request.user.pk)
    wants_code = "code" in request.POST
    form = EmailForm(
        request.POST if "email" in request.POST else None,
        initial={"email": activations.email_underway(person=known.id, at=now) or known.email},
    )
    code_form = CodeForm(request.POST if wants_code else None, initial={"code": request.GET.get("code", "")})
    try:
        if wants_code and code_form.is_valid():
            address = confirm_email(actor=actor, code=code_form.cleaned_data["code"], at=now)
            flash(request, _("Je e-mailadres %(address)s is bevestigd.") % {"address": address})
            return redirect("register_enterprise")
        if form.is_bound and form.is_valid():
            send_email_code(actor=actor, email=form.cleaned_data["email"], at=now)
            flash(
                request, _("We stuurden een code naar %(to)s.") % {"to": form.cleaned_data["email"].strip()}
            )
            return redirect("register_email")
    except NotAllowed:
        raise
    except Refusal as refused:
        (code_form if wants_code else form).refuse(refused)
    context = {
        "form": form,
        "code_form": code_form,
        "underway": activations.email_underway(person=known.id, at=now),
        "confirmed_email": known.confirmed_email,
        "stages": stages(0),
    }
    return render(request, "registration/email.html", context)


@person_page(look="manage_oneself", act="register")
def enterprise(request: HttpRequest) -> HttpResponse:
    """Name your enterprise, see what the KBO says of it, and have the letter sent."""
    confirmed = identity.person(request.user.pk).confirmed_email
    if not confirmed:
        return redirect("register_email")
    asked = request.POST if request.method == "POST" else (request.GET if "nummer" in request.GET else None)
    form = NumberForm(asked)
    found = None
    if form.is_bound and form.is_valid():
        try:
            found = registered(form.cleaned_data["nummer"])
            if request.method == "POST":
                ask_letter(actor=newcomer(request), enterprise=found.number, at=timezone.now())
                return redirect("activate")
        except NotAllowed:
            raise
        except Refusal as refused:
            form.add_error("nummer", refused.sentence)
    context = {
        "form": form,
        "found": found,
        "free_number": DEMO_ENTERPRISE if settings.DEMO else "",
        "expected_on": letter_expected(legal_day(timezone.now())),
        "stages": stages(1),
    }
    return render(request, "registration/enterprise.html", context)


@person_page(look="manage_oneself", act="register")
def activate_page(request: HttpRequest) -> HttpResponse:
    """Enter the code from the letter, or ask for a new letter."""
    actor, now = newcomer(request), timezone.now()
    form = CodeForm(
        request.POST if "code" in request.POST else None, initial={"code": request.GET.get("code", "")}
    )
    try:
        if "opnieuw" in request.POST:
            ask_letter(actor=actor, enterprise=request.POST["opnieuw"], at=now)
            flash(request, _("Er vertrekt een nieuwe brief. De oude code werkt niet meer."))
            return redirect("activate")
        if form.is_bound and form.is_valid():
            return _begin(request, activate(actor=actor, code=form.cleaned_data["code"], at=now))
    except NotAllowed:
        raise
    except Refusal as refused:
        if not form.is_bound:
            flash(request, refused.sentence, tone="warning")
            return redirect("activate")
        form.refuse(refused)
    letters = activations.open_activations(actor=actor, at=now)
    context = {
        "form": form,
        "letters": _named(letters),
        "may_enter": any(one.state == "sent" and not (one.is_blocked or one.is_expired) for one in letters),
        "bases": BASES,
        "stages": stages(2),
    }
    return render(request, "registration/activate.html", context)


def _begin(request: HttpRequest, capacity: int) -> HttpResponse:
    """Act in the new capacity from now on, and first tell about the enterprise."""
    act_as(request, person=request.user.pk, capacity=capacity)
    flash(request, _("Proficiat, je bent nu gekoppeld aan je onderneming. Vul nog je gegevens in."))
    return redirect("profile")
