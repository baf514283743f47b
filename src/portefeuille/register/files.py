"""The files of an extract, in a folder or in the KBO's zip file, each opened as a stream of lines."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self

from portefeuille.core.errors import FileRefused
from portefeuille.core.formats.kbo_open_data import Table


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

    def has(self, table: Table) -> bool:
        """Whether the extract holds this file."""
        if self._zip is None:
            return (self._path / table.file_name).is_file()
        return self._member(table) is not None

    @contextmanager
    def lines(self, table: Table) -> Iterator[Iterator[str]]:
        """The lines of a file, ends as they are. Raises FileRefused when it is missing or damaged."""
        # newline="" keeps the ends: a text between quotes may hold line ends of its own.
        with io.TextIOWrapper(self._bytes(table), encoding="utf-8-sig", newline="") as stream:
            yield _decoded(table, stream)

    def _bytes(self, table: Table) -> BinaryIO:
        if not self.has(table):
            raise FileRefused(
                f"{table.file_name} ontbreekt. Geef de map of het zip-bestand van de KBO, volledig."
            )
        if self._zip is None:
            return (self._path / table.file_name).open("rb")
        return self._zip.open(self._member(table))  # type: ignore[arg-type, return-value]

    def _member(self, table: Table) -> zipfile.ZipInfo | None:
        assert self._zip is not None
        found = [
            info for info in self._zip.infolist() if PurePosixPath(info.filename).name == table.file_name
        ]
        if len(found) > 1:
            raise FileRefused(f"{table.file_name} staat meer dan eens in {self._path.name}.")
        return found[0] if found else None


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
    except zipfile.BadZipFile:
        raise FileRefused(
            f"{table.file_name} is beschadigd in het zip-bestand: download het opnieuw."
        ) from None
