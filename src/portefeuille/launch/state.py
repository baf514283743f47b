"""The state folder: everything of one installation on this machine, behind a mark, a lock and a secret key."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from portefeuille.launch.failures import CannotStart

MARK = "kmo-portefeuille-state"
LEAST_FREE_BYTES = 500 * 1024 * 1024


class State:
    """A folder that bears the project's own mark; nothing else is ever deleted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self, *, fresh: bool = False) -> None:
        """Make the folder, anew when ``fresh``. Raises CannotStart for one that is not ours, or a full disk."""
        try:
            if self.folder.exists() and not self._is_ours():
                raise CannotStart(
                    f"De map {self.folder} is niet leeg en is geen map van de kmo-portefeuille. "
                    "Er wordt niets gewist. Kies met --state een andere map."
                )
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o711)
            (self.folder / MARK).touch()
        except OSError as problem:
            raise CannotStart(
                f"De map {self.folder} kan niet gebruikt worden ({problem.strerror}). "
                "Kies met --state een map waarin je mag schrijven."
            ) from problem
        if fresh:
            self._empty()
        self._must_have_room()

    def _is_ours(self) -> bool:
        return (self.folder / MARK).is_file() or (self.folder.is_dir() and not any(self.folder.iterdir()))

    def _empty(self) -> None:
        with self._held(""):
            for entry in self.folder.iterdir():
                if entry.name not in (MARK, "lock"):
                    shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()

    def _must_have_room(self) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < LEAST_FREE_BYTES:
            raise CannotStart(
                f"Er is te weinig plaats op de schijf van {self.folder}: {free // 2**20} MB vrij, "
                f"{LEAST_FREE_BYTES // 2**20} MB nodig. Maak plaats, of kies met --state een andere map."
            )

    @contextlib.contextmanager
    def running_at(self, address: str) -> Iterator[None]:
        """Hold the state for as long as an installation runs on it. Raises CannotStart with the other's address."""
        with self._held(address):
            yield

    @contextlib.contextmanager
    def _held(self, address: str) -> Iterator[None]:
        with (self.folder / "lock").open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                handle.seek(0)
                raise CannotStart(
                    f"Hier draait al een demo, op {handle.read().strip() or 'een adres dat nog niet bekend is'}. "
                    "Gebruik die, stop ze, of start een andere met --state en --port."
                ) from None
            handle.seek(0)
            handle.truncate()
            handle.write(address)
            handle.flush()
            yield
            handle.truncate(0)

    def secret_key_file(self) -> Path:
        """The file with the secret key, made the first time; only its owner may read it."""
        path = self.folder / "secret-key"
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as handle:
                handle.write(secrets.token_urlsafe(64))
        return path
