"""A real browser on a real server: the whole platform in this process, on a database where everything is committed."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright
from tests.signin.cards import FakeOcsp
from tests.signin.nginx import Nginx
from tests.signin.nginx import running as nginx_running
from tests.signin.provider import modules
from tests.world import START, World

from portefeuille.budget.operations.vote import vote
from portefeuille.core.calendar import BRUSSELS
from portefeuille.core.money import Money

PICTURES = Path(os.environ.get("KMO_PICTURES", Path(__file__).parent / "pictures"))
WIDTHS = {"wide": 1280, "phone": 390, "narrow": 320}


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Requests are not what a test prints."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes its connection early is no failure."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the platform answers."""

    url: str


@pytest.fixture
def site(committed_db: str) -> Iterator[Site]:
    """The platform, served by threads of this process."""
    from portefeuille.web.wsgi import application

    server = _Server(("127.0.0.1", 0), _QuietHandler, ipv6=False)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def today(site: Site) -> date:
    """The day on which the platform's own clock runs."""
    return datetime.now(tz=BRUSSELS).date()


def world_of(today: date) -> World:
    """The small world on that day, with a budget for its year whatever year that is."""
    world = World(day=today)
    if today.year != START.year:
        vote(scheme="gids", year=today.year, amount=Money.euros("1000000.00"))
    return world


@pytest.fixture
def work() -> Callable[[], None]:
    """Let the worker do all jobs that wait, and return."""

    def run() -> None:
        from procrastinate.contrib.django import app

        worker = app.with_connector(app.connector.get_worker_connector())
        thread = threading.Thread(
            target=lambda: worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
        )
        thread.start()
        thread.join(60)
        assert not thread.is_alive(), "the worker did not come to an end"

    return run


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The library that drives the browser.

    It ends with its file of tests: while it is there, the framework takes this thread for an asynchronous one and
    refuses the database to every other test that comes by here.
    """
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The distribution's own Chromium."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert path, "no Chromium: ./kmo test installs it, or says how"
    running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield running
    running.close()


@dataclass
class Visitor:
    """Somebody at a browser, whose every page is checked and pictured."""

    page: Page
    site: Site
    story: str
    _step: int = 0

    def go(self, path: str) -> None:
        """Type an address."""
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.ok, (path, answer.status)

    def sign_in(self, button: str) -> None:
        """By the demo's own page."""
        self.go("/aanmelden/demo")
        self.press(button)

    def press(self, name: str) -> None:
        """A button or a link, by its words."""
        button = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        button.first.click()
        self.page.wait_for_load_state()

    def sees(self, *words: str) -> None:
        """These words are on the page."""
        told = self.page.locator("body").inner_text().replace("\u00a0", " ")
        for one in words:
            assert one in told, f"{one!r} is not on {self.page.url}:\n{told}"

    def look(self, name: str) -> None:
        """A picture of the page at each width, no sideways scrolling, and nothing that a screen reader trips over."""
        self._step += 1
        folder = PICTURES / self.story
        folder.mkdir(parents=True, exist_ok=True)
        for width_name, width in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": 900})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, (self.page.url, width)
            if width_name != "phone":
                check_accessible(self.page)
            if width_name != "narrow":
                self.page.screenshot(
                    path=folder / f"{self._step:02d}-{name}-{width_name}.png", full_page=True
                )
        self.page.set_viewport_size({"width": WIDTHS["wide"], "height": 900})

    def glance(self, name: str) -> None:
        """One picture, and the same check at the width of a phone: for a page of which only the colours are new."""
        self._step += 1
        folder = PICTURES / self.story
        folder.mkdir(parents=True, exist_ok=True)
        self.page.set_viewport_size({"width": WIDTHS["phone"], "height": 900})
        check_accessible(self.page)
        self.page.screenshot(path=folder / f"{self._step:02d}-{name}-phone.png", full_page=True)


def check_accessible(page: Page) -> None:
    """WCAG A and AA by axe, without an ignore list."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


@pytest.fixture
def visit(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """Open a browser window for one person; nothing may go wrong in its console but refusals that the test expects."""
    contexts = []
    complaints: list[str] = []

    def open_window(
        *, dark: bool = False, at: Site | None = None, refusals: tuple[int, ...] = (), **more: Any
    ) -> Visitor:
        """``at``: another address than the platform's own; ``refusals``: statuses that pages here may have."""
        context = browser.new_context(
            viewport={"width": WIDTHS["wide"], "height": 900},
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
            locale="nl-BE",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        allowed = tuple(f"the server responded with a status of {code}" for code in refusals)

        def hear(said: ConsoleMessage) -> None:
            if said.type in ("error", "warning") and not any(words in said.text for words in allowed):
                complaints.append(said.text)

        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Visitor(page, at or site, request.node.name.removeprefix("test_"))

    yield open_window
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def in_earnest(settings: Any) -> None:
    """As a real installation shows itself: without the demo's own sign-in."""
    import_module(
        "portefeuille.web.urls"
    )  # made once, with the demo's own pages in it: other journeys need them
    settings.DEMO = False


@pytest.fixture
def behind_nginx(site: Site, settings: Any, tmp_path: Path) -> Iterator[Nginx]:
    """The web server that we ship, which reads cards at an address of its own."""
    from tests.journeys.means import CARDS

    # The browser's proxy for cards asks the machine for names, which knows these two only.
    names = {"host": "127.0.0.1", "eid_host": "localhost"}
    with nginx_running(tmp_path, upstream=urlsplit(site.url).netloc, hierarchy=CARDS, **names) as started:
        settings.EID = {
            "address": started.eid_address,
            "secret_file": str(tmp_path / "eid-secret"),
            "trust": str(tmp_path / "trust"),
            "ocsp": "tests.signin.cards.FakeOcsp",
        }
        settings.PUBLIC_ADDRESS = started.address
        settings.ALLOWED_HOSTS = [*names.values()]
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        yield started
    FakeOcsp.answer = True


@pytest.fixture(scope="session")
def provider_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the certified provider is installed, once."""
    return modules(tmp_path_factory.mktemp("oidc-provider"))
