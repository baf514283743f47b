"""The files of KBO Open Data: what each row must look like, to the quote, and what it says.

The FPS Economy publishes its register of enterprises as comma-separated files. Text stands between quotes,
even when it looks like a number; days don't. A spreadsheet that opens and saves such a file drops the quotes,
turns ``006`` into ``6`` and rewrites days, and nothing in the result says so. Rows are therefore held against
a strict grammar, one regular expression per row. It is used in two ways:

* ``kbo_blocks`` holds a whole block of rows (a megabyte) against it in one match and hands the block on as it
  is, but for the dots in its numbers: for loading forty million rows.
* ``records`` cuts rows into fields, one by one: for small files, and for a block that failed, to say in which line
  and column and what is wrong there. The row by row reading has the last word: a block that only the fast look
  refuses is good.

Source: KBO Open Data Cookbook (R018), chapter 2; extract 147 of 11 October 2025.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from portefeuille.core.errors import FileRefused

# A quoted text may run over lines. A lost quote would make it run to the end of the file: this is where that
# stops.
LONGEST_RECORD_LINES = 50

Value = str | date | None
Row = tuple[Value, ...]


@lru_cache(maxsize=65536)
def _day(text: str | None) -> date | None:
    if not text:
        return None
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def _number(text: str | None) -> str:
    return (text or "").replace(".", "")


def _text(text: str | None) -> str:
    return "" if text is None else text.replace('""', '"')


@dataclass(frozen=True, slots=True)
class Kind:
    """How a column is written (a pattern with exactly one group), how it is read, and how to explain it."""

    pattern: str
    read: Callable[[str | None], Value]
    wanted: str


NUMBER = Kind(
    r'"((?:[01][0-9]{3}|[2-9]\.[0-9]{3})\.[0-9]{3}\.[0-9]{3})"',
    _number,
    'een nummer met punten tussen aanhalingstekens, zoals "0200.065.765"',
)
CODE_3 = Kind(r'"([0-9]{3})"', _text, 'drie cijfers tussen aanhalingstekens, zoals "006"')
CODE_3_OR_NONE = Kind(
    r'(?:"([0-9]{3})"|"")?', _text, 'drie cijfers tussen aanhalingstekens, zoals "014", of niets'
)
DIGIT = Kind(r'"([0-9])"', _text, 'een cijfer tussen aanhalingstekens, zoals "2"')
LETTERS = Kind(r'"([A-Z]{2,5})"', _text, 'hoofdletters tussen aanhalingstekens, zoals "MAIN"')
VERSION = Kind(r'"(20[0-9]{2})"', _text, 'een jaartal tussen aanhalingstekens, zoals "2008"')
NACE = Kind(r'"([0-9]{2,7})"', _text, 'twee tot zeven cijfers tussen aanhalingstekens, zoals "01110"')
DAY = Kind(r"([0-9]{2}-[0-9]{2}-[0-9]{4})", _day, "een dag zonder aanhalingstekens, zoals 09-08-1960")
DAY_OR_NONE = Kind(
    r"([0-9]{2}-[0-9]{2}-[0-9]{4})?", _day, "een dag zonder aanhalingstekens, zoals 09-08-1960, of niets"
)
LANGUAGE = Kind(r'"([A-Z]{2})"', _text, 'een taal van twee letters tussen aanhalingstekens, zoals "NL"')
# What never gives back (``*+``) may not: a quote inside a text is doubled, so a text can end in one place only.
TEXT = Kind(r'(?:"([^"\0]*+(?:""[^"\0]*+)*+)")?', _text, "tekst tussen aanhalingstekens, of niets")


@dataclass(frozen=True)
class Table:
    """One file of an extract: its columns in order."""

    name: str
    columns: tuple[tuple[str, Kind], ...]

    @property
    def file_name(self) -> str:
        """``enterprise.csv``."""
        return f"{self.name}.csv"

    @cached_property
    def header(self) -> str:
        """The first line, without its end."""
        return ",".join(f'"{name}"' for name, _ in self.columns)

    @cached_property
    def grammar(self) -> re.Pattern[str]:
        """What a whole row looks like; one group per column."""
        return re.compile(",".join(kind.pattern for _, kind in self.columns) + r"\r?\n?")

    @cached_property
    def block_grammar(self) -> re.Pattern[bytes]:
        """What any number of whole rows look like, as bytes, without groups."""
        row = ",".join(re.sub(r"(?<!\\)\((?!\?)", "(?:", kind.pattern) for _, kind in self.columns)
        return re.compile(rf"(?:{row}\r?\n)*+".encode("ascii"))

    @property
    def has_text(self) -> bool:
        """Whether a column may hold anything at all: dots, line ends, backslashes."""
        return any(kind is TEXT for _, kind in self.columns)

    @property
    def has_days(self) -> bool:
        """Whether a column is a day."""
        return any(kind.read is _day for _, kind in self.columns)

    def deletions(self) -> Table:
        """The file of an update that names the entities whose rows are gone or come anew."""
        return Table(f"{self.name}_delete", self.columns[:1])

    def insertions(self) -> Table:
        """The file of an update that holds all present rows of entities that are new or changed."""
        return Table(f"{self.name}_insert", self.columns)

    @cached_property
    def readers(self) -> tuple[Callable[[str | None], Value], ...]:
        """How each column is read, in order."""
        return tuple(kind.read for _, kind in self.columns)


ENTERPRISE = Table(
    "enterprise",
    (
        ("EnterpriseNumber", NUMBER),
        ("Status", LETTERS),
        ("JuridicalSituation", CODE_3),
        ("TypeOfEnterprise", DIGIT),
        ("JuridicalForm", CODE_3_OR_NONE),
        ("JuridicalFormCAC", CODE_3_OR_NONE),
        ("StartDate", DAY),
    ),
)
ESTABLISHMENT = Table(
    "establishment", (("EstablishmentNumber", NUMBER), ("StartDate", DAY), ("EnterpriseNumber", NUMBER))
)
DENOMINATION = Table(
    "denomination",
    (("EntityNumber", NUMBER), ("Language", DIGIT), ("TypeOfDenomination", CODE_3), ("Denomination", TEXT)),
)
ADDRESS = Table(
    "address",
    (
        ("EntityNumber", NUMBER),
        ("TypeOfAddress", LETTERS),
        ("CountryNL", TEXT),
        ("CountryFR", TEXT),
        ("Zipcode", TEXT),
        ("MunicipalityNL", TEXT),
        ("MunicipalityFR", TEXT),
        ("StreetNL", TEXT),
        ("StreetFR", TEXT),
        ("HouseNumber", TEXT),
        ("Box", TEXT),
        ("ExtraAddressInfo", TEXT),
        ("DateStrikingOff", DAY_OR_NONE),
    ),
)
CONTACT = Table(
    "contact",
    (("EntityNumber", NUMBER), ("EntityContact", LETTERS), ("ContactType", LETTERS), ("Value", TEXT)),
)
ACTIVITY = Table(
    "activity",
    (
        ("EntityNumber", NUMBER),
        ("ActivityGroup", CODE_3),
        ("NaceVersion", VERSION),
        ("NaceCode", NACE),
        ("Classification", LETTERS),
    ),
)
BRANCH = Table("branch", (("Id", NUMBER), ("StartDate", DAY), ("EnterpriseNumber", NUMBER)))

TABLES = (ENTERPRISE, ESTABLISHMENT, DENOMINATION, ADDRESS, CONTACT, ACTIVITY, BRANCH)
# Left out of some extracts. Its codes are texts and not numbers: ``records`` reads it, it is small.
CODE = Table("code", (("Category", TEXT), ("Code", TEXT), ("Language", LANGUAGE), ("Description", TEXT)))
META = Table("meta", (("Variable", TEXT), ("Value", TEXT)))


@dataclass(frozen=True, slots=True)
class Meta:
    """Which extract this is. ``kind`` is ``full`` or ``update``."""

    number: int
    kind: str
    snapshot_on: date


def read_meta(lines: Iterable[str]) -> Meta:
    """What ``meta.csv`` says. Raises FileRefused when something is missing or not what it should be."""
    said = {str(name): str(value) for name, value in records(META, lines)}
    kind, number, snapshot = (said.get(name, "") for name in ("ExtractType", "ExtractNumber", "SnapshotDate"))
    if kind not in ("full", "update"):
        raise _meta_refused("ExtractType", kind, "full of update")
    if not re.fullmatch(r"[0-9]{1,9}", number):
        raise _meta_refused("ExtractNumber", number, "een volgnummer, zoals 127")
    snapshot_on = _existing_day(snapshot)
    if snapshot_on is None:
        raise _meta_refused("SnapshotDate", snapshot, "een dag, zoals 30-08-2024")
    return Meta(number=int(number), kind=kind, snapshot_on=snapshot_on)


def records(table: Table, lines: Iterable[str]) -> Iterator[Row]:
    """The rows of a file, read; ``lines`` keep their ends. Raises FileRefused with the line and what is wrong
    there.

    Numbers lose their dots, texts their quotes; a missing text is empty and a missing day is None.
    """
    numbered = _whole_records(table, lines)
    check_header(table, next(numbered, (1, ""))[1])
    yield from _rows(table, numbered)


def _rows(table: Table, numbered: Iterable[tuple[int, str]]) -> Iterator[Row]:
    match, readers = table.grammar.fullmatch, table.readers
    for number, record in numbered:
        found = match(record)
        if found is None:
            raise _refused(table, number, record)
        try:
            yield tuple([read(text) for read, text in zip(readers, found.groups(), strict=True)])
        except ValueError:
            raise _refused(table, number, record) from None


def check_rows(table: Table, lines: Iterable[str], *, first: int) -> None:
    """Look at whole rows one by one; ``first`` is the number of the first line. Raises FileRefused."""
    for _row in _rows(table, _whole_records(table, lines, first)):
        pass


@lru_cache(maxsize=65536)
def is_day(text: str) -> bool:
    """Whether ``09-08-1960`` is a day that exists."""
    return _existing_day(text) is not None


def _whole_records(table: Table, lines: Iterable[str], first: int = 1) -> Iterator[tuple[int, str]]:
    """Rows with the number of their first line; a row whose quotes are open goes on with the next line."""
    held, held_lines, number = "", 0, 0
    for number, line in enumerate(lines, start=first):
        if not held and line.count('"') % 2 == 0:
            yield number, line
            continue
        held, held_lines = held + line, held_lines + 1
        if held.count('"') % 2 == 0:
            yield number - held_lines + 1, held
            held, held_lines = "", 0
        elif held_lines > LONGEST_RECORD_LINES:
            break
    if held:
        raise FileRefused(
            f"{table.file_name}, regel {number - held_lines + 1}: een aanhalingsteken wordt niet gesloten. "
            "Het bestand is beschadigd of niet volledig: download het opnieuw."
        )


def check_header(table: Table, line: str) -> None:
    """Raise FileRefused unless a file begins with this line."""
    if line.removeprefix("\ufeff").rstrip("\r\n") != table.header:
        raise FileRefused(
            f"{table.file_name}, regel 1: de kolommen zijn niet die van KBO Open Data ({table.header}). "
            f"{_ADVICE}"
        )


_ADVICE = (
    "Het bestand lijkt bewaard met een rekenblad of een ander programma. "
    "Gebruik het bestand zoals de KBO het geeft."
)
_FIELD = re.compile(r'((?:"(?:[^"]|"")*"|[^",])*)(?:,|$)')


def _refused(table: Table, number: int, record: str) -> FileRefused:
    where = f"{table.file_name}, regel {number}"
    fields = _FIELD.findall(record.rstrip("\r\n"))[: record.count(",") + 1]
    for (name, kind), field in zip(table.columns, fields, strict=False):
        if not re.fullmatch(kind.pattern, field) or not _day_exists(kind, field):
            shown = field[:40] or "niets"
            return FileRefused(
                f"{where}, kolom {name}: er staat {shown}, verwacht wordt {kind.wanted}. {_ADVICE}"
            )
    return FileRefused(f"{where}: deze regel heeft geen {len(table.columns)} kolommen. {_ADVICE}")


def _day_exists(kind: Kind, field: str) -> bool:
    return kind.read is not _day or not field or _existing_day(field) is not None


def _existing_day(text: str) -> date | None:
    try:
        return _day(text) if re.fullmatch(r"[0-9]{2}-[0-9]{2}-[0-9]{4}", text) else None
    except ValueError:
        return None


def _meta_refused(name: str, found: str, wanted: str) -> FileRefused:
    return FileRefused(f"meta.csv: bij {name} staat {found or 'niets'}, verwacht wordt {wanted}.")
