"""Where PostgreSQL's files can lie: its user must be able to get there, and its socket's path must be short.

Started by root, PostgreSQL runs as another user, and a checkout often lies where only root may look (``/root``, a
private temporary folder). No parent ever changes its mode for that: the database then lies under ``/var/lib``, and the
state folder holds a link to it.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portefeuille.launch.account import Account
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.state import MARK

ELSEWHERE = Path("/var/lib/kmo-portefeuille")
LONGEST_SOCKET_PATH = 107
_TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - only to make private folders in
# PostgreSQL's settings and its clients' addresses read lists and quotes in a socket folder's name.
_AMBIGUOUS = re.compile(r"[,'\"\\]")


def database_folder(state: Path, account: Account | None, *, elsewhere: Path | None = None) -> Path:
    """The folder for the server and its files, made when it is missing. Raises CannotStart.

    It is ``state/postgres``, or the folder to which that links.
    """
    folder = state / "postgres"
    if folder.is_symlink() and not folder.exists():
        folder.unlink()  # somebody removed what it pointed at
    make_folder(folder)
    if can_reach(folder.resolve(), account):
        return folder.resolve()
    if (folder / "cluster" / "PG_VERSION").exists():
        raise CannotStart(
            f"De databank draait niet als root, en haar gebruiker kan niet meer bij {folder}. "
            "Geef de mappen erboven leesrecht terug (chmod o+x), of begin anew met --fresh of een andere --state."
        )
    shutil.rmtree(folder)
    other = (elsewhere or ELSEWHERE) / f"{state.name}-{secrets.token_hex(4)}"
    make_folder(other)
    if not can_reach(other, account):
        raise CannotStart(
            f"De databank draait niet als root, en haar gebruiker kan niet bij {folder} en niet bij {other}. "
            "Kies met --state een map die iedereen mag binnengaan, of start als een gewone gebruiker."
        )
    (other / MARK).touch()
    folder.symlink_to(other)
    print(f"De databank ligt in {other}: haar gebruiker kan niet bij {state}.", file=sys.stderr, flush=True)
    return other


def make_folder(folder: Path, mode: int = 0o711) -> None:
    """Make a folder, and the ones above it, that others may pass through. Raises CannotStart."""
    try:
        for missing in [path for path in (*reversed(folder.parents), folder) if not path.exists()]:
            missing.mkdir(exist_ok=True)
            missing.chmod(0o711)
        if not folder.is_symlink():
            folder.chmod(mode)
    except OSError as problem:
        raise CannotStart(
            f"De map {folder} kan niet gebruikt worden ({problem.strerror}). "
            "Kies met --state een map waarin je mag schrijven."
        ) from problem


def can_reach(folder: Path, account: Account | None) -> bool:
    """Whether that user can pass through every folder on the way, and through this one."""
    if account is None:
        return True
    tried = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', str(folder)],
        cwd="/",
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        check=False,
    )
    return tried.returncode == 0


@contextlib.contextmanager
def temporary_folder(account: Account | None) -> Iterator[Path]:
    """A folder that its user can reach, with a short name, for as long as the ``with``."""
    for parent in (Path(tempfile.gettempdir()), *_TEMPORARY):
        if can_reach(parent, account) and os.access(parent, os.W_OK):
            break
    else:
        raise CannotStart("Er is geen tijdelijke map waar de databank bij kan. Zet TMPDIR op zo'n map.")
    with tempfile.TemporaryDirectory(prefix="kmo-", dir=parent) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


def fits_a_socket(folder: Path) -> bool:
    """Whether a socket in this folder can be named: short enough, and without signs that mean something else."""
    path = os.fsencode(folder / ".s.PGSQL.5432.lock")
    return len(path) <= LONGEST_SOCKET_PATH and not _AMBIGUOUS.search(str(folder))
