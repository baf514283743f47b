"""One deposit with its top-up (two transfers) against pgbench's simple update, on the same server.

Ours goes through this project's Python: as many processes as pgbench has clients, each with a connection of its own,
each call one statement and one commit. Both sides draw from as many rows, so that they meet as many pages and locks.
"""

from __future__ import annotations

import multiprocessing
import random
import re
import shutil
import subprocess
import time
from datetime import UTC, date, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.database import connect, measured_database
from benchmarks.measuring import Count, Ratio, Story, Target
from benchmarks.writing import records
from portefeuille.core.formats import ogm
from portefeuille.core.ledger import Transfer
from portefeuille.core.money import Money

SCALE = 1
ROWS = 100_000 * SCALE  # the accounts of pgbench, and our wallets
SECONDS = 4
CLIENTS = (1, 4, 16)
DAY = date(2026, 3, 5)
AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
BATCH = 2_000


def measure(rounds: int) -> Story:
    """P1, P2, W1, and the posting's half of H2."""
    story = Story()
    with measured_database() as server:
        make_wallets(server.owner_url)
        subprocess.run(
            [pgbench(), server.owner_url, "-iq", "-s", str(SCALE)], check=True, capture_output=True
        )
        check(server.app_url)
        floor: dict[int, list[float]] = {clients: [] for clients in CLIENTS}
        ours: dict[int, list[float]] = {clients: [] for clients in CLIENTS}
        for _ in range(rounds):
            for clients in CLIENTS:
                floor[clients].append(simple_updates(server.owner_url, clients))
                ours[clients].append(2 * deposits(server.app_url, clients))
        story.counts += counts(server.app_url)
        prove(server.app_url)
    for clients in CLIENTS:
        story.ratios.append(
            Ratio(
                "P1" if clients == 4 else "",
                f"deposit + top-up through Python, {clients} client{'s' * (clients > 1)}",
                "pgbench simple-update",
                "transfers/s against commits/s",
                ours[clients],
                floor[clients],
                Target(at_least=1.0) if clients == 4 else None,
            )
        )
    many, one = ours[16], ours[1]
    story.ratios.append(
        Ratio("P2", "the same, 16 clients", "1 client", "transfers/s", many, one, Target(at_least=1.8))
    )
    story.ratios.append(Ratio("", "pgbench itself, 16 clients", "1 client", "commits/s", floor[16], floor[1]))
    return story


def pgbench() -> str:
    """The distribution's client: the embedded package has none."""
    found = shutil.which("pgbench") or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))), None
    )
    if found is None:
        raise SystemExit("pgbench is not installed (on Debian: apt-get install postgresql)")
    return found


def reference(number: int) -> str:
    """The payment reference of a wallet."""
    return ogm.make(4_100_000_000 + number)


def make_wallets(url: str) -> None:
    """Wallets with room for many deposits."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        with cursor.copy(
            "COPY wallet_wallet (id, reference, own_share_cents, subsidy_cents, deposited_cents, topped_up_cents, "
            "own_out_cents, subsidy_out_cents, ordered_cents, paid_cents, refunded_cents, returned_cents, is_open, "
            "is_exact, deposit_until) FROM STDIN"
        ) as copy:
            for number in range(1, ROWS + 1):
                copy.write_row(
                    (
                        number,
                        reference(number),
                        3_000_000_000,
                        2_000_000_000,
                        *[0] * 8,
                        True,
                        False,
                        "2026-04-01",
                    )
                )
        cursor.execute("ANALYZE wallet_wallet")


def check(url: str) -> None:
    """One deposit gives what it should, before any is timed."""
    connect(url)
    from portefeuille.wallet.posting import Deposit, post_deposits

    [placed] = post_deposits(
        [Deposit(source=1, reference=reference(7), amount=Money(300), entry_on=DAY)], at=AT
    )
    assert (placed.wallet, placed.taken, placed.top_up, placed.reason) == (7, Money(300), Money(200), "")


def simple_updates(url: str, clients: int) -> float:
    """Commits per second of pgbench's simple update."""
    command = [pgbench(), url, "-n", "-M", "prepared", "-b", "simple-update", "-T", str(SECONDS)]
    command += ["-c", str(clients), "-j", str(min(clients, 4))]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+)", said)
    assert found, said
    return float(found[1])


