"""What the search looks in, made from the tables of the register, and how it is looked in.

A million names are searched in a few milliseconds because each look is one that an index answers, best first:

1. names that begin with what was typed, in their order;
2. names that hold all its words, in any order, each as the beginning of a word;
3. only when there are none: each word is replaced by the words of the register that are spelt much like it. Those words
   are far fewer than the names, and a mistyped word is found among them by the groups of three letters they share.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

# So many matches are looked at to find the best of them; a common word has tens of thousands.
_LOOKED_AT = 200
# Of so many words spelt alike one is thought to be meant, and a word counts as alike from this share of its letters.
_ALIKE, _ALIKE_FROM = 8, "0.35"
# A shorter word must be there as it is: too many words begin with two letters.
_SHORTEST_BEGINNING = 3
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """An enterprise as the search knows it."""

    number: str
    name: str
    place: str


# Which name counts first: 001 name, 003 trade name, 002 abbreviation; then Dutch, unknown, French, English, German. The
# same order as in queries.py; here as a text of two signs before the name, so that the smallest text is the best name.
_BEST_NAME = """substr(min(CASE kind WHEN '001' THEN '0' WHEN '003' THEN '1' ELSE '2' END
    || strpos('20143', language) || left(name, 320) COLLATE "C"), 3)"""

# An enterprise lies where its seat is, and where its establishments are: a natural person has no seat in the register.
_TOWN = "coalesce(nullif(municipality_nl, ''), municipality_fr)"
_TOWNS = """zipcode || ' ' || municipality_nl
    || CASE municipality_fr WHEN municipality_nl THEN '' ELSE ' ' || municipality_fr END"""
_LONGEST_NAME = 320

_FILL = f"""
INSERT INTO {{next}}searchentry (number, name, plain, place, words)
SELECT enterprise.number, coalesce(named.name, ''), coalesce(register_plain(named.name), ''),
       coalesce(placed.municipality, ''),
       array_to_tsvector(array_remove(string_to_array(
           coalesce(register_plain(named.names), '')
           || coalesce(replace(' ' || register_plain(placed.towns), ' ', ' @'), ''), ' '), ''))
