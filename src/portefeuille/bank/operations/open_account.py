"""Enter the operator's bank account on which all wallets are kept."""

from __future__ import annotations

from portefeuille.bank.models import BankAccount
from portefeuille.core.errors import Invalid
from portefeuille.core.identifiers import NotANumber
from portefeuille.core.identifiers import enterprise_number as checked_enterprise_number
from portefeuille.core.identifiers import iban as checked_iban


def open_account(
    *, iban: str, holder: str, government_iban: str, bic: str = "", enterprise_number: str = ""
) -> int:
    """Enter an account with nothing on it, or find the one with this number; its id.

    ``government_iban`` is the account from which the government's money comes; ``enterprise_number`` the holder's own.
    Raises Invalid with the field.
    """
    number, government = _checked(iban, "iban"), _checked(government_iban, "government_iban")
    account, _ = BankAccount.objects.get_or_create(
        iban=number,
        defaults={
            "holder": holder,
            "bic": bic,
            "enterprise_number": _checked_number(enterprise_number) if enterprise_number else "",
            "government_iban": government,
        },
    )
    return account.pk


def _checked_number(text: str) -> str:
    try:
        return checked_enterprise_number(text)
    except NotANumber:
        raise Invalid("Dit is geen ondernemingsnummer.", field="enterprise_number") from None


def _checked(text: str, field: str) -> str:
    try:
        return checked_iban(text)
    except NotANumber:
        raise Invalid("Dit is geen geldig rekeningnummer (IBAN).", field=field) from None
