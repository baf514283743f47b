"""One deposit with its top-up (two transfers) against pgbench's simple update, on the same server by the same client.

Both are run by pgbench, in turn, for each number of clients; the ratio is of the medians.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

import psycopg
from benchmarks.database import measured_database

from portefeuille.core.formats import ogm
from portefeuille.core.ledger import Transfer

WALLETS = 20_000
ROUNDS = 3
SECONDS = 5
CLIENTS = (1, 4, 16)


def pgbench() -> str:
    """The distribution's client: the embedded package has none."""
    found = shutil.which("pgbench") or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))), None
    )
    if found is None:
        raise SystemExit("pgbench is not installed (on Debian: apt-get install postgresql)")
    return found


def script() -> str:
    """The posting as it runs in the platform, with one line of 0.01 on a random wallet."""
    from portefeuille.wallet import posting

    sql = posting._deposits_sql(lines=posting._GIVEN, code=Transfer.DEPOSIT)
    values = {
        "source": "ARRAY[nextval('ledger_source_id')]",
        "reference": "ARRAY[(SELECT reference FROM wallet_wallet WHERE id = :wallet)]",
        "amount": "ARRAY[2]",
        "entry_on": "ARRAY[DATE '2026-03-05']",
        "at": "now()",
    }
    for name, value in values.items():
        sql = sql.replace(f"%({name})s", value)
    return f"\\set wallet random(1, {WALLETS})\n{' '.join(sql.split())};\n"


def make_wallets(url: str) -> None:
    """Wallets with room for many deposits."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        with cursor.copy(
            "COPY wallet_wallet (id, reference, own_share_cents, subsidy_cents, deposited_cents, topped_up_cents, "
            "own_out_cents, subsidy_out_cents, ordered_cents, paid_cents, refunded_cents, returned_cents, is_open, "
            "is_exact, deposit_until) FROM STDIN"
        ) as copy:
            for number in range(1, WALLETS + 1):
                reference = ogm.make(4_100_000_000 + number)
                copy.write_row(
                    (number, reference, 3_000_000_000, 2_000_000_000, *[0] * 8, True, False, "2026-04-01")
                )
        cursor.execute("ANALYZE wallet_wallet")


def run(url: str, clients: int, *words: str) -> float:
    """Transactions per second."""
    command = [pgbench(), url, "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 4))]
    done = subprocess.run(
        [*command, "-T", str(SECONDS), *words], check=True, capture_output=True, text=True
    ).stdout
    found = re.search(r"tps = ([0-9.]+)", done)
    assert found, done
    return float(found[1])


def main() -> None:
    """Print a line for each number of clients."""
    with measured_database() as server, tempfile.TemporaryDirectory() as folder:
        make_wallets(server.owner_url)
        subprocess.run([pgbench(), server.owner_url, "-i", "-q", "-s", "20"], check=True, capture_output=True)
        path = Path(folder) / "deposit.sql"
        path.write_text(script())
        for clients in CLIENTS:
            deposits, updates = [], []
            for _ in range(ROUNDS):
                updates.append(run(server.owner_url, clients, "-b", "simple-update"))
                deposits.append(run(server.owner_url, clients, "-f", str(path)))
            ours, theirs = statistics.median(deposits), statistics.median(updates)
            print(
                f"{clients:>2} clients: {ours:8.0f} deposits with top-up/s, {theirs:8.0f} simple updates/s, "
                f"ratio {ours / theirs:.2f}"
            )


if __name__ == "__main__":
    main()
