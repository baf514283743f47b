"""A project's pages in every state that it can be in, in light and dark: pictured, and without a finding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from tests.journeys.conftest import Site, Visitor
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.applications.operations.confirm_delivery import confirm_delivery
from portefeuille.applications.operations.stop import cancel, lapse
from portefeuille.budget.models import Budget
from portefeuille.core.calendar import BRUSSELS
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.identity.roles import Actor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


@pytest.fixture
def here(site: Site) -> World:
    world = World(day=datetime.now(tz=BRUSSELS).date())
    if world.day.year != 2026:
        from portefeuille.budget.operations.vote import vote

        vote(scheme="gids", year=world.day.year, amount=Money.euros("1000000.00"))
    world.government_pays_in()
    world.statement()
    return world


def play(world: World) -> dict[str, int]:
    """One application in each state, of one enterprise; each is small, so that all fit under its ceiling."""
    names = ("goedgekeurd", "deel-gestort", "gestort", "onderweg", "deel-betaald", "betaald", "afgerond")
    found = {name: world.apply("500.00") for name in names}
    found |= {"vervallen": world.apply("500.00"), "geannuleerd": world.apply("500.00")}
    found["geweigerd"] = world.apply("500.00", recognition_number="DV.A900502")
    for name in ("deel-gestort", "vervallen", "geannuleerd"):
        world.deposit(found[name], "100.00")
    for name in ("gestort", "onderweg", "deel-betaald", "betaald", "afgerond"):
        world.deposit(found[name], "300.00")
    world.statement()
    world.order(found["deel-betaald"], "200.00")
    world.order(found["betaald"], reference="+++090/9337/55493+++")
    world.order(found["afgerond"])
    world.pay()
    world.statement()
    world.order(found["onderweg"])
    cancel(actor=world.entrepreneur, application=found["geannuleerd"], at=world.now)
    budget = Budget.objects.get(year=world.day.year)
    Budget.objects.filter(pk=budget.pk).update(voted_cents=budget.committed_cents)
    found["wacht-op-budget"] = world.apply("500.00")
    world.pass_days(40)
    confirm_delivery(actor=world.provider, application=found["afgerond"], at=world.now)
    lapse(actor=Actor.system(), application=found["vervallen"], at=world.now)
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_state_of_a_project(here: World, visit: Visit, dark: bool) -> None:
    found = play(here)
    assert {here.view(number).state for number in found.values()} == set(State) - {State.DRAFT}
    visitor = visit(dark=dark)
    visitor.sign_in(f"Ga verder als {here.entrepreneur.name}")
    see = visitor.glance if dark else visitor.look
    see("dossier")
    for name, number in found.items():
        visitor.go(f"/project/{number}")
        for details in visitor.page.locator("main details").all():
            details.evaluate("details => { details.open = true; }")
        see(name)
    visitor.go(f"/project/{found['gestort']}/betalen")
    visitor.page.get_by_label("Bedrag dat je dienstverlener krijgt").fill("200")
    visitor.press("Ik betaal")
    visitor.sees("Er blijft € 300,00 onbetaald")
    see("te-weinig")
    visitor.go(f"/project/{found['deel-betaald']}/annuleren")
    see("annuleren")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_staffs_pages(here: World, visit: Visit, dark: bool) -> None:
    brussels = here.enterprise(
        OTHER_ENTERPRISE, "Studio Brussel", "BE95999020000258", zipcode="1000", works_at="1800"
    )
    waits = here.apply(actor=brussels)
    found = play(here)
    here.transfer("12.00", text="geen idee")
    here.statement()
    run = here.pay()
    for person, pages in (
        ("Office", ["/kantoor", f"/kantoor/{waits}", f"/kantoor/{found['geweigerd']}"]),
        (
            "Provider",
            ["/dienstverlener", *(f"/dienstverlener/{found[name]}" for name in ("gestort", "betaald"))],
        ),
        (
            "Operator",
            [
                "/beheer",
                "/beheer/uittreksels",
                "/beheer/uittreksels/1",
                "/beheer/uitzonderingen",
                "/beheer/uitzonderingen/1",
                "/beheer/betalingen",
                f"/beheer/betalingen/{run}",
                "/beheer/grootboek",
            ],
        ),
    ):
        visitor = visit(dark=dark)
        visitor.sign_in(f"Ga verder als {person}")
        for address in pages:
            visitor.go(address)
            see = visitor.glance if dark else visitor.look
            see(address.strip("/").replace("/", "-"))


def test_what_a_clerk_may_hand_in_by_mistake(
    here: World, visit: Visit, work: Callable[[], None], tmp_path
) -> None:  # type: ignore[no-untyped-def]
    good = here.bank.close_day(here.day)
    stranger = good.replace(here.bank.iban.encode(), b"BE68539007547034")
    operator = visit()
    operator.sign_in("Ga verder als Operator")
    operator.go("/beheer/uittreksels")
    operator.press("Inladen")
    operator.sees("Kies eerst een bestand.")
    operator.look("geen-bestand")
    for name, content, words in (
        ("rapport.pdf", b"%PDF-1.7", "Dit is een PDF."),
        ("afgekapt.cod", good[: len(good) // 2], "is niet geboekt"),
        ("vreemd.cod", stranger, "Dat is geen rekening van de portefeuille."),
        ("goed.cod", good, "Geboekt"),
        ("nog-eens.cod", good, "Dit uittreksel was al geboekt."),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        operator.go("/beheer/uittreksels")
        operator.page.get_by_label("CODA-bestand").set_input_files(path)
        operator.press("Inladen")
        work()
        operator.page.get_by_text(words).first.wait_for()
        operator.look(path.stem)
