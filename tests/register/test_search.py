"""Finding an enterprise among many: what is found, in which order, and that an index answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from benchmarks.kbo_extract import write_extract
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portefeuille.register import queries, search_entries
from portefeuille.register.operations.add_enterprise import GivenEstablishment, add_enterprise
from portefeuille.register.operations.load_open_data import load
from portefeuille.register.queries import Address

pytestmark = pytest.mark.django_db


def add(serial: int, name: str, *towns: str, trade_name: str = "") -> None:
    """An enterprise with a seat in the first town and an establishment in each other one; a postcode goes before it."""
    places = [Address("Straat", "1", "", *town.split(" ", 1)) for town in towns]
    add_enterprise(
        number=f"19990000{serial:02}",
        name=name,
        start_date=date(2020, 1, 1),
        trade_name=trade_name,
        seat=places[0] if places else None,
        establishments=[
            GivenEstablishment(f"8999{serial:02}{at:04}", date(2020, 1, 1), place)
            for at, place in enumerate(places[1:])
        ],
    )


@pytest.fixture(autouse=True)
def town() -> None:
    add(1, "Bakkerij Peeters", "9000 Gent")
    add(2, "Peeters Bakkerij", "2000 Antwerpen", "9000 Gent")
    add(3, "Bakkerij Janssens & Zonen B.V.", "1050 Elsene")
    add(4, "Crèmerie 't Hoekje", "8500 Kortrijk", trade_name="IJsboetiek")
    add(5, "Jan Van den Bossche", "9100 Sint-Niklaas")
    add(6, "Ørsted Belgium")
    add(7, "Slagerij Peeters", "9000 Gent")


def names(text: str, place: str = "") -> list[str]:
    return [one.name for one in queries.search(text, place=place)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bakkerij", {"Bakkerij Janssens & Zonen B.V.", "Bakkerij Peeters", "Peeters Bakkerij"}),
        ("BAKK peet", {"Bakkerij Peeters", "Peeters Bakkerij"}),
        ("zonen bv", {"Bakkerij Janssens & Zonen B.V."}),
        ("janssens en zonen", set()),
        ("cremerie", {"Crèmerie 't Hoekje"}),
        ("t hoekje", {"Crèmerie 't Hoekje"}),
        ("ijsboetiek", {"Crèmerie 't Hoekje"}),
        ("van den bossche", {"Jan Van den Bossche"}),
        ("ørsted", {"Ørsted Belgium"}),
    ],
)
def test_all_words_must_be_in_some_name(text: str, found: set[str]) -> None:
    if found:
        assert set(names(text)) == found
    else:
        assert "Bakkerij Peeters" not in names(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bakerij peters", "Bakkerij Peeters"),
        ("bakkreij peeters", "Bakkerij Peeters"),
        ("jansens", "Bakkerij Janssens & Zonen B.V."),
        ("janssen zoonen", "Bakkerij Janssens & Zonen B.V."),
        ("bosche", "Jan Van den Bossche"),
        ("slagrij", "Slagerij Peeters"),
        ("ijsbotiek", "Crèmerie 't Hoekje"),
    ],
)
def test_a_typing_error_is_forgiven(typed: str, meant: str) -> None:
    assert names(typed)[0] == meant


def test_names_that_begin_with_what_was_typed_come_first() -> None:
    assert names("peeters") == ["Peeters Bakkerij", "Bakkerij Peeters", "Slagerij Peeters"]


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("peeters", "gent", {"Bakkerij Peeters", "Peeters Bakkerij", "Slagerij Peeters"}),
        ("peeters", "9000", {"Bakkerij Peeters", "Peeters Bakkerij", "Slagerij Peeters"}),
        ("peeters", "antw", {"Peeters Bakkerij"}),
        ("petters", "Antwerpen", {"Peeters Bakkerij"}),
        ("", "sint-niklaas", {"Jan Van den Bossche"}),
        ("bakkerij", "kortrijk", set()),
        ("gent", "", set()),
    ],
)
def test_a_place_narrows_the_search(text: str, place: str, found: set[str]) -> None:
    assert set(names(text, place)) == found


@pytest.mark.parametrize(
    "text", ["", "  ", "---", "'", "\\", "%", "a'b\\c & | ! :* <->", "@gent", "\0", "x" * 5000]
)
@pytest.mark.parametrize("place", ["", "'\\ & |"], ids=["", "signs"])
def test_signs_are_no_language_of_their_own(text: str, place: str) -> None:
    assert queries.search(text, place=place) == []


def test_a_long_text_is_cut() -> None:
    assert isinstance(names(" ".join(["bakkerij"] * 2000)), list)


@pytest.fixture
def many(tmp_path: Path) -> None:
    """Enough that no planner would read them all by choice."""
    write_extract(tmp_path / "many", 20_000, number=300)
    load(tmp_path / "many", at=datetime(2026, 3, 2, tzinfo=UTC))


LOOKS: list[tuple[str, Callable[[], object]]] = [
    ("a common word", lambda: queries.search("bakkerij")),
    ("two words", lambda: queries.search("peeters bakkerij")),
    ("three letters", lambda: queries.search("bak")),
    ("one letter", lambda: queries.search("b")),
    ("a typing error", lambda: queries.search("bakerij petters")),
    ("nothing like it", lambda: queries.search("qxqxqx wzwzwz")),
    ("a place", lambda: queries.search("", place="Gent")),
    ("a word in a place", lambda: queries.search("bakkerij", place="9000")),
    ("a number", lambda: queries.search("0000.000.196")),
    ("an enterprise", lambda: queries.enterprise("0000.000.295")),
]


def test_no_look_reads_through_a_large_table(many: None) -> None:
    """Every question that is asked of the register is explained again; none of the plans scans a table."""
    for what, look in LOOKS:
        with CaptureQueriesContext(connection) as asked:
            look()
        questions = [
            one["sql"]
            for one in asked
            if "register_" in one["sql"] and "SELECT register_plain" not in one["sql"]
        ]
        assert questions, what
        with connection.cursor() as cursor, search_entries.by_index():
            for question in questions:
                cursor.execute(f"EXPLAIN {question}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                assert "Seq Scan" not in plan or "on register_code" in plan, (what, question, plan)
