"""Sign-in by a card of codes: who you are, the one code we ask, and cards that are ordered or lost."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portefeuille.core.errors import Invalid
from portefeuille.core.identifiers import dotted_national
from portefeuille.database.sealing import seal, unseal
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Assurance
from portefeuille.signin.attempts import LockedOut, WrongCode
from portefeuille.signin.operations.lose_card import lose_card
from portefeuille.signin.operations.order_card import expected_on, number_of, order_card
from portefeuille.signin.operations.prove_by_card import challenge, prove_by_card
from portefeuille.signin.person_register import DEMO_NUMBER
from portefeuille.web.permission import public_page
from portefeuille.web.signin.arrival import arrive
from portefeuille.web.signin.forms import CodeForm, NumberForm
from portefeuille.web.signin.source import source

_NUMBER, _PURPOSE = "card_number", "session-national-number"


@public_page("where you sign in", at_the_gate=True)
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest) -> HttpResponse:
    """Who are you?"""
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            bare = number_of(form.cleaned_data["national_number"])
        except Invalid as refused:
            form.refuse(refused)
        else:
            sealed = seal(_PURPOSE, bare.encode())  # the session's table must not be able to read it
            request.session[_NUMBER] = base64.b64encode(sealed).decode()
            return redirect("card_code")
    return render(request, "signin/card_number.html", {"form": form, "demo_number": _demo_number()})


@public_page("where you sign in", at_the_gate=True)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code that we ask, by its number; loading the page again asks the same."""
    kept = request.session.get(_NUMBER)
    if kept is None:
        return redirect("card")
    bare = unseal(_PURPOSE, base64.b64decode(kept)).decode()
    asked = challenge(national_number=bare)
    form = CodeForm(request.POST or None)
    form.fields["code"].label = _("Code nummer %(number)s") % {"number": asked}
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            person = prove_by_card(
                national_number=bare, code=form.cleaned_data["code"], source=source(request), at=now
            )
        except LockedOut as locked:
            return locked_page(request, locked, again="/aanmelden/kaart")
        except WrongCode as wrong:
            form.add_error("code", wrong_words(wrong))
        else:
            del request.session[_NUMBER]
            return arrive(request, identity.account(person), assurance=Assurance.SUBSTANTIAL, at=now)
    return render(request, "signin/card_code.html", {"form": form, "asked": asked})


def locked_page(request: HttpRequest, locked: LockedOut, *, again: str) -> HttpResponse:
    """Until when it is locked, and what one can do meanwhile."""
    return render(request, "signin/locked.html", {"locked": locked, "again": again}, status=403)


def wrong_words(wrong: WrongCode) -> str:
    """What was wrong, and how often one may still try."""
    if wrong.left == 1:
        return _("Deze code klopt niet. Je kunt het nog één keer proberen.")
    return _("Deze code klopt niet. Je kunt het nog %(left)s keer proberen.") % {"left": wrong.left}


@public_page("who has no card yet can't sign in to ask for one", at_the_gate=True)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """Ask for a card."""
    return _by_number(request, "signin/card_order.html", order_card)


@public_page("who lost their card can't sign in to say so", at_the_gate=True)
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Block a card and ask for another."""
    return _by_number(request, "signin/card_lost.html", lose_card)


def _by_number(request: HttpRequest, template: str, act: Callable[..., date]) -> HttpResponse:
    """One form, and a page with the date that says the same whoever it is for."""
    form = NumberForm(request.POST or None)
    now = timezone.now()
    context = {"form": form, "expected": expected_on(now), "demo_number": _demo_number()}
    if request.method == "POST" and form.is_valid():
        try:
            context["expected"] = act(
                national_number=form.cleaned_data["national_number"], source=source(request), at=now
            )
        except LockedOut as locked:
            return locked_page(request, locked, again="/aanmelden")
        except Invalid as refused:
            form.refuse(refused)
        else:
            context["is_done"] = True
    return render(request, template, context)


def _demo_number() -> str:
    return dotted_national(DEMO_NUMBER) if settings.DEMO else ""
