"""Somebody who edits the address bar or posts to another's form: every address that names something, as every role."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import get_resolver
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.applications.operations.submit import start_draft
from portefeuille.core.money import Money
from portefeuille.history.models import Event
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.messages.models import Message
from portefeuille.providers.operations.add_provider import GivenRecognition, add_provider

# For whom an address is; whoever is not named here gets nothing but a refusal.
FOR = {
    "/aanvraag/{}/wat": {"own"},
    "/aanvraag/{}/wie-en-wanneer": {"own"},
    "/aanvraag/{}/prijs": {"own"},
    "/aanvraag/{}/nakijken": {"own"},
    "/project/{}": {"own"},
    "/project/{}/betalen": {"own"},
    "/project/{}/annuleren": {"own"},
    "/dienstverlener/{}": {"own provider"},
    "/kantoor/{}": {"office"},
}
STRANGERS = ("other enterprise", "other provider", "own provider", "operator", "office", "own")
EVERYTHING = {
    "declared": "on",
    "key": "stolen",
    "amount": "10,00",
    "sure": "10.00",
    "reference": "",
    "outcome": "refuse",
    "reasons": "Omdat het kan.",
    "name": "Overgenomen",
    "people": "x",
    "naar": "wat",
}


@pytest.fixture(autouse=True)
def _today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: world.now)


@pytest.fixture
def funded(world: World) -> int:
    """Everything could be done to it: it can be paid, cancelled and read."""
    application = world.apply("1000.00")
    world.government_pays_in()
    world.deposit(application, "600.00")
    world.statement()
    return application


def somebody(world: World, who: str) -> Actor:
    if who == "other enterprise":
        return world.enterprise(OTHER_ENTERPRISE, "Vreemd", "BE95999020000258")
    if who == "other provider":
        other = add_provider(
            enterprise_number="1998000258",
            legal_name="Andere School",
            iban="BE59999001111126",
            email="x@school.example",
            recognitions=[GivenRecognition("DV.O900777", date(2020, 1, 1))],
        )
        return world.person("other-provider", GivenCapacity(Role.PROVIDER, provider=other))
    actors = {"own provider": world.provider, "operator": world.operator, "office": world.office}
    return actors.get(who, world.entrepreneur)


def test_every_address_that_names_an_application_is_listed_here() -> None:
    named = {
        str(pattern.pattern)
        for part in get_resolver().url_patterns
        for pattern in getattr(part, "url_patterns", [part])
        if "<int:number>" in str(pattern.pattern)
    }
    listed = {path.replace("{}", "<int:number>").strip("/") for path in FOR}
    # Payment files, statements and exceptions belong to no enterprise; the mailbox is the demo's.
    others = {name for name in named if name.startswith(("/uit", "/betalingen", "brievenbus", "/<int"))}
    assert named - others == {
        "aanvraag/<int:number>/berekening",  # it answers with nothing of what is not the actor's own
        "aanvraag/<int:number>/<slug:step>",
        *(name for name in listed if name.startswith("project")),
    }


@pytest.mark.parametrize(
    ("path", "who"), [(path, who) for path, theirs in FOR.items() for who in STRANGERS if who not in theirs]
)
def test_what_is_not_yours_can_not_be_read_or_changed(
    world: World, sign_in, funded: int, path: str, who: str
) -> None:
    drafted = start_draft(actor=world.entrepreneur, at=world.now, answers={"name": "Geheim plan"})
    client: Client = sign_in(somebody(world, who))
    before = (world.view(funded), world.view(drafted), world.figures(funded))
    counted = (Event.objects.count(), Message.objects.count())
    for number in (funded, drafted, 10**30):
        for answer in (client.get(path.format(number)), client.post(path.format(number), EVERYTHING)):
            assert answer.status_code in (403, 404, 405), (path, number, answer.status_code)
            assert "Geheim plan" not in answer.content.decode()
    assert (world.view(funded), world.view(drafted), world.figures(funded)) == before
    assert (Event.objects.count(), Message.objects.count()) == counted


@pytest.mark.parametrize("who", ["other enterprise", "other provider", "own provider", "operator", "office"])
def test_the_live_calculation_tells_a_stranger_nothing(world: World, sign_in, funded: int, who: str) -> None:
    drafted = start_draft(actor=world.entrepreneur, at=world.now, answers={"amount": "1234"})
    client: Client = sign_in(somebody(world, who))
    for number in (funded, drafted):
        answer = client.post(f"/aanvraag/{number}/berekening", {})
        assert answer.status_code in (204, 404)
        assert "1.234" not in answer.content.decode()


@pytest.mark.parametrize("path", FOR)
def test_a_visitor_is_asked_to_sign_in_first(world: World, visitor: Client, funded: int, path: str) -> None:
    for answer in (visitor.get(path.format(funded)), visitor.post(path.format(funded), EVERYTHING)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/aanmelden?volgende=")
    assert world.figures(funded).held == Money.euros("1000.00")


def test_a_key_of_somebody_else_is_no_way_in(world: World, sign_in, funded: int) -> None:
    """The key of a repeated request counts for its own actor only."""
    own = sign_in(world.entrepreneur)
    own.post(f"/project/{funded}/betalen", {"amount": "1.000,00", "reference": "", "key": "same"})
    other = somebody(world, "other enterprise")
    theirs = world.apply("1000.00", actor=other)
    world.transfer("600.00", _reference(theirs), account="BE95999020000258")
    world.statement()
    sign_in(other).post(f"/project/{theirs}/betalen", {"amount": "1.000,00", "reference": "", "key": "same"})
    assert world.figures(funded).ordered == world.figures(theirs).ordered == Money.euros("1000.00")


def _reference(application: int) -> str:
    from portefeuille.wallet import queries as wallets

    return wallets.wallet(application).reference
