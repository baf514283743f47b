"""Signing out."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portefeuille.web.permission import public_page
from portefeuille.web.signin import acm


@public_page("who leaves need not be known any more", at_the_gate=True)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, at the server; who came from the Flemish access management leaves there too."""
    there = acm.sign_out_address(request)
    logout(request)
    return redirect(there or "home")
