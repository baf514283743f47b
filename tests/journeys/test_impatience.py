"""Somebody who reads no manual: clicks twice, goes back, opens two tabs, signs out meanwhile, has only a keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page
from tests.journeys.conftest import Site, Visitor, world_of
from tests.world import World

from portefeuille.applications import queries as applications
from portefeuille.applications.operations.submit import start_draft
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


@pytest.fixture
def here(site: Site, today: date) -> World:
    return world_of(today)


@pytest.fixture
def entrepreneur(here: World, visit: Visit) -> Visitor:
    visitor = visit()
    visitor.sign_in(f"Ga verder als {here.entrepreneur.name}")
    return visitor


def draft(world: World, **more: object) -> int:
    """A draft with everything filled in, as it would be typed."""
    day = world.day
    answers = {
        "service": "training",
        "nace": "2008:10712",
        "name": "Leidinggeven",
        "theme": "business_strategy",
        "form": "classroom",
        "support": "Ik leer een ploeg aansturen.",
        "people": [["Nele", "self_employed_or_manager"]],
        "agreement_on": f"{day.day}/{day.month}/{day.year}",
        "starts_on": f"{day.day}/{day.month}/{day.year}",
        "ends_on": f"{day.day}/{day.month}/{day.year}",
        "amount": "1.250,50",
        "vat": "2100",
        "provider_search": "kompas",
        **more,
    }
    return start_draft(actor=world.entrepreneur, at=world.now, answers=answers)


def submitted(world: World) -> list[applications.ApplicationView]:
    found = applications.of_enterprise(world.entrepreneur.enterprise, actor=world.entrepreneur)
    return [one for one in found if one.submitted_at]


def test_clicking_twice_going_back_and_a_second_tab_submit_once(here: World, entrepreneur: Visitor) -> None:
    number, page = draft(here), entrepreneur.page
    entrepreneur.go(f"/aanvraag/{number}/nakijken")
    page.get_by_label("Ik verklaar").check()
    second = page.context.new_page()
    second.goto(page.url)
    second.get_by_label("Ik verklaar").check()
    page.get_by_role("button", name="Aanvraag indienen").dblclick()
    page.wait_for_url(f"**/project/{number}")
    page.go_back()
    page.wait_for_url(f"**/project/{number}")
    [view] = submitted(here)
    second.get_by_role("button", name="Aanvraag indienen").click()
    second.wait_for_url(f"**/project/{number}")
    second.get_by_text(f"Deze aanvraag is ingediend. Je projectnummer is {view.project_number}.").wait_for()
    assert submitted(here) == [view]


def test_two_tabs_each_keep_what_was_typed_in_them(here: World, entrepreneur: Visitor) -> None:
    number, first = draft(here), entrepreneur.page
    second = first.context.new_page()
    first.goto(f"{entrepreneur.site.url}/aanvraag/{number}/wat")
    second.goto(f"{entrepreneur.site.url}/aanvraag/{number}/prijs")
    first.get_by_label("Naam van de opleiding of het advies").fill("In het eerste venster")
    second.get_by_label("Bedrag zonder btw").fill("2000")
    second.get_by_role("button", name="Bewaar en ga verder").click()
    first.get_by_role("button", name="Bewaar en ga verder").click()
    first.wait_for_url("**/wie-en-wanneer")
    entrepreneur.go(f"/aanvraag/{number}/nakijken")
    entrepreneur.sees("In het eerste venster", "€ 2.000,00")


def test_every_button_of_a_step_keeps_what_was_typed(here: World, entrepreneur: Visitor) -> None:
    number, page = draft(here), entrepreneur.page
    for button in ("Terug", "1. Wat", "Zoek"):
        entrepreneur.go(f"/aanvraag/{number}/prijs")
        page.get_by_label("Bedrag zonder btw").fill(f"veel {button}")
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_load_state()
        entrepreneur.go(f"/aanvraag/{number}/prijs")
        assert page.get_by_label("Bedrag zonder btw").input_value() == f"veel {button}"


def test_an_error_keeps_the_text_and_takes_the_focus(here: World, entrepreneur: Visitor) -> None:
    number, page = draft(here), entrepreneur.page
    entrepreneur.go(f"/aanvraag/{number}/prijs")
    page.get_by_label("Bedrag zonder btw").fill("1,250.50")
    entrepreneur.press("Bewaar en ga verder")
    assert page.evaluate("document.activeElement.className") == "errors"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_amount"
    assert page.get_by_label("Bedrag zonder btw").input_value() == "1,250.50"


def test_signing_out_in_another_tab_loses_nothing(here: World, entrepreneur: Visitor) -> None:
    number, page = draft(here), entrepreneur.page
    entrepreneur.go(f"/aanvraag/{number}/wat")
    page.get_by_label("Hoe helpt dit je activiteit?").fill("Een lang verhaal, dat ik niet twee keer typ.")
    page.context.clear_cookies(name="sessionid")
    entrepreneur.press("Bewaar en ga verder")
    entrepreneur.press("Kies wie je bent")
    entrepreneur.press(f"Ga verder als {here.entrepreneur.name}")
    page.wait_for_url(f"**/aanvraag/{number}/wat")
    entrepreneur.sees("Wat je typte, staat hier nog.")
    entrepreneur.look("weer-aangemeld")
    assert page.get_by_label("Hoe helpt dit je activiteit?").input_value().startswith("Een lang verhaal")


def test_signing_in_again_in_another_tab_leaves_the_text_to_go_back_to(here: World, visit: Visit) -> None:
    """The form's proof is old by then. The page that says so promises that the text is still there: it is."""
    entrepreneur = visit(refusals=(403,))
    entrepreneur.sign_in(f"Ga verder als {here.entrepreneur.name}")
    number, page = draft(here), entrepreneur.page
    entrepreneur.go(f"/aanvraag/{number}/wat")
    page.get_by_label("Hoe helpt dit je activiteit?").fill("Een lang verhaal.")
    other = page.context.new_page()
    other.goto(f"{entrepreneur.site.url}/aanmelden/demo")
    other.get_by_role("button", name=f"Ga verder als {here.entrepreneur.name}").click()
    other.wait_for_url("**/mijn-dossier")
    entrepreneur.press("Bewaar en ga verder")
    entrepreneur.sees("Ga terug: wat je typte, staat er nog.")
    page.go_back()
    assert page.get_by_label("Hoe helpt dit je activiteit?").input_value() == "Een lang verhaal."


