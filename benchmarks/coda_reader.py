"""Reading a CODA file against febelfin-coda, on the same bytes. Ours also checks totals, order and every reference."""

from __future__ import annotations

import random
import tempfile
from datetime import date

from coda import CODA

from benchmarks.measuring import Ratio, Story, seconds
from portefeuille.core.formats import coda, ogm
from portefeuille.core.formats.coda_writer import Line, write
from portefeuille.core.money import Money

MOVEMENTS = 10_000


def measure(rounds: int) -> Story:
    """F1, over febelfin-coda: pycoda, which the target names, is not measured (its licence is the GPL)."""
    chance = random.Random(1)
    lines = [
        Line(
            Money(chance.randrange(1, 900_000)),
            name="Bakkerij",
            account="BE29999010000164",
            reference=ogm.make(number),
        )
        for number in range(MOVEMENTS)
    ]
    content = write(
        account="BE49999000000171",
        holder="B",
        sequence=1,
        day=date(2026, 3, 5),
        opening=Money.ZERO,
        lines=lines,
    )
    story = Story()
    ours, theirs = [], []
    with tempfile.NamedTemporaryFile(suffix=".cod") as file:
        file.write(content)
        file.flush()
        _check(content, file.name)
        for _ in range(rounds):
            theirs.append(MOVEMENTS / seconds(lambda: CODA(file.name)))
            ours.append(MOVEMENTS / seconds(lambda: coda.read(content)))
    story.ratios.append(
        Ratio("", f"reading CODA, {MOVEMENTS:,} movements", "febelfin-coda", "movements/s", ours, theirs)
    )
    return story


def _check(content: bytes, name: str) -> None:
    """Both read the same amounts."""
    [statement] = coda.read(content).statements
    [other] = CODA(name).statements
    assert [str(one.amount) for one in statement.movements] == [f"{one.amount:.2f}" for one in other.moves]
