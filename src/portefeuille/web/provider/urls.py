"""The provider's addresses."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.provider import customers, recognition

urlpatterns = [
    path("", customers.customers, name="provider"),
    path("/erkenning", recognition.mine, name="recognition"),
    path("/erkenning/vragen", recognition.ask, name="ask_recognition"),
    path("/erkenning/<int:number>/intrekken", recognition.withdraw, name="withdraw_recognition"),
    path("/<int:number>", customers.customer, name="customer"),
]
