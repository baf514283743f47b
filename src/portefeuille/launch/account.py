"""As which user PostgreSQL runs: it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from portefeuille.launch.failures import CannotStart

_OWN_USER = "kmo-postgres"


@dataclass(frozen=True, slots=True)
class Account:
    """A system user by number; ``None`` stands for the user that we are."""

    uid: int
    gid: int


def postgres_account() -> Account | None:
    """The user for PostgreSQL's processes: nobody else than ourselves, unless we are root.

    Then it is the system's ``postgres`` user, else a system user of our own that is made and announced. A number
    without an entry in the user database will not do: initdb refuses it. Raises CannotStart.
    """
    if os.geteuid() != 0:
        return None
    return _by_name("postgres") or _by_name(_OWN_USER) or _make()


def owner_of(folder: Path) -> Account | None:
    """The user who made these files, when that is not root: PostgreSQL runs on a cluster as nobody else."""
    found = folder.stat()
    return Account(found.st_uid, found.st_gid) if found.st_uid != 0 else None


def _by_name(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _make() -> Account:
    print(f"De systeemgebruiker {_OWN_USER} wordt gemaakt: PostgreSQL draait niet als root.", file=sys.stderr)
    words = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _OWN_USER]
    try:
        made = subprocess.run(words, capture_output=True, text=True, check=False)
        said = made.stderr.strip()
    except OSError as problem:
        said = f"useradd: {problem.strerror}"
    account = _by_name(_OWN_USER)
    if account is None:
        raise CannotStart(
            f"De systeemgebruiker {_OWN_USER} kan niet gemaakt worden ({said}). "
            "Start dit commando als een gewone gebruiker, of maak zelf een gebruiker met de naam postgres."
        )
    return account
