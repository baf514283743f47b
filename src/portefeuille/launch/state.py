"""The state folder: everything of one installation on this machine, behind a mark, a lock and a secret key."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from portefeuille.launch.failures import CannotStart

MARK = "kmo-portefeuille-state"
LEAST_FREE_BYTES = 500 * 1024 * 1024


class State:
    """A folder that bears the project's own mark; nothing else is ever deleted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ended_badly = False
        self._lock: TextIO | None = None

    @contextlib.contextmanager
    def running_at(self, address: str) -> Iterator[None]:
        """Hold the state for as long as an installation runs on it; the folder is made when it is missing.

        Afterwards ``ended_badly`` says whether the one before had no time to end. Raises CannotStart with the other's
        address when one runs, and for a folder that is not ours or can't be written.
        """
        self._make()
        with (self.folder / "lock").open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CannotStart(
                    f"Hier draait al een demo, op {_lines(handle)[0] or 'een adres dat nog niet bekend is'}. "
                    "Gebruik die, stop ze, of start een andere met --state en --port."
                ) from None
            self.ended_badly = any(_lines(handle))
            self._lock = handle
            self._write(address)
            try:
                yield
            finally:
                self._write()
                self._lock = None

    def note_database(self, address: str, url: str) -> None:
        """Leave the database's address for other commands, while the installation runs."""
        self._write(address, url)

    def database_url(self) -> str | None:
        """The database of the installation that runs on this state, as web and worker connect; None when none runs."""
        try:
            with (self.folder / "lock").open() as handle:
                if _is_held(handle):
                    return _lines(handle)[1] or None
        except OSError:
            pass
        return None

    def empty(self) -> None:
        """Forget everything that was kept here. Only while it is held."""
        assert self._lock is not None, "only the one who holds a state may empty it"
        for entry in self.folder.iterdir():
            if entry.name not in (MARK, "lock"):
                _delete(entry)

    def must_have_room(self) -> None:
        """Raise CannotStart when the disk is all but full: a database that can't write ends badly."""
        free = shutil.disk_usage(self.folder).free
        if free < LEAST_FREE_BYTES:
            raise CannotStart(
                f"Er is te weinig plaats op de schijf van {self.folder}: {free // 2**20} MB vrij, "
                f"{LEAST_FREE_BYTES // 2**20} MB nodig. Maak plaats, of kies met --state een andere map."
            )

    def secret_key_file(self) -> Path:
        """The file with the secret key, made the first time; only its owner may read it."""
        return self._key_file("secret-key")

    def sealing_key_file(self) -> Path:
        """The file with the key of what the database holds but can't read; made and guarded as the secret key is."""
        return self._key_file("sealing-key")

    def _key_file(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as handle:
                handle.write(secrets.token_urlsafe(64))
        return path

    def _make(self) -> None:
        try:
            if self.folder.exists() and not self._is_ours():
                raise CannotStart(
                    f"{self.folder} is geen lege map en geen map van de kmo-portefeuille. "
                    "Er wordt niets gewist. Kies met --state een andere map."
                )
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o711)
            (self.folder / MARK).touch()
            (self.folder / "lock").touch(mode=0o600)  # it holds the database's address
        except OSError as problem:
            raise CannotStart(
                f"De map {self.folder} kan niet gebruikt worden ({problem.strerror}). "
                "Kies met --state een map waarin je mag schrijven."
            ) from problem

    def _is_ours(self) -> bool:
        return (self.folder / MARK).is_file() or (self.folder.is_dir() and not any(self.folder.iterdir()))

    def _write(self, *lines: str) -> None:
        assert self._lock is not None
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write("\n".join(lines))
        self._lock.flush()


def _lines(handle: TextIO) -> tuple[str, str]:
    """The address and the database's, empty when nobody wrote them."""
    handle.seek(0)
    first, _, second = handle.read().partition("\n")
    return first.strip(), second.strip()


def _is_held(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def _delete(entry: Path) -> None:
    """Delete a file or folder; what a link points at only when it bears our mark."""
    if entry.is_symlink():
        if (entry / MARK).is_file():
            shutil.rmtree(entry.resolve())
        entry.unlink()
    elif entry.is_dir():
        shutil.rmtree(entry)
    else:
        entry.unlink()
