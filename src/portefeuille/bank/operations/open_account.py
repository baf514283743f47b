"""Enter the operator's bank account on which all wallets are kept."""

from __future__ import annotations

from portefeuille.bank.models import BankAccount
from portefeuille.core.errors import Invalid
from portefeuille.core.identifiers import NotANumber
from portefeuille.core.identifiers import iban as checked_iban


def open_account(*, iban: str, holder: str, government_iban: str, bic: str = "") -> int:
    """Enter an account with nothing on it, or find the one with this number; its id.

    ``government_iban`` is the account from which the government's money comes. Raises Invalid with the field.
    """
    number, government = _checked(iban, "iban"), _checked(government_iban, "government_iban")
    account, _ = BankAccount.objects.get_or_create(
        iban=number, defaults={"holder": holder, "bic": bic, "government_iban": government}
    )
    return account.pk


def _checked(text: str, field: str) -> str:
    try:
        return checked_iban(text)
    except NotANumber:
        raise Invalid("Dit is geen geldig rekeningnummer (IBAN).", field=field) from None
