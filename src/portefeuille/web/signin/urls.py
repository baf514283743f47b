"""The addresses of sign-in."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.signin import acm, choice, eid, leaving

urlpatterns = [
    path("aanmelden", choice.choice, name="sign_in"),
    path("aanmelden/acm", acm.start, name="acm"),
    path("aanmelden/acm/terug", acm.back, name="acm_back"),
    path("aanmelden/eid", eid.start, name="eid"),
    path("aanmelden/eid/kaart", eid.card, name="eid_card"),
    path("aanmelden/eid/terug", eid.back, name="eid_back"),
    path("aanmelden/eid/mislukt", eid.failed, name="eid_failed"),
    path("afmelden", leaving.sign_out, name="sign_out"),
    path("bevestig", choice.confirm, name="confirm"),
    path("bevestig/demo", choice.confirm_in_demo, name="confirm_in_demo"),
    path("bevestig/verder", choice.resume, name="resume"),
]
