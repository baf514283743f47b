"""One deposit with its top-up (two transfers) against pgbench's simple update, on the same server.

Ours goes through this project's Python: as many processes as pgbench has clients, each with a connection of its own,
each call one statement and one commit. Both sides draw from as many rows, so that they meet as many pages and locks.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
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
from portefeuille.launch.postgres import EmbeddedPostgres

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
        check(server.worker_url)
        floor: dict[int, list[Pace]] = {clients: [] for clients in CLIENTS}
        ours: dict[int, list[Pace]] = {clients: [] for clients in CLIENTS}
        for _ in range(rounds):
            for clients in CLIENTS:
                floor[clients].append(paced(server, simple_updates, server.owner_url, clients))
                ours[clients].append(paced(server, deposits, server.worker_url, clients))
        story.counts += counts(server.worker_url)
        prove(server.worker_url)
    for clients in CLIENTS:
        story.ratios.append(
            Ratio(
                "P1" if clients == 4 else "",
                f"deposit + top-up through Python, {clients} client{'s' * (clients > 1)}",
                "pgbench simple-update",
                "transfers/s against commits/s",
                [2 * pace.a_second for pace in ours[clients]],
                [pace.a_second for pace in floor[clients]],
                Target(at_least=1.0) if clients == 4 else None,
            )
        )
    many, one = ours[16], ours[1]
    story.ratios += [
        Ratio(
            "",
            "the same, 4 clients, by the processor time of clients and server",
            "pgbench simple-update",
            "transfers against commits, per second of processor time",
            [2 / pace.cpu_seconds for pace in ours[4]],
            [1 / pace.cpu_seconds for pace in floor[4]],
        ),
        Ratio(
            "P2",
            "the same, 16 clients",
            "1 client",
            "deposits/s",
            [pace.a_second for pace in many],
            [pace.a_second for pace in one],
            Target(at_least=1.8),
        ),
        Ratio(
            "",
            "pgbench itself, 16 clients",
            "1 client",
            "commits/s",
            [pace.a_second for pace in floor[16]],
            [pace.a_second for pace in floor[1]],
        ),
    ]
    story.notes["milliseconds of processor time per commit, at the median"] = {
        name: {
            f"{clients} clients": round(
                1000 * statistics.median(pace.cpu_seconds for pace in found[clients]), 3
            )
            for clients in CLIENTS
        }
        for name, found in (("ours", ours), ("pgbench", floor))
    }
    return story


@dataclass(frozen=True)
class Pace:
    """How many commits a second, and what one takes of the processors, in clients and server together."""

    a_second: float
    cpu_seconds: float


def paced(
    server: EmbeddedPostgres, run: Callable[[str, int], tuple[float, float, float]], url: str, clients: int
) -> Pace:
    """Run clients (which tell commits, seconds, and their own processor time), and watch the server."""
    before = _server_seconds(server)
    commits, seconds, cpu = run(url, clients)
    time.sleep(0.5)  # sessions that ended are counted when their server has seen them go
    return Pace(commits / seconds, (cpu + _server_seconds(server) - before) / commits)


def _server_seconds(server: EmbeddedPostgres) -> float:
    """Processor time of the server, of what it started and of what ended."""
    assert server._server is not None
    root = server._server.pid
    living = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    return sum(_used(pid, with_ended=pid == str(root)) for pid in (str(root), *living)) / os.sysconf(
        "SC_CLK_TCK"
    )


def _used(pid: str, *, with_ended: bool) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return sum(int(field) for field in fields[11 : 15 if with_ended else 13])


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


def simple_updates(url: str, clients: int) -> tuple[float, float, float]:
    """pgbench's simple update."""
    command = [pgbench(), url, "-n", "-M", "prepared", "-b", "simple-update", "-T", str(SECONDS)]
    command += ["-c", str(clients), "-j", str(min(clients, 4))]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = re.search(r"transactions actually processed: ([0-9]+)", said)
    rate = re.search(r"tps = ([0-9.]+)", said)
    assert found, said
    assert rate, said
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return float(found[1]), float(found[1]) / float(rate[1]), cpu


def deposits(url: str, clients: int) -> tuple[float, float, float]:
    """Deposits of so many processes at once."""
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
    told = [done.get() for _ in processes]
    for process in processes:
        process.join()
    commits = sum(count for count, _, _ in told)
    rate = sum(count / seconds for count, seconds, _ in told)
    return float(commits), commits / rate, sum(cpu for _, _, cpu in told)


def client(url: str, first_source: int, start: Barrier, done: Any) -> None:
    """One client: deposits of two cents on random wallets, one after another; tells how many, how long, and its cpu."""
    connect(url)
    from portefeuille.wallet.posting import Deposit, post_deposits

    chance = random.Random(first_source)
    references = [reference(chance.randint(1, ROWS)) for _ in range(10_000)]
    amount = Money(2)
    post_deposits([Deposit(first_source, references[0], amount, DAY)], at=AT)
    start.wait()
    began, cpu = time.perf_counter(), time.process_time()
    count = 0
    while time.perf_counter() - began < SECONDS:
        count += 1
        post_deposits([Deposit(first_source + count, chance.choice(references), amount, DAY)], at=AT)
    done.put((count, time.perf_counter() - began, time.process_time() - cpu))


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
