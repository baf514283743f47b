"""The files of an extract, in a folder or in the KBO's zip file, each opened as a stream."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Self

from portefeuille.core.errors import FileRefused
from portefeuille.core.formats.kbo_open_data import Table

# What reading a zip file raises when bytes of it were changed or cut off.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)

# Small enough that checking one piece takes a millisecond: meanwhile the database still has rows to read.
PIECE_BYTES = 1 << 18


class ExtractFiles:
    """Where to find each file of one extract. Nothing is unpacked to disk or held in memory whole."""

    def __init__(self, path: Path) -> None:
        """``path`` is a folder or a zip file. Raises FileRefused when it is neither."""
        self._path = path
        self._zip = None if path.is_dir() else _zip(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        if self._zip is not None:
            self._zip.close()

    @contextmanager
    def lines(self, table: Table) -> Iterator[Iterator[str]]:
        """The lines of a file, ends as they are. Raises FileRefused when it is missing or damaged."""
        # newline="" keeps the ends: a text between quotes may hold line ends of its own.
        with io.TextIOWrapper(self._open(table), encoding="utf-8-sig", newline="") as stream:
            yield _decoded(table, stream)

    @contextmanager
    def pieces(self, table: Table) -> Iterator[Iterator[bytes]]:
        """The bytes of a file, without the mark that some programs put before them. Raises FileRefused when it is
        missing or damaged.
        """
        with self._open(table) as stream:
            yield _pieces(table, stream)

    def holds(self, table: Table) -> bool:
        """Whether there is a file of this table."""
        return bool(self._found(table))

    def size(self, table: Table) -> int:
        """How many bytes the file holds, unpacked. Raises FileRefused when it is missing."""
        found = _the_one(table, self._found(table))
        return found.stat().st_size if isinstance(found, Path) else found.file_size

    def _found(self, table: Table) -> list[Path] | list[zipfile.ZipInfo]:
        if self._zip is None:
            return _named(table, self._path.iterdir(), lambda file: file.name)
        return _named(table, self._zip.infolist(), lambda info: PurePosixPath(info.filename).name)

    def _open(self, table: Table) -> IO[bytes]:
        found = _the_one(table, self._found(table))
        if isinstance(found, Path):
            return found.open("rb")
        assert self._zip is not None
        try:
            return self._zip.open(found)
        except (*_DAMAGED, RuntimeError):  # the last is a password or a compression that nobody knows
            raise _unreadable(table) from None


def _named[T](table: Table, candidates: Iterable[T], name: Callable[[T], str]) -> list[T]:
    """The files of this table; the KBO isn't consistent in capitals (``Branch.CSV``)."""
    return [candidate for candidate in candidates if name(candidate).lower() == table.file_name]


def _the_one[T](table: Table, found: list[T]) -> T:
    if not found:
        raise FileRefused(
            f"{table.file_name} ontbreekt. Geef de map of het zip-bestand van de KBO, volledig."
        )
    if len(found) > 1:
        raise FileRefused(f"{table.file_name} staat er meer dan eens. Geef een uittreksel tegelijk.")
    return found[0]


def _unreadable(table: Table) -> FileRefused:
    return FileRefused(f"{table.file_name} is niet leesbaar in het zip-bestand: download het opnieuw.")


def _zip(path: Path) -> zipfile.ZipFile:
    if not path.exists():
        raise FileRefused(f"{path} bestaat niet.")
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise FileRefused(f"{path.name} is geen map en geen (volledig) zip-bestand.") from None


def _decoded(table: Table, stream: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    try:
        for number, line in enumerate(stream, start=1):  # noqa: B007 - the number is for the refusal
            yield line
    except UnicodeDecodeError:
        # The decoder reads ahead, so the line is where reading stopped and not exactly where the fault is.
        raise FileRefused(f"{table.file_name}, na regel {number}: de tekst is niet in UTF-8.") from None
    except _DAMAGED:
        raise _unreadable(table) from None


def _pieces(table: Table, stream: IO[bytes]) -> Iterator[bytes]:
    try:
        while piece := stream.read(PIECE_BYTES):
            yield piece
    except _DAMAGED:
        raise _unreadable(table) from None
