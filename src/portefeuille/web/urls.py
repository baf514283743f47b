"""Every address of the platform."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.public import health

urlpatterns = [path("gezondheid", health.health, name="health")]