def deposits(url: str, clients: int) -> float:
    """Deposits per second of so many processes."""
    spawning = multiprocessing.get_context("spawn")
    start = spawning.Barrier(clients)
    done = spawning.Queue()
    base = time.time_ns() // 1_000 * 1_000
    processes = [
        spawning.Process(target=client, args=(url, base + number * 10**12, start, done))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    total: float = sum(done.get() for _ in processes)
    for process in processes:
        process.join()
    return total


def client(url: str, first_source: int, start: Barrier, done: Any) -> None:
    """One client: deposits of two cents on random wallets, one after another; tells how many a second."""
    connect(url)
    from portefeuille.wallet.posting import Deposit, post_deposits

    chance = random.Random(first_source)
    references = [reference(number) for number in range(1, ROWS + 1)]
    amount = Money(2)
    post_deposits([Deposit(first_source, references[0], amount, DAY)], at=AT)
    start.wait()
    began = time.perf_counter()
    count = 0
    while time.perf_counter() - began < SECONDS:
        count += 1
        post_deposits([Deposit(first_source + count, chance.choice(references), amount, DAY)], at=AT)
    done.put(count / (time.perf_counter() - began))


def counts(url: str) -> list[Count]:
    """What a posting writes and asks: the same on every machine."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from portefeuille.wallet.posting import Deposit, post_deposits

    with CaptureQueriesContext(connection) as asked:
        post_deposits([Deposit(source=2, reference=reference(8), amount=Money(300), entry_on=DAY)], at=AT)
    return [
        Count(
            "W1", f"WAL records per transfer, {BATCH} lines at once", written(url, BATCH), Target(at_most=4)
        ),
        Count("W1", "WAL records per transfer, one line", written(url, 1), Target(at_most=6)),
        Count("H2", "SQL statements per posting call", len(asked), Target(at_most=1)),
    ]


def written(url: str, lines: int) -> float:
    """Records per transfer on the second pass: after a checkpoint the first change of a page writes it whole."""
    from portefeuille.wallet import posting

    sql = posting._deposits_sql(lines=posting._GIVEN, code=Transfer.DEPOSIT)
    values = {
        "reference": [reference(number) for number in range(1, ROWS, ROWS // lines)][:lines],
        "amount": [300] * lines,
        "entry_on": [DAY] * lines,
        "at": AT,
    }
    with psycopg.connect(url) as connection:
        for sign in (-1, 1):
            sources = [sign * (1_000_000 * lines + number) for number in range(lines)]
            row = connection.execute(
                f"EXPLAIN (ANALYZE, WAL, FORMAT JSON) {sql}", {**values, "source": sources}
            ).fetchone()
            connection.commit()
        assert row is not None
    return records(row[0]) / (2 * lines)


def prove(url: str) -> None:
    """Whatever was timed was right: the wallets say what the transfers say, to the cent."""
    with psycopg.connect(url) as connection:
        wrong = connection.execute(
            """SELECT count(*) FROM wallet_wallet JOIN (
                   SELECT wallet_id, sum(amount_cents) FILTER (WHERE code = %s) AS deposited,
                          sum(amount_cents) FILTER (WHERE code = %s) AS topped_up
                   FROM wallet_transfer GROUP BY wallet_id) AS moved ON id = wallet_id
               WHERE (deposited_cents, topped_up_cents) <> (deposited, coalesce(topped_up, 0))
                  OR topped_up_cents <> subsidy_cents * deposited_cents / own_share_cents""",
            [int(Transfer.DEPOSIT), int(Transfer.TOP_UP)],
        ).fetchone()
        assert wrong == (0,)
