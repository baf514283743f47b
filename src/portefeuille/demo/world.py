"""Putting the demo world in the database, by the operations of each domain. A second time changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from django.db import transaction

from portefeuille.bank import queries as bank
from portefeuille.bank.operations.open_account import open_account
from portefeuille.budget.operations.vote import vote
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import NotAllowed
from portefeuille.core.identifiers import enterprise_number, establishment_number
from portefeuille.core.money import Money
from portefeuille.demo.applications import play_applications
from portefeuille.demo.recognitions import play_recognitions
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.add_person import GivenCapacity, add_person
from portefeuille.identity.operations.give_mandate import give_mandate
from portefeuille.identity.operations.save_profile import save_profile
from portefeuille.identity.queries import SignedIn, actor_of, handle_of, has_profile, mandates_given, people
from portefeuille.identity.roles import OF_A_PROVIDER, Actor, Assurance, Role
from portefeuille.providers.operations.add_provider import GivenRecognition, add_provider
from portefeuille.register.operations.add_enterprise import (
    GivenActivity,
    GivenEstablishment,
    add_enterprise,
)
from portefeuille.register.operations.load_nace import load_nace
from portefeuille.register.queries import Address
from portefeuille.signin.person_register import DEMO_NUMBER

Rows = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many of each the world holds."""

    enterprises: int
    providers: int
    people: int


def described() -> Rows:
    """The world as ``world.toml`` describes it."""
    return tomllib.loads((files("portefeuille.demo") / "world.toml").read_text(encoding="utf-8"))


@transaction.atomic
def load_world(*, at: datetime) -> Loaded:
    """Bring the demo world into the database; ``at`` says which year's budgets to vote.

    Raises NotAllowed for the database of a real installation: there, people without a password would be let in.
    """
    world = described()
    _must_be_a_demo(world)
    load_nace()
    for row in world["enterprise"]:
        _add_to_register(row)
        _add_profile(row)
    providers = dict(_providers(world["enterprise"], today=legal_day(at)))
    for row in world["person"]:
        _add_person(row, providers)
    _give_mandates(world["mandate"], at=at)
    _add_money(world, year=legal_day(at).year)
    play_applications(at=at)
    play_recognitions(world, at=at)
    return Loaded(len(world["enterprise"]), len(providers), len(world["person"]))


def _must_be_a_demo(world: Rows) -> None:
    known = {row["handle"] for row in world["person"]}
    strangers = {person.handle for person in people()} - known - {_handle_of_card_holder()}
    if strangers or set(bank.ibans()) - {world["account"]["iban"]}:
        raise NotAllowed(
            "In deze databank staan personen of rekeningen die niet van de demo zijn. De demo laat iedereen zonder "
            "wachtwoord binnen, en begint hier dus niet. Geef een andere databank."
        )


def _handle_of_card_holder() -> str:
    """Whoever signed in with the demo's own national number is of the demo too."""
    return handle_of(national_number_hash=hash_of(DEMO_NUMBER)) or ""


def _add_to_register(row: Rows) -> None:
    add_enterprise(
        number=enterprise_number(row["number"]),
        name=row["name"],
        trade_name=row.get("trade_name", ""),
        kind=row.get("kind", "legal"),
        legal_form=row.get("legal_form", ""),
        situation=row.get("situation", "000"),
        start_date=row["start_date"],
        seat=_address(row["seat"]) if "seat" in row else None,
        establishments=[
            GivenEstablishment(
                number=establishment_number(place["number"]),
                name=place.get("name", ""),
                start_date=place["start_date"],
                address=_address(place["address"]),
            )
            for place in row["establishment"]
        ],
        activities=[GivenActivity(*text.split()) for text in row["activities"]],
    )


def _address(row: Rows) -> Address:
    return Address(
        street=row["street"],
        house_number=row["house_number"],
        box=row.get("box", ""),
        zipcode=row["zipcode"],
        municipality=row["municipality"],
    )


def _add_profile(row: Rows) -> None:
    number = enterprise_number(row["number"])
    if "profile" not in row or has_profile(number):  # what somebody changed in the demo stays changed
        return
    told = dict(row["profile"])
    turnover = Money.euros(told.pop("turnover"))
    save_profile(actor=Actor.system(), enterprise=number, turnover=turnover, **told)


def _providers(rows: Iterable[Rows], *, today: date) -> Iterable[tuple[str, int]]:
    for row in rows:
        if "provider" in row:
            number = enterprise_number(row["number"])
            provider = add_provider(
                enterprise_number=number,
                legal_name=row["name"],
                trade_name=row.get("trade_name", ""),
                recognitions=[_recognition(recognition, today) for recognition in row["recognition"]],
                **row["provider"],
            )
            yield number, provider


def _recognition(row: Rows, today: date) -> GivenRecognition:
    """``ends_in_days`` counts from the day on which the demo begins."""
    told = dict(row)
    if "ends_in_days" in told:
        told["valid_to"] = today + timedelta(days=told.pop("ends_in_days"))
    return GivenRecognition(**told)


def _add_person(row: Rows, providers: dict[str, int]) -> None:
    capacities = [_capacity(act, providers) for act in row["acts"]]
    add_person(handle=row["handle"], name=row["name"], email=row["email"], capacities=capacities)


def _capacity(act: Rows, providers: dict[str, int]) -> GivenCapacity:
    role = Role(act["role"])
    number = enterprise_number(act["for"]) if "for" in act else ""
    if role in OF_A_PROVIDER:
        return GivenCapacity(role=role, provider=providers[number])
    return GivenCapacity(role=role, enterprise=number)


def _give_mandates(rows: Iterable[Rows], *, at: datetime) -> None:
    """By each enterprise's own administrator; a mandate that runs already stays as it is."""
    for row in rows:
        client, office = enterprise_number(row["from"]), enterprise_number(row["to"])
        administrator, capacity = next(
            (person, held)
            for person in people()
            for held in person.capacities
            if held.role is Role.ENTERPRISE_ADMIN and held.enterprise == client
        )
        actor = actor_of(SignedIn(administrator.id, capacity.id, assurance=Assurance.SUBSTANTIAL))
        assert actor is not None, "it was just read"
        if office not in {one.office for one in mandates_given(actor=actor)}:
            give_mandate(actor=actor, enterprise=client, office=office, at=at)


def _add_money(world: Rows, *, year: int) -> None:
    open_account(**world["account"])
    for voted_year in (year, year + 1):
        vote(scheme=world["budget"]["scheme"], year=voted_year, amount=Money.euros(world["budget"]["amount"]))
