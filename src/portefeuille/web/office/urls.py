"""The office's addresses."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.office import queue

urlpatterns = [
    path("", queue.queue, name="office"),
    path("/<int:number>", queue.case, name="case"),
]
