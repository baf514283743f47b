"""When it goes wrong: a page of our own, with a title that fits, the sentence, and where to go."""

from __future__ import annotations

import html5lib
import pytest
from django.test import Client, RequestFactory
from tests.web.test_public import text_of

from portefeuille.core.errors import Invalid, KeyReused, NotAllowed, NotFound, Refusal, WrongState
from portefeuille.web.public import failures
from portefeuille.web.requests import RefusalsToPages


@pytest.mark.parametrize(
    ("refusal", "status", "title"),
    [
        (Invalid, 400, "Dat kan zo niet"),
        (NotAllowed, 403, "Dat mag je hier niet doen"),
        (NotFound, 404, "Dat vinden we niet"),
        (WrongState, 409, "Dat kan nu niet"),
        (KeyReused, 422, "Dat is al gebeurd"),
    ],
)
def test_a_refusal_that_no_page_caught_is_said(
    rf: RequestFactory, refusal: type[Refusal], status: int, title: str
) -> None:
    layer = RefusalsToPages(lambda request: None)  # type: ignore[arg-type, return-value]
    answer = layer.process_exception(rf.get("/x"), refusal("Het is <te> laat. Bel 1700."))
    assert answer is not None
    assert answer.status_code == status
    told = text_of(answer)
    assert f"{title} Het is <te> laat. Bel 1700." in told
    assert "van 9 tot 19 uur" in told
    html5lib.HTMLParser(strict=True).parse(answer.content.decode())


def test_a_failure_of_ours_is_not_taken_for_a_refusal(rf: RequestFactory) -> None:
    layer = RefusalsToPages(lambda request: None)  # type: ignore[arg-type, return-value]
    assert layer.process_exception(rf.get("/x"), KeyError("x")) is None


def test_when_everything_is_broken_the_page_still_looks_like_ours(rf: RequestFactory) -> None:
    """No database, no session, no template: this test has none of them."""
    answer = failures.broken(rf.get("/x"))
    assert answer.status_code == 500
    page = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert "components.css" in page
    assert "Er is niets half gebeurd" in page


def test_a_view_that_breaks_gives_that_page(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(limit: int = 0) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("portefeuille.messages.queries.newest", broken)
    visitor.raise_request_exception = False
    answer = visitor.get("/brievenbus")
    assert answer.status_code == 500
    assert "Er ging iets mis bij ons" in text_of(answer)


def test_an_address_that_only_takes_forms_says_so_when_it_is_opened(visitor: Client) -> None:
    answer = visitor.get("/afmelden")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "Dit is geen pagina" in text_of(answer)


@pytest.mark.parametrize("path", ["/", "/hulp", "/aanmelden", "/bestaat-niet", "/stijlgids"])
def test_every_page_carries_the_strict_policy(visitor: Client, path: str) -> None:
    policy = visitor.get(path)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    for lax in ("unsafe-inline", "unsafe-eval", "*"):
        assert lax not in policy
