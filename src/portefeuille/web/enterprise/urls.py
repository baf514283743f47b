"""The entrepreneur's addresses."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.enterprise import applying, dashboard, project

urlpatterns = [
    path("mijn-dossier", dashboard.dashboard, name="dashboard"),
    path("aanvraag/nieuw", applying.new, name="new_application"),
    path("aanvraag/<int:number>/berekening", applying.calculation, name="application_preview"),
    path("aanvraag/<int:number>/<slug:step>", applying.step, name="application_step"),
    path("project/<int:number>", project.project, name="project"),
    path("project/<int:number>/betalen", project.pay, name="pay"),
    path("project/<int:number>/annuleren", project.stop, name="cancel"),
]
