"""Pages, asked of the whole application as a web server asks it, over the demo world.

H1 compares the processor time of a list of twenty rows with the least that could give the same table: one prepared
query and a template that is a Python function. H2 counts what each page asks of the database. Every page's time at the
median is noted, and its ratio to the health page (one query, no template).
"""

from __future__ import annotations

import html
import random
import re
import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any

import psycopg

from benchmarks.database import measured_database, work_as
from benchmarks.measuring import Count, Ratio, Story, Target, cpu_seconds, seconds
from portefeuille.core.formats import ogm
from portefeuille.core.formats.coda_writer import Line, write
from portefeuille.core.money import Money

PAGES = {
    "": ["/", "/hulp"],
    "joris": ["/mijn-dossier", "/project/1", "/project/1/betalen"],
    "tom": ["/beheer", "/beheer/uitzonderingen", "/beheer/grootboek"],
    "ruth": ["/dienstverlener"],
    "greet": ["/kantoor", "/kantoor/3"],
}
LISTS = {"/mijn-dossier", "/beheer/uitzonderingen", "/dienstverlener", "/kantoor"}
QUEUE = "/beheer/uitzonderingen"
ROWS = 20
TIMES = 40
SIGNED_IN = ("django_session", '"identity_person"', '"identity_capacity"')

Ask = Callable[[str], bytes]


def measure(rounds: int) -> Story:
    """H1, H2, and the time of every page."""
    story = Story()
    with measured_database() as server:
        from portefeuille.demo.world import load_world
        from portefeuille.identity import queries as identity

        load_world(at=datetime.now(tz=UTC))
        fill_queue()
        capacities = {one.handle: one.capacities[0].id for one in identity.people() if one.capacities}
        work_as(server.web_url)
        asks = {who: asking(_capacity_of(who, capacities)) for who in PAGES}
        _h1(story, asks["tom"], server.owner_url, rounds)
        for who, paths in PAGES.items():
            for path in paths:
                _h2(story, asks[who], path)
        story.notes["milliseconds at the median, and ratio to the health page"] = dict(_times(asks, rounds))
    return story


def _h1(story: Story, ask: Ask, url: str, rounds: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        shown = ask(QUEUE).decode()
        bare = floor(connection, shown)
        least = bare()
        assert abs(len(least) - len(shown)) < len(shown) / 10, "not the same amount of text"
        numbers = [set(re.findall(rf"{QUEUE}/(\d+)", page)) for page in (shown, least)]
        assert numbers[0] == numbers[1], "not the same table"
        assert len(numbers[0]) == ROWS
        ours, floors = [], []
        for _ in range(rounds):
            floors.append(1000 * cpu_seconds(lambda: [bare() for _ in range(TIMES)]) / TIMES)
            ours.append(1000 * cpu_seconds(lambda: [ask(QUEUE) for _ in range(TIMES)]) / TIMES)
    story.ratios.append(
        Ratio(
            "H1",
            f"the queue of exceptions with {ROWS} rows, signed in",
            "a prepared query and a template without Django",
            "ms of processor time",
            ours,
            floors,
            Target(at_most=2.5),
        )
    )


def _h2(story: Story, ask: Ask, path: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        ask(path)
    own = [query for query in asked if not any(table in query["sql"] for table in SIGNED_IN)]
    story.counts.append(
        Count(
            "H2" if path in LISTS else "",
            f"SQL statements of {path}, {len(asked) - len(own)} for session, person and capacity not counted",
            len(own),
            Target(at_most=2) if path in LISTS else None,
        )
    )


def _times(asks: dict[str, Ask], rounds: int) -> Any:
    for who, paths in PAGES.items():
        for path in paths:
            base, took = [], []
            for _ in range(rounds * 4):
                base.append(seconds(lambda: asks[""]("/gezondheid")))
                took.append(seconds(lambda who=who, path=path: asks[who](path)))  # type: ignore[misc]
            ratio = statistics.median(one / floor for one, floor in zip(took, base, strict=True))
            yield path, [round(1000 * statistics.median(took), 1), round(ratio, 1)]


def _capacity_of(who: str, capacities: dict[str, int]) -> int | None:
    """Of the one person whose handle begins so; None for nobody."""
    if not who:
        return None
    [found] = [number for handle, number in capacities.items() if handle.startswith(who)]
    return found


def asking(capacity: int | None) -> Ask:
    """How a person's browser asks for a page, straight from the application that the web server calls."""
    from portefeuille.web.wsgi import application

    cookie = ""
    if capacity is not None:
        from django.test import Client

        client = Client()
        assert client.post("/aanmelden/demo", {"hoedanigheid": capacity}).status_code == 302
        cookie = SimpleCookie({name: morsel.value for name, morsel in client.cookies.items()}).output(
            header="", sep=";"
        )

    def ask(path: str) -> bytes:
        answered: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_COOKIE": cookie,
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
        }
        body = application(environ, lambda status, headers: answered.append(status))
        content = b"".join(body)
        body.close()  # ends the request, as a web server does
        assert answered[0].startswith("200"), (path, answered)
        return content

    return ask


def fill_queue() -> None:
    """A bank statement of which no line finds its place."""
    from portefeuille.bank import queries as bank
    from portefeuille.bank.operations.import_statement import hand_in, import_file
    from portefeuille.identity.roles import Actor, Assurance, Role

    at = datetime.now(tz=UTC)
    account = bank.account()
    chance = random.Random(1)
    lines = [
        Line(
            Money(chance.randrange(10_000, 900_000)),
            name=f"Onbekende klant {number}",
            account="BE29999010000164",
            reference=ogm.make(1_000_000_000 + number),
        )
        for number in range(ROWS - len(bank.exceptions()))
    ]
    content = write(
        account=account.iban,
        holder=account.holder,
        sequence=(bank.statements(limit=1)[0].sequence if bank.statements(limit=1) else 0) + 1,
        day=max(at.date(), account.covered_until or at.date()),
        opening=account.balance,
        lines=lines,
    )
    operator = Actor(role=Role.OPERATOR, assurance=Assurance.HIGH)
    import_file(actor=operator, file=hand_in(actor=operator, name="x", content=content, at=at), at=at)


_QUERY = """
SELECT e.id, m.counterparty_name, m.entry_on, e.reason, m.communication, e.left_cents
FROM bank_bankexception AS e JOIN bank_movement AS m ON m.id = e.movement_id
WHERE e.settled_at IS NULL ORDER BY e.id LIMIT 500
"""


def floor(connection: psycopg.Connection, page: str) -> Callable[[], str]:
    """One prepared query, and a template that is a function: the same table, in the same page around it."""
    safe = html.escape
    above, rest = page.split("<tbody>", 1)
    below = rest.split("</tbody>", 1)[1]

    def bare() -> str:
        rows = connection.execute(_QUERY, prepare=True).fetchall()
        cells = [
            f'<tr><td><a href="{QUEUE}/{number}">{safe(name)}</a><br><span class="soft">{day:%d/%m/%Y}</span></td>'
            f'<td data-label="Waarom hier?">{safe(reason)}<br><span class="soft">{safe(said[:60])}</span></td>'
            f'<td data-label="Hoort misschien bij">–</td>'
            f'<td class="number" data-label="Bedrag">€ {Money(cents).belgian}</td></tr>\n'
            for number, name, day, reason, said, cents in rows
        ]
        return f"{above}<tbody>{''.join(cells)}</tbody>{below}"

    return bare
