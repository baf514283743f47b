"""The operator's addresses."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.operator import exceptions, ledger, overview, payments, statements

urlpatterns = [
    path("", overview.overview, name="operator"),
    path("/uittreksels", statements.statements, name="statements"),
    path("/uittreksels/<int:number>", statements.statement_file, name="statement_file"),
    path("/uitzonderingen", exceptions.exceptions, name="exceptions"),
    path("/uitzonderingen/<int:number>", exceptions.exception, name="exception"),
    path("/betalingen", payments.payments, name="payments"),
    path("/betalingen/<int:number>", payments.run, name="payment_run"),
    path("/betalingen/<int:number>/vrijgeven", payments.release_run, name="release_run"),
    path("/betalingen/<int:number>/bestand", payments.payment_file, name="payment_file"),
    path("/grootboek", ledger.ledger, name="ledger"),
]
