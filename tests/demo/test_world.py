from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pytest
from django.apps import apps
from pypdf import PdfReader

from portefeuille.bank.operations.open_account import open_account
from portefeuille.core.errors import NotAllowed
from portefeuille.core.identifiers import enterprise_number, establishment_number, iban, provider_number
from portefeuille.core.regions import region_of_postcode
from portefeuille.demo.world import Loaded, described, load_world
from portefeuille.identity.models import EnterpriseProfile
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.add_person import add_person
from portefeuille.identity.operations.recognise import recognise
from portefeuille.identity.queries import people
from portefeuille.identity.roles import Role
from portefeuille.providers import queries as providers
from portefeuille.providers.documents import opened
from portefeuille.providers.models import RecognitionRequest
from portefeuille.providers.terms import may_renew
from portefeuille.register import queries as register
from portefeuille.signin.person_register import DEMO_NUMBER
from portefeuille.web.registration.start import DEMO_ENTERPRISE

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORLD = described()
TEXT = (files("portefeuille.demo") / "world.toml").read_text(encoding="utf-8")

# What the guide names, and who kept the wallet at the time: real, so not in a world that doesn't exist.
REAL = ("218693", "220518", "sterken", "feng", "sodexo", "vlaio", "agentschapondernemen")


def values(node: Any) -> Iterator[tuple[str, str]]:
    """Every text of the world with its key."""
    children = node.items() if isinstance(node, dict) else (("", child) for child in node)
    for key, child in children:
        if isinstance(child, dict | list):
            yield from values(child)
        else:
            yield key, str(child)


def everything() -> list[tuple[object, ...]]:
    """Every row of every table of the platform."""
    models = [model for model in apps.get_models() if model.__module__.startswith("portefeuille.")]
    return [
        (model._meta.label, *row)
        for model in models
        for row in model._default_manager.order_by("pk").values_list()
    ]


def test_no_name_or_number_of_the_guide_is_in_the_world() -> None:
    assert [word for word in REAL if word in TEXT.casefold()] == []


def test_every_number_has_right_check_digits_and_none_can_be_real() -> None:
    seen: list[str] = []
    for row in WORLD["enterprise"]:
        assert enterprise_number(row["number"]).startswith("1999"), row["number"]
        seen.append(row["number"])
        for place in row["establishment"]:
            assert establishment_number(place["number"]).startswith("8999"), place["number"]
            seen.append(place["number"])
        for recognition in row.get("recognition", ()):
            assert provider_number(recognition["number"]) == recognition["number"]
            seen.append(recognition["number"])
    assert len(seen) == len(set(seen))


def test_every_account_has_right_check_digits_at_no_bank_and_is_used_once() -> None:
    accounts = [value for key, value in values(WORLD) if key.endswith("iban")]
    assert len(accounts) == len(set(accounts)) >= 14
    for account in accounts:
        assert iban(account) == account
        assert account[4:7] == "999"
        assert int(account[4:14]) % 97 == int(account[14:]) % 97, account


def test_every_mail_address_leads_nowhere() -> None:
    addresses = re.findall(r"\S+@\S+?(?=[\"\s])", TEXT)
    assert addresses
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_names_are_used_once_and_streets_have_a_number() -> None:
    names = [row["name"] for row in WORLD["enterprise"]]
    assert len(names) == len(set(names))
    for row in WORLD["enterprise"]:
        for place in [row.get("seat"), *(place["address"] for place in row["establishment"])]:
            if place is not None:
                assert place["street"][0].isupper()
                assert place["house_number"].isdigit()
                assert region_of_postcode(place["zipcode"]) != "unknown"


@pytest.mark.django_db
def test_loading_again_changes_nothing() -> None:
    assert load_world(at=AT) == Loaded(enterprises=15, providers=4, people=19)
    before = everything()
    assert load_world(at=AT) == Loaded(enterprises=15, providers=4, people=19)
    assert everything() == before


@pytest.mark.django_db
def test_what_somebody_changed_stays_changed() -> None:
    load_world(at=AT)
    EnterpriseProfile.objects.filter(pk="1999000150").update(turnover_cents=1)
    load_world(at=AT)
    assert EnterpriseProfile.objects.get(pk="1999000150").turnover_cents == 1


@pytest.mark.django_db
def test_one_enterprise_is_left_for_whoever_wants_to_register() -> None:
    load_world(at=AT)
    assert register.enterprise(DEMO_ENTERPRISE).is_active
    acted_for = {held.enterprise for person in people() for held in person.capacities}
    assert DEMO_ENTERPRISE not in acted_for
    assert not EnterpriseProfile.objects.filter(pk=DEMO_ENTERPRISE).exists()


