"""The books: balances in words, and the proof that every law of money holds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portefeuille.core.ledger import Account
from portefeuille.core.money import Money
from portefeuille.wallet.verification import verify
from portefeuille.web.permission import page

# In the order of a balance: what is there, then for whom it is.
WORDS = {
    Account.FUNDS: _("Geld van de overheid, nog niet verdeeld"),
    Account.OWN_SHARE: _("Eigen deel van ondernemingen, in portefeuilles"),
    Account.SUBSIDY: _("Deel van de overheid, in portefeuilles"),
    Account.PAYABLE: _("Besteld voor dienstverleners, nog niet betaald"),
    Account.REFUNDS: _("Terug te betalen, nog niet betaald"),
    Account.SUSPENSE: _("Nog niet verklaard (uitzonderingen)"),
}


@page(look="see_books")
def ledger(request: HttpRequest) -> HttpResponse:
    """Run the proof and show it."""
    proof = verify()
    context = {
        "proof": proof,
        # A law begins with its number in the platform's specification, which says nothing to who reads this page.
        "laws": [(one.law.partition(" ")[2], one) for one in proof.findings],
        "bank": Money(proof.balances[Account.BANK]),
        "balances": [(words, Money(proof.balances[account])) for account, words in WORDS.items()],
    }
    return render(request, "operator/ledger.html", context)
