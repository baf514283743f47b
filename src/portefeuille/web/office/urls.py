"""The office's addresses."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.office import enterprises, queue

urlpatterns = [
    path("", queue.queue, name="office"),
    path("/<int:number>", queue.case, name="case"),
    path("/ondernemingen", enterprises.enterprises, name="enterprises"),
    path("/ondernemingen/<str:number>", enterprises.enterprise, name="enterprise"),
]
