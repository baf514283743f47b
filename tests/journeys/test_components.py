"""The components in a real browser: in light and dark, with and without scripts, by keyboard and by ear."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser
from tests.journeys.conftest import Site, Visitor, check_accessible
from tests.web.conftest import capacity_of
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.identity.models import Capacity
from portefeuille.identity.roles import Role

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


@pytest.fixture
def here(site: Site) -> World:
    """The small world, behind a site."""
    return World()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_style_guide(here: World, visit: Visit, dark: bool) -> None:
    visitor = visit(dark=dark)
    visitor.go("/stijlgids")
    visitor.look("stijlgids")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_changing_for_whom_you_act(here: World, visit: Visit, dark: bool) -> None:
    here.enterprise(OTHER_ENTERPRISE, "Brouwerij Mout", "BE29999010000164")
    Capacity.objects.create(
        person_id=here.entrepreneur.person_id, role=Role.ENTREPRENEUR, enterprise_number=OTHER_ENTERPRISE
    )
    visitor = visit(dark=dark)
    visitor.sign_in(f"Ga verder als {here.entrepreneur.name}")
    visitor.press("wissel")
    visitor.look("wissel")
    visitor.press("Brouwerij Mout")
    visitor.sees("Je handelt nu voor Brouwerij Mout.")
    visitor.look("gewisseld")


def test_the_calculator_says_its_answer_and_keeps_it_in_the_address(here: World, visit: Visit) -> None:
    page = (visitor := visit()).page
    visitor.go("/")
    page.get_by_label("Bedrag zonder btw").fill("1.250,00")
    page.locator("#gezegd").get_by_text("Jij stort € 750,00, de overheid legt er € 500,00 bij.").wait_for()
    page.wait_for_url("**bedrag=1.250%2C00**")
    page.reload()
    visitor.sees("€ 750,00", "€ 500,00")


def test_the_latest_answer_counts_however_late_the_first_one_comes(here: World, visit: Visit) -> None:
    page = (visitor := visit()).page
    visitor.go("/")
    held = []
    page.route("**bedrag=1000&**", lambda route: held.append(route))
    with page.expect_request("**bedrag=1000&**"):
        page.get_by_label("Bedrag zonder btw").fill("1000")
    page.get_by_label("Bedrag zonder btw").fill("2000")
    page.locator("#berekening").get_by_text("1.200,00").first.wait_for()
    with page.expect_response("**bedrag=1000&**"):
        held[0].continue_()
    assert "1.200,00" in page.locator("#berekening").inner_text()


def test_the_calculator_works_without_scripts(here: World, site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url)
    page.get_by_label("Een advies").check()
    page.get_by_label("Bedrag zonder btw").fill("1.250,00")
    page.get_by_role("button", name="Bereken").click()
    assert "€\u00a0750,00" in page.locator("#berekening").inner_text()
    assert page.get_by_role("button", name="Kopieer").count() == 0
    context.close()


def test_the_summary_of_errors_leads_to_the_field(here: World, visit: Visit) -> None:
    page = (visitor := visit()).page
    visitor.go("/stijlgids")
    for words, name in (
        ("“veel” is geen bedrag", "fout-amount"),
        ("Kies bij “Wat wil je volgen?”", "fout-service"),
    ):
        page.get_by_role("link", name=words).click()
        assert page.evaluate("document.activeElement.id") == f"id_{name}"


def test_a_form_is_sent_once_however_often_one_clicks(here: World, visit: Visit) -> None:
    page = (visitor := visit()).page
    visitor.go("/aanmelden/demo")
    held_back = page.evaluate(
        """number => {
            const outcomes = [];
            window.addEventListener("submit", (event) => {
                outcomes.push(event.defaultPrevented);
                event.preventDefault();  // the window hears it last: nothing leaves during this test
            });
            const button = document.querySelector(`button[value="${number}"]`);
            button.click();
            button.click();
            return outcomes;
        }""",
        capacity_of(here.entrepreneur),
    )
    assert held_back == [False, True]


def test_what_is_copied_is_the_number_and_the_button_says_so(here: World, visit: Visit) -> None:
    page = (visitor := visit()).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.go("/stijlgids")
    page.get_by_role("button", name="Kopieer de mededeling").click()
    page.get_by_role("button", name="Gekopieerd").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "+++410/0000/00124+++"
    page.get_by_role("button", name="Kopieer de mededeling").wait_for()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_for_when_it_goes_wrong(here: World, site: Site, browser: Browser, dark: bool) -> None:
    context = browser.new_context(
        color_scheme="dark" if dark else "light", viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    answer = page.goto(f"{site.url}/bestaat-niet")
    assert answer is not None
    assert answer.status == 404
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
