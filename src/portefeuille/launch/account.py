"""As which user PostgreSQL runs: it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass

from portefeuille.launch.failures import CannotStart

_OWN_USER = "kmo-postgres"


@dataclass(frozen=True, slots=True)
class Account:
    """A system user by number; ``None`` for the user that we are."""

    uid: int
    gid: int


def postgres_account() -> Account | None:
    """The user for PostgreSQL's processes: nobody else than ourselves, unless we are root.

    Then it is the system's ``postgres`` user, else a system user of our own that is made and announced. A number
    without an entry in the user database will not do: initdb refuses it. Raises CannotStart.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", _OWN_USER):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    print(f"De systeemgebruiker {_OWN_USER} wordt gemaakt: PostgreSQL draait niet als root.", file=sys.stderr)
    made = subprocess.run(
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _OWN_USER],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise CannotStart(
            f"De systeemgebruiker {_OWN_USER} kan niet gemaakt worden ({made.stderr.strip()}). "
            "Start dit commando als een gewone gebruiker, of maak zelf een gebruiker met de naam postgres."
        )
    entry = pwd.getpwnam(_OWN_USER)
    return Account(entry.pw_uid, entry.pw_gid)