FROM {{next}}enterprise AS enterprise
LEFT JOIN (
    SELECT entity_number AS number, {_BEST_NAME} AS name, string_agg(left(name, {_LONGEST_NAME}), ' ') AS names
    FROM {{next}}denomination WHERE kind IN ('001', '002', '003') AND entity_number < '2' {{of_entity}}
    GROUP BY entity_number
) AS named USING (number)
LEFT JOIN (
    SELECT number, substr(min(rank || municipality COLLATE "C"), 2) AS municipality, string_agg(towns, ' ') AS towns
    FROM (
        SELECT entity_number AS number, '0' AS rank, {_TOWN} AS municipality, {_TOWNS} AS towns
        FROM {{next}}address WHERE kind = 'REGO' AND struck_off_on IS NULL {{of_entity}}
        UNION ALL
        SELECT enterprise_number, '1', {_TOWN}, {_TOWNS}
        FROM {{next}}address AS address
        JOIN {{next}}establishment AS establishment ON establishment.number = address.entity_number
        WHERE struck_off_on IS NULL {{of_enterprise}}
    ) AS addresses GROUP BY number
) AS placed USING (number)
WHERE true {{of_number}}
"""

_FILL_WORDS = """
INSERT INTO {next}searchword (word)
SELECT DISTINCT word FROM {next}searchentry, unnest(tsvector_to_array(words)) AS word
WHERE word NOT LIKE '@%%' AND length(word) > 2 {of_number}
ON CONFLICT DO NOTHING
"""


def fill(prefix: str) -> None:
    """Fill the empty tables of the search, those named with this prefix, from the others named so."""
    nothing = {"of_entity": "", "of_enterprise": "", "of_number": ""}
    with connection.cursor() as cursor:
        for statement in (_FILL, _FILL_WORDS):
            cursor.execute(statement.format(next=prefix, **nothing), [])


def renew(among: str, **values: object) -> None:
    """Make the entries of these enterprises anew; those that are gone have none. ``among`` selects their numbers."""
    few = {
        "of_entity": f"AND entity_number IN ({among})",
        "of_enterprise": f"AND enterprise_number IN ({among})",
        "of_number": f"AND number IN ({among})",
    }
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM register_searchentry WHERE number IN ({among})", values)
        for statement in (_FILL, _FILL_WORDS):
            cursor.execute(statement.format(next="register_", **few), values)


_BEGINS = """SELECT number, name, place FROM register_searchentry
WHERE plain LIKE %(beginning)s ORDER BY plain LIMIT %(limit)s"""

_HOLDS = """SELECT number, name, place FROM (
    SELECT number, name, place, plain FROM register_searchentry WHERE words @@ %(query)s::tsquery LIMIT %(looked_at)s
) AS found
ORDER BY starts_with(plain, %(plain)s) DESC, similarity(plain, %(plain)s) DESC, plain, number LIMIT %(limit)s"""

_SPELT_ALIKE = """SELECT word FROM register_searchword
WHERE word %% %(word)s ORDER BY similarity(word, %(word)s) DESC, word LIMIT %(alike)s"""


def find(text: str, *, place: str = "", limit: int) -> list[Entry]:
    """The enterprises whose name is most like this text; with a place, those in a town or postcode that begins so.

    Without a text, those in the place.
    """
    with by_index():
        plain, town = _plain(text), _plain(place)
        words, towns = plain.split()[:_MOST_WORDS], town.split()[:_MOST_WORDS]
        if not words and not towns:
            return []
        where = [_beginning(f"@{word}") for word in towns]
        found: dict[str, Entry] = {}
        if words and not towns:
            _collect(found, _BEGINS, beginning=f"{plain}%", limit=limit)
        if len(found) < limit:
            query = " & ".join([*map(_beginning, words), *where])
            _collect(found, _HOLDS, query=query, plain=plain, looked_at=_LOOKED_AT, limit=limit)
        if not found and words:
            meant = [_spelt_alike(word) for word in words]
            if all(meant):
                query = " & ".join([*meant, *where])
                _collect(found, _HOLDS, query=query, plain=plain, looked_at=_LOOKED_AT, limit=limit)
    return list(found.values())[:limit]


def entries(numbers: list[str]) -> list[Entry]:
    """The entries of these enterprises, as far as the register knows them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, name, place FROM register_searchentry WHERE number = ANY(%s)", [numbers]
        )
        return [Entry(*row) for row in cursor.fetchall()]


@contextmanager
def by_index() -> Iterator[None]:
    """Never read through the whole table: for a common word that looks cheap to the planner, until it isn't."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """SELECT current_setting('enable_seqscan'), set_config('enable_seqscan', 'off', true),
            set_config('pg_trgm.similarity_threshold', %s, true)""",
            [_ALIKE_FROM],
        )
        before = cursor.fetchone()[0]
        yield
        cursor.execute("SELECT set_config('enable_seqscan', %s, true)", [before])


def _plain(text: str) -> str:
    """As names are kept. The database holds no text with a zero in it, and no word longer than a name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT register_plain(%s)", [text.replace("\0", " ")[:_LONGEST_NAME]])
        return str(cursor.fetchone()[0])


def _beginning(word: str) -> str:
    """As a full-text query; a plain word holds no quotes."""
    return f"'{word}'" + (":*" if len(word.removeprefix("@")) >= _SHORTEST_BEGINNING else "")


def _spelt_alike(word: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_SPELT_ALIKE, {"word": word, "alike": _ALIKE})
        alike = [f"'{found}'" for (found,) in cursor.fetchall()]
    return f"({' | '.join(alike)})" if alike else ""


def _collect(found: dict[str, Entry], statement: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for row in cursor.fetchall():
            found.setdefault(row[0], Entry(*row))
