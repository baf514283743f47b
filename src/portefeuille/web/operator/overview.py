"""The operator's day at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portefeuille.bank import queries as bank
from portefeuille.core.ledger import Account
from portefeuille.core.money import Money
from portefeuille.wallet import queries as wallets
from portefeuille.web.permission import page


@page(look="see_books")
def overview(request: HttpRequest) -> HttpResponse:
    """What is on the account, what waits for a person, and what waits to be paid."""
    waiting = wallets.waiting_payments()
    exceptions = bank.exceptions()
    balances = wallets.balances()
    context = {
        "account": bank.account(),
        "funds": balances[Account.FUNDS],
        "exceptions": exceptions,
        "in_suspense": Money(sum(one.left.cents for one in exceptions)),
        "waiting": waiting,
        "to_pay": Money(sum(one.amount.cents for one in waiting)),
        "in_transit": wallets.in_transit(),
        "statements": bank.statements(5),
    }
    return render(request, "operator/overview.html", context)
