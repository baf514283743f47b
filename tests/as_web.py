"""One connection serves a test and the pages that it opens: each request changes it to the web's own role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.http import HttpRequest, HttpResponse

from portefeuille.database.roles import WEB, WORKER


class AsWeb:
    """The outermost layer: from here on the database knows this connection as the web's, and knows nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go in as the web, come back as the worker that the test is."""
        _be(WEB)
        try:
            return self.get_response(request)
        finally:
            if connection.is_usable():
                _be(WORKER, kmo_role="system")


@contextmanager
def as_worker() -> Iterator[None]:
    """What the worker would do, done inside a request of a test."""
    before = _ask("SELECT current_setting('kmo.role'), current_setting('kmo.person')")
    _be(WORKER, kmo_role="system")
    yield
    _be(WEB, kmo_role=before[0], kmo_person=before[1])


def _be(role: str, *, kmo_role: str = "", kmo_person: str = "") -> None:
    _ask(f"SET ROLE {role}")
    for name, value in (("role", kmo_role), ("person", kmo_person), ("enterprise", ""), ("provider", "")):
        _ask("SELECT set_config('kmo.' || %s, %s, false)", name, value)


def _ask(statement: str, *values: str) -> tuple[str, ...]:
    """Beneath the framework, which counts the statements of a page."""
    connection.ensure_connection()
    cursor = connection.connection.execute(statement, values)
    return cursor.fetchone() if cursor.description else ()
