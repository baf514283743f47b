"""The provider's addresses."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.provider import customers

urlpatterns = [
    path("", customers.customers, name="provider"),
    path("/<int:number>", customers.customer, name="customer"),
]