@pytest.mark.django_db
def test_it_begins_again_after_somebody_signed_in_with_the_demos_own_card() -> None:
    load_world(at=AT)
    recognise(name="Noor Demolder", national_number_hash=hash_of(DEMO_NUMBER))
    load_world(at=AT)
    recognise(name="Iemand Anders", national_number_hash=hash_of("90010200264"))
    with pytest.raises(NotAllowed):
        load_world(at=AT)


@pytest.mark.django_db
def test_budgets_are_voted_for_this_year_and_the_next() -> None:
    from portefeuille.budget.models import Budget

    load_world(at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))  # already 2027 in Brussels
    assert sorted(Budget.objects.values_list("scheme", "year")) == [("gids", 2027), ("gids", 2028)]


@pytest.mark.django_db
def test_every_activity_means_something() -> None:
    load_world(at=AT)
    for row in WORLD["enterprise"]:
        activities = register.enterprise(row["number"]).activities
        assert {activity.version for activity in activities} == {"2008", "2025"}
        assert {activity.version for activity in activities if activity.is_main} == {"2008", "2025"}
        assert [activity.code for activity in activities if not activity.label] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "region", "flemish", "form", "active"),
    [
        ("1999.000.150", "flanders", True, "Besloten Vennootschap", True),
        ("1999.000.249", "flanders", True, "Naamloze vennootschap", True),
        ("1999.000.348", "unknown", True, "", True),
        ("1999.000.447", "brussels", True, "Besloten Vennootschap", True),
        ("1999.000.546", "brussels", False, "Besloten Vennootschap", True),
        ("1999.000.645", "wallonia", False, "Besloten Vennootschap", True),
        ("1999.000.744", "flanders", True, "Vereniging zonder winstoogmerk", True),
        ("1999.000.843", "flanders", True, "Naamloze vennootschap", False),
    ],
)
def test_the_enterprises_show_who_may_and_who_may_not(
    number: str, region: str, flemish: bool, form: str, active: bool
) -> None:
    load_world(at=AT)
    found = register.enterprise(number)
    assert (found.region, found.has_flemish_establishment) == (region, flemish)
    assert (found.legal_form_label, found.is_active) == (form, active)


@pytest.mark.django_db
def test_the_providers_cover_training_advice_both_and_exempt() -> None:
    load_world(at=AT)
    services = {
        found.display_name: sorted(
            service for service in ("training", "advice") if found.recognition(service, date(2026, 3, 2))
        )
        for number in ("DV.O900101", "DV.A900102", "DV.O900103", "DV.O900105")
        for found in providers.find(number)
    }
    assert services == {
        "De Vlasserij": ["training"],
        "Kompas & Co": ["advice"],
        "Groeiwerk": ["advice", "training"],
        "Taalhuis Sint-Goedele": ["training"],
    }
    assert [one.display_name for one in providers.find("taalhuis") if one.vat_exempt] == [
        "Taalhuis Sint-Goedele"
    ]


@pytest.mark.django_db
def test_everybody_acts_for_something_that_exists() -> None:
    load_world(at=AT)
    roles = set()
    for person in people():
        for held in person.capacities:
            roles.add(held.role)
            if held.enterprise:
                assert register.enterprise(held.enterprise).name
                assert EnterpriseProfile.objects.filter(pk=held.enterprise).exists()
            if held.provider is not None:
                assert providers.provider(held.provider).display_name
    assert roles >= {Role.ENTREPRENEUR, Role.PROVIDER, Role.OPERATOR, Role.OFFICE}


@pytest.mark.django_db
def test_the_demo_lets_nobody_into_a_real_installation() -> None:
    """Its people have no password: they must never stand beside real money."""
    add_person(handle="a.real.person", name="Een mens", email="mens@onderneming.example", capacities=[])
    before = everything()
    with pytest.raises(NotAllowed, match="niet van de demo"):
        load_world(at=AT)
    assert everything() == before


@pytest.mark.django_db
def test_nor_beside_a_real_bank_account() -> None:
    open_account(iban="BE49999000000171", holder="Beheerder", government_iban="BE80999000000777")
    with pytest.raises(NotAllowed, match="niet van de demo"):
        load_world(at=AT)


@pytest.mark.django_db
def test_recognitions_are_asked_for_near_their_end_and_suspended() -> None:
    load_world(at=AT)
    on = date(2026, 3, 2)
    stand = {
        number: next(one for one in found.recognitions if one.number == number)
        for number in ("DV.A900104", "DV.A900107")
        for found in providers.find(number)
    }
    assert may_renew(stand["DV.A900104"].valid_to, on)
    assert stand["DV.A900107"].standing(on) is providers.Standing.SUSPENDED
    asked = RecognitionRequest.objects.get()
    assert (asked.state, asked.service, asked.enterprise_number) == ("waits", "advice", "1999000447")
    for kept in asked.documents.all():
        assert len(PdfReader(io.BytesIO(opened(kept))).pages) == 1