def reach(page: Page, words: str) -> None:
    """Go there with the Tab key alone, and see where one is."""
    for _ in range(60):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => {
                const here = document.activeElement;
                const label = here.labels && here.labels.length ? here.labels[0].innerText : here.innerText;
                return here.matches(":focus-visible") ? (label || "") : "(not to be seen) " + label;
            }"""
        )
        if told.strip().startswith(words):
            return
    raise AssertionError(f"{words!r} can't be reached by keyboard on {page.url}")


def test_the_whole_application_by_keyboard_alone_on_a_narrow_screen(
    here: World, entrepreneur: Visitor, today: date
) -> None:
    page = entrepreneur.page
    page.set_viewport_size({"width": 320, "height": 640})
    entrepreneur.go("/mijn-dossier")
    reach(page, "Nieuwe subsidie aanvragen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/aanvraag/nieuw")
    reach(page, "Begin een nieuwe aanvraag")
    page.keyboard.press("Enter")
    page.wait_for_url("**/wat")
    for words, keys in (
        ("Opleiding", " "),
        ("10712", " "),
        ("Naam van de opleiding", "Leidinggeven"),
        ("Thema", "Inno"),
        ("Klassikaal", " "),
        ("Hoe helpt dit", "Ik leer een ploeg aansturen."),
    ):
        reach(page, words)
        page.keyboard.type(keys)
    reach(page, "Bewaar en ga verder")
    page.keyboard.press("Enter")
    page.wait_for_url("**/wie-en-wanneer")
    day = f"{today.day}/{today.month}/{today:%y}"
    for words in ("Eerste dag", "Laatste dag"):
        reach(page, words)
        page.keyboard.type(day)
    page.keyboard.press("Enter")  # from the last box: on, without another row of people
    page.wait_for_url("**/prijs")
    for words, keys in (("Bedrag zonder btw", "1250,-"), ("Btw", "Het"), ("Je dienstverlener", "DV.0900501")):
        reach(page, words)
        page.keyboard.type(keys)
    page.keyboard.press("Enter")
    page.wait_for_url("**/nakijken")
    reach(page, "Ik verklaar")
    page.keyboard.press("Space")
    reach(page, "Aanvraag indienen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/project/*")
    [view] = submitted(here)
    assert (view.state, view.amount, view.starts_on) == (State.APPROVED, Money.euros("1250.00"), today)
    assert view.recognition_number == "DV.O900501"
