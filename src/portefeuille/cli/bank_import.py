"""``kmo bank import FILE``: book a statement in the database of an installation."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portefeuille.cli.bank import read_file
from portefeuille.cli.database import connect
from portefeuille.core.errors import Invalid


def run(args: argparse.Namespace) -> int:
    """Book the file, with progress on standard error and the report on standard output."""
    content = read_file(args.file)
    connect(args)
    from django.db import OperationalError

    from portefeuille.applications.operations.lapse_overdue import lapse_overdue

    at = datetime.now(tz=UTC)
    try:
        report = _book(args.file, content, at)
    except OperationalError as lost:
        raise Invalid(
            "De databank viel weg tijdens het inladen. Laad het bestand opnieuw in: niets wordt twee keer geboekt."
        ) from lost
    print(json.dumps(report))
    lapse_overdue(at=at)
    return 0


def _book(name: str, content: bytes, at: datetime) -> dict[str, Any]:
    from portefeuille.bank.operations.import_statement import hand_in, import_file
    from portefeuille.bank.tasks import ProgressNotes
    from portefeuille.identity.roles import Actor, Assurance, Role

    actor = Actor(role=Role.OPERATOR, name="kmo bank import", assurance=Assurance.HIGH)
    file = hand_in(actor=actor, name=Path(name).name, content=content, at=at)
    with ProgressNotes(file) as notes:

        def progress(done: int, total: int) -> None:
            notes(done, total)
            print(f"\r{done} van {total} bewegingen", end="", file=sys.stderr, flush=True)

        report = import_file(actor=actor, file=file, at=at, progress=progress)
    print(file=sys.stderr)
    return report.as_dict()
