"""Pages for when something does not go: in our own design, saying what to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portefeuille.web import static, unsent

TITLES = {
    400: gettext_noop("Dat kan zo niet"),
    403: gettext_noop("Dat mag je hier niet doen"),
    404: gettext_noop("Dat vinden we niet"),
    405: gettext_noop("Dit is geen pagina"),
    409: gettext_noop("Dat kan nu niet"),
    422: gettext_noop("Dat is al gebeurd"),
}


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's proof is missing or old: what was typed on a page of ours is kept, and nothing is done with it.

    Going back would not show it: no browser keeps the pages of who is signed in.
    """
    if request.user.is_authenticated and _is_sent_from_a_page_of_ours(request):
        unsent.keep(request)
        here = request.get_full_path()
        words = _(
            "Deze pagina stond te lang open, of je meldde je intussen opnieuw aan. Er is nog niets verstuurd. "
            "Wat je typte, staat nog klaar."
        )
        return refused(request, 403, words, onward=unsent.way_back(request, here) or here)
    return refused(
        request,
        403,
        _("Deze pagina stond te lang open. Ga terug, laad de pagina opnieuw en probeer het nog eens."),
    )


def _is_sent_from_a_page_of_ours(request: HttpRequest) -> bool:
    """As the browser says, which no page can make it lie about: else another site could fill in our forms."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """What was sent can't be read."""
    return refused(request, 400, _("We konden niet lezen wat je stuurde. Ga terug en probeer het opnieuw."))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Not for this person."""
    return refused(request, 403, _("Deze pagina is niet voor de rol waarmee je bent aangemeld."))


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """No such page."""
    return refused(
        request, 404, _("Deze pagina bestaat niet. Kijk het adres na, of begin opnieuw bij de start.")
    )


def only_a_form(request: HttpRequest) -> HttpResponse:
    """An address that a button sends a form to, opened as a page: by going back, or after signing in again."""
    return refused(
        request,
        405,
        _("Op dit adres staat niets om te lezen. Er is niets gebeurd. Ga terug en klik opnieuw op de knop."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Something of ours broke; this page must not need anything that may be broken too."""
    return HttpResponse(_broken(), status=500)


def refused(request: HttpRequest, status: int, sentence: str, *, onward: str = "") -> HttpResponse:
    """A page that says what happened, why, and what to do; its title follows the status.

    ``onward`` is the address where what was typed waits.
    """
    context = {"sentence": sentence, "title": _(TITLES.get(status, TITLES[400])), "onward": onward}
    return render(request, "refused.html", context, status=status)


def _broken() -> str:
    """A page without templates, sessions or database: each of them may be what broke."""
    sheets = "".join(
        f'<link rel="stylesheet" href="{static.address(f"css/{name}.css")}">'
        for name in ("tokens", "base", "components")
    )
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Er ging iets mis · kmo-portefeuille</title>{sheets}</head><body>"
        '<main class="page"><div class="wrap"><div class="card card-strong narrow"><h1>Er ging iets mis bij ons</h1>'
        '<p class="lead">Er is niets half gebeurd: wat je deed, is niet uitgevoerd.</p>'
        '<p>Probeer het straks opnieuw, of bel gratis naar <a href="tel:1700">1700</a>, van 9 tot 19 uur.</p>'
        '<div class="actions"><a class="button" href="/">Naar de start</a></div></div></div></main></body></html>'
    )
