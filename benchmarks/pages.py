"""Pages at the median, over the demo world, against the health page (one query, no template)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.database import measured_database

ROUNDS = 60


def milliseconds(call: Callable[[], object]) -> float:
    """The median time of a call; the first few don't count."""
    times = []
    for number in range(ROUNDS + 5):
        started = time.perf_counter()
        call()
        if number >= 5:
            times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def main() -> None:
    """Print a line for each page."""
    with measured_database():
        from django.test import Client

        from portefeuille.demo.world import load_world
        from portefeuille.identity import queries as identity

        load_world(at=datetime.now(tz=UTC))
        visitor = Client()
        base = milliseconds(lambda: visitor.get("/gezondheid"))
        print(f"{'/gezondheid':<28} {base:6.1f} ms")
        pages = {
            "": ["/", "/hulp"],
            "joris": ["/mijn-dossier", "/project/1", "/project/1/betalen"],
            "tom": ["/beheer", "/beheer/uitzonderingen", "/beheer/grootboek"],
            "ruth": ["/dienstverlener"],
            "greet": ["/kantoor", "/kantoor/3"],
        }
        for who, paths in pages.items():
            client = Client()
            if who:
                [person] = [one for one in identity.people() if one.handle.startswith(who)]
                client.post("/aanmelden", {"hoedanigheid": person.capacities[0].id})
            for path in paths:
                assert client.get(path).status_code == 200, path
                took = milliseconds(lambda client=client, path=path: client.get(path))
                print(f"{path:<28} {took:6.1f} ms, ratio {took / base:.1f}")


if __name__ == "__main__":
    main()
