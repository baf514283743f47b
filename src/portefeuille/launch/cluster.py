"""A cluster: the folder in which PostgreSQL keeps its data. Made whole or not at all, and known by its version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from portefeuille.launch.account import Account
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.processes import start

_GRAVE = re.compile(r"(?:\b(?:FATAL|PANIC):|^initdb: error:) +(.*)")


def make(
    cluster: Path,
    *,
    initdb: Path,
    superuser: str,
    environment: Mapping[str, str],
    account: Account | None,
    sync: bool,
    keep_open: Sequence[int],
) -> None:
    """Make a cluster, unless it is there. Raises CannotStart.

    It gets its name when it is whole: whatever was cut off halfway is begun again.
    """
    if (cluster / "PG_VERSION").exists():
        return
    half = cluster.with_name("cluster-being-made")
    for left_over in (half, cluster):
        shutil.rmtree(left_over, ignore_errors=True)
    half.mkdir(mode=0o700)
    if account is not None:
        os.chown(half, account.uid, account.gid)
    command: list[str | Path] = [initdb, "-D", half, "-U", superuser, "-A", "trust", "-E", "UTF8"]
    command += ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"]
    command += [] if sync else ["--no-sync"]
    log = cluster.with_name("initdb.log")
    with log.open("wb") as handle:
        made = start(
            command,
            environment=environment,
            log=handle.fileno(),
            account=account,
            folder=cluster.parent,
            keep_open=keep_open,
        ).wait()
    if made != 0:
        shutil.rmtree(half, ignore_errors=True)
        raise CannotStart(
            f"De databank kan niet gemaakt worden: {complaint_in(log)} (zie {log}). "
            "Kies met --state een andere map, of geef met --database-url een eigen PostgreSQL."
        )
    half.rename(cluster)


def must_be_of(cluster: Path, server: Path) -> None:
    """PostgreSQL reads only clusters of its own major version. Raises CannotStart."""
    found = (cluster / "PG_VERSION").read_text().strip()
    said = subprocess.run([server, "--version"], capture_output=True, text=True, check=False).stdout
    ours = re.search(r"\d+", said)
    if ours is not None and found != ours[0]:
        raise CannotStart(
            f"De gegevens in {cluster} zijn van PostgreSQL {found}, en dit programma brengt {ours[0]} mee. "
            "Kies met --state een andere map, of begin anew met --fresh: dan zijn deze gegevens weg."
        )


def forget_dead_server(cluster: Path) -> None:
    """Remove the note of a server that had no time to end.

    PostgreSQL believes the note when any process of its user bears the number in it, which after a restart of the
    machine, or of a container, is likely enough. Only for who holds the lock of the cluster; a server that somebody
    started by hand is left alone.
    """
    note = cluster / "postmaster.pid"
    try:
        number = int(note.read_text().split(maxsplit=1)[0])
        name = Path(f"/proc/{number}/comm").read_text().strip()
    except FileNotFoundError:
        name = ""
    except (OSError, ValueError, IndexError):
        return
    if name != "postgres":
        note.unlink(missing_ok=True)


def complaint_in(log: Path) -> str:
    """What a server or a tool complained about last, else the last thing it said."""
    try:
        lines = log.read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    grave = [found[1] for line in lines if (found := _GRAVE.search(line))]
    return (grave or lines or ["geen bericht"])[-1].strip()
