from __future__ import annotations

import pytest

from portefeuille.bank.models import BankAccount
from portefeuille.bank.operations.open_account import open_account
from portefeuille.core.errors import Invalid

pytestmark = pytest.mark.django_db

IBAN, GOVERNMENT = "BE47 9990 1444 4380", "BE46 9990 1555 5436"


def test_an_account_opens_with_nothing_on_it_and_only_once() -> None:
    first = open_account(iban=IBAN, holder="Beheer", government_iban=GOVERNMENT, bic="DEMOBEB0")
    assert open_account(iban="BE47999014444380", holder="Ander", government_iban=IBAN) == first
    account = BankAccount.objects.get()
    assert (account.iban, account.holder, account.balance_cents) == ("BE47999014444380", "Beheer", 0)
    assert account.government_iban == "BE46999015555436"


@pytest.mark.parametrize(("changed", "field"), [("iban", "iban"), ("government_iban", "government_iban")])
def test_wrong_account_numbers_are_refused(changed: str, field: str) -> None:
    numbers = {"iban": IBAN, "government_iban": GOVERNMENT, changed: "BE00 1234"}
    with pytest.raises(Invalid) as refused:
        open_account(holder="Beheer", **numbers)
    assert refused.value.field == field
    assert not BankAccount.objects.exists()


@pytest.mark.parametrize("number", ["", "1999.109.919"])
def test_the_holders_own_number_is_kept_bare(number: str) -> None:
    open_account(iban=IBAN, holder="Beheer", government_iban=GOVERNMENT, enterprise_number=number)
    assert BankAccount.objects.get().enterprise_number == number.replace(".", "")


def test_a_wrong_number_of_the_holder_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        open_account(iban=IBAN, holder="Beheer", government_iban=GOVERNMENT, enterprise_number="1999109918")
    assert refused.value.field == "enterprise_number"
