"""Every address of the platform."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from portefeuille.web.office import files, help_desk, supervision
from portefeuille.web.public import (
    capacities,
    health,
    home,
    mailbox,
    providers,
    questions,
    robots,
    style_guide,
)
from portefeuille.web.signin import demo

urlpatterns = [
    path("", home.home, name="home"),
    path("hulp", questions.questions, name="help"),
    path("dienstverleners", providers.providers, name="public_providers"),
    path("dienstverleners.csv", providers.as_csv, name="open_data_csv"),
    path("dienstverleners.json", providers.as_json, name="open_data_json"),
    path("dienstverleners/<int:number>", providers.provider, name="public_provider"),
    path("dienstverleners/<int:number>/dossier", supervision.provider, name="supervision"),
    path("gezondheid", health.health, name="health"),
    path("robots.txt", robots.robots, name="robots"),
    path("wissel", capacities.switch, name="switch"),
    path("", include("portefeuille.web.signin.urls")),
    path("", include("portefeuille.web.enterprise.urls")),
    path("", include("portefeuille.web.registration.urls")),
    path("beheer", include("portefeuille.web.operator.urls")),
    path("dienstverlener", include("portefeuille.web.provider.urls")),
    path("helpdesk", help_desk.help_desk, name="help_desk"),
    path("dossiers", files.files, name="files"),
    path("kantoor", include("portefeuille.web.office.urls")),
]

if settings.DEMO:
    urlpatterns += [
        path("aanmelden/demo", demo.sign_in, name="demo_sign_in"),
        path("stijlgids", style_guide.style_guide, name="style_guide"),
        path("brievenbus", mailbox.mailbox, name="mailbox"),
        path("brievenbus/<int:number>", mailbox.message, name="message"),
        path("brievenbus/brief/<int:number>", mailbox.letter, name="paper_letter"),
    ]

handler400 = "portefeuille.web.public.failures.bad_request"
handler403 = "portefeuille.web.public.failures.forbidden"
handler404 = "portefeuille.web.public.failures.not_found"
handler500 = "portefeuille.web.public.failures.broken"
