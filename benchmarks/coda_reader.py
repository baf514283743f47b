"""Reading a CODA file of 10,000 movements against febelfin-coda, in turn."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date

from coda import CODA

from portefeuille.core.formats import coda, ogm
from portefeuille.core.formats.coda_writer import Line, write
from portefeuille.core.money import Money

MOVEMENTS = 10_000
ROUNDS = 5


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main() -> None:
    """Print both medians and their ratio."""
    lines = [
        Line(Money(100 + number), name="Bakkerij", account="BE29999010000164", reference=ogm.make(number))
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
    with tempfile.NamedTemporaryFile(suffix=".cod") as file:
        file.write(content)
        file.flush()
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(seconds(lambda: CODA(file.name)))
            ours.append(seconds(lambda: coda.read(content)))
    own, other = statistics.median(ours), statistics.median(theirs)
    print(f"{MOVEMENTS} movements: ours {own:.2f} s, febelfin-coda {other:.2f} s, ratio {own / other:.2f}")


if __name__ == "__main__":
    main()
