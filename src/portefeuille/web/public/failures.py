"""Pages for when something does not go: in our own design, saying what to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's proof is missing or old."""
    return _page(
        request, 403, _("Deze pagina stond te lang open. Ga terug, laad ze opnieuw en probeer het nog eens.")
    )


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """What was sent can't be read."""
    return _page(request, 400, _("We konden niet lezen wat je stuurde. Ga terug en probeer het opnieuw."))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Not for this person."""
    return _page(request, 403, _("Deze pagina is niet voor de rol waarmee je bent aangemeld."))


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """No such page."""
    return _page(
        request, 404, _("Deze pagina bestaat niet. Kijk het adres na, of begin opnieuw bij de start.")
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Something of ours broke; this page must not need anything that may be broken too."""
    return HttpResponse(_BROKEN, status=500)


def _page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return render(request, "refused.html", {"sentence": sentence}, status=status)


_BROKEN = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Er ging iets mis</title></head>
<body><main><h1>Er ging iets mis bij ons</h1><p>Er is niets half gebeurd: wat je deed, is niet uitgevoerd.
Probeer het straks opnieuw, of bel gratis naar 1700, van 9 tot 19 uur.</p></main></body></html>"""
