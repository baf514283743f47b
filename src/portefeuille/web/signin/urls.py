"""The addresses of sign-in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from portefeuille.web.requests import at_the_gate
from portefeuille.web.signin import acm, app, card, choice, eid, leaving, mine


def at(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    """A page where it is found out who somebody is: the database shows it people and proofs only."""
    return path(address, at_the_gate(view), name=name)


urlpatterns = [
    at("aanmelden", choice.choice, "sign_in"),
    at("aanmelden/acm", acm.start, "acm"),
    at("aanmelden/acm/terug", acm.back, "acm_back"),
    at("aanmelden/eid", eid.start, "eid"),
    at("aanmelden/eid/kaart", eid.card, "eid_card"),
    at("aanmelden/eid/terug", eid.back, "eid_back"),
    at("aanmelden/eid/mislukt", eid.failed, "eid_failed"),
    at("aanmelden/kaart", card.number, "card"),
    at("aanmelden/kaart/code", card.code, "card_code"),
    at("aanmelden/kaart/aanvragen", card.order, "card_order"),
    at("aanmelden/kaart/kwijt", card.lost, "card_lost"),
    at("aanmelden/app", app.sign_in, "app"),
    at("mijn-aanmelding", mine.mine, "my_means"),
    at("mijn-aanmelding/kaart", mine.card, "my_card"),
    at("mijn-aanmelding/kaart/blokkeren", mine.block, "my_card_block"),
    at("mijn-aanmelding/app", mine.app, "my_app"),
    at("mijn-aanmelding/app/verwijderen", mine.forget_app, "my_app_forget"),
    at("mijn-aanmelding/vrijgeven", mine.release, "my_release"),
    at("afmelden", leaving.sign_out, "sign_out"),
    at("bevestig", choice.confirm, "confirm"),
    at("bevestig/demo", choice.confirm_in_demo, "confirm_in_demo"),
    at("bevestig/verder", choice.resume, "resume"),
]
