"""Sign-in by the code of an app."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portefeuille.core.errors import Invalid
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Assurance
from portefeuille.signin.attempts import LockedOut, WrongCode
from portefeuille.signin.operations.time_codes import prove_by_app
from portefeuille.web.permission import public_page
from portefeuille.web.signin.arrival import arrive
from portefeuille.web.signin.card import locked_page, wrong_words
from portefeuille.web.signin.forms import AppSignInForm
from portefeuille.web.signin.source import source


@public_page("where you sign in", at_the_gate=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who you are, and what your app shows now."""
    form = AppSignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            person = prove_by_app(**form.cleaned_data, source=source(request), at=now)
        except LockedOut as locked:
            return locked_page(request, locked, again="/aanmelden/app")
        except WrongCode as wrong:
            form.add_error("code", wrong_words(wrong))
        except Invalid as refused:
            form.refuse(refused)
        else:
            return arrive(request, identity.account(person), assurance=Assurance.SUBSTANTIAL, at=now)
    return render(request, "signin/app.html", {"form": form})
