"""The addresses of sign-in."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.signin import acm, app, card, choice, eid, leaving, mine

urlpatterns = [
    path("aanmelden", choice.choice, name="sign_in"),
    path("aanmelden/acm", acm.start, name="acm"),
    path("aanmelden/acm/terug", acm.back, name="acm_back"),
    path("aanmelden/eid", eid.start, name="eid"),
    path("aanmelden/eid/kaart", eid.card, name="eid_card"),
    path("aanmelden/eid/terug", eid.back, name="eid_back"),
    path("aanmelden/eid/mislukt", eid.failed, name="eid_failed"),
    path("aanmelden/kaart", card.number, name="card"),
    path("aanmelden/kaart/code", card.code, name="card_code"),
    path("aanmelden/kaart/aanvragen", card.order, name="card_order"),
    path("aanmelden/kaart/kwijt", card.lost, name="card_lost"),
    path("aanmelden/app", app.sign_in, name="app"),
    path("mijn-aanmelding", mine.mine, name="my_means"),
    path("mijn-aanmelding/kaart", mine.card, name="my_card"),
    path("mijn-aanmelding/kaart/blokkeren", mine.block, name="my_card_block"),
    path("mijn-aanmelding/app", mine.app, name="my_app"),
    path("mijn-aanmelding/app/verwijderen", mine.forget_app, name="my_app_forget"),
    path("mijn-aanmelding/vrijgeven", mine.release, name="my_release"),
    path("afmelden", leaving.sign_out, name="sign_out"),
    path("bevestig", choice.confirm, name="confirm"),
    path("bevestig/demo", choice.confirm_in_demo, name="confirm_in_demo"),
    path("bevestig/verder", choice.resume, name="resume"),
]
