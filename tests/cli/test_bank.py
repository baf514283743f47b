"""``kmo bank inspect`` and ``kmo bank import``."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.cli.commands import kmo
from tests.world import World

from portefeuille.core.formats.coda_writer import Line, write
from portefeuille.core.money import Money
from portefeuille.launch.postgres import temporary_database

ONE_DEPOSIT = write(
    account="BE49999000000171",
    holder="B",
    sequence=1,
    day=date(2026, 3, 5),
    opening=Money.ZERO,
    lines=[Line(Money(100), name="Zoë", account="BE29999010000164", reference="")],
)


@pytest.fixture
def coda_file(shared_data: Path) -> Path:
    return shared_data / "samples" / "coda" / "b2ck_CODA.cod"


def test_inspecting_the_real_file(coda_file: Path) -> None:
    done = kmo("bank", "inspect", str(coda_file), "--json")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["accepted"] is True
    [statement] = told["statements"]
    assert (statement["opening"], statement["closing"]) == ("0.00", "9405296.99")
    assert len(statement["movements"]) == 59


def test_inspecting_from_standard_input_as_text(coda_file: Path) -> None:
    done = kmo("bank", "inspect", "-", stdin=coda_file.read_bytes())
    assert done.returncode == 0
    assert "59 bewegingen" in done.stdout.decode()


def test_a_refused_file_is_json_too_and_ends_with_1() -> None:
    done = kmo("bank", "inspect", "-", "--json", stdin=b"%PDF-1.7")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["accepted"] is False
    assert told["problems"][0]["code"] == "is_pdf"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
@pytest.mark.parametrize("words", [[], ["--json"]])
def test_the_answer_is_utf_8_whatever_the_terminal_claims(encoding: str, words: list[str]) -> None:
    content = write(
        account="BE49999000000171",
        holder="X",
        sequence=1,
        day=date(2026, 3, 5),
        opening=Money.ZERO,
        lines=[Line(Money.euros("5.00"), name="Café €")],
    )
    done = kmo("bank", "inspect", "-", *words, stdin=content, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr.decode()
    assert "Café €" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("path", ["/er/is/niets.cod", "/"])
def test_a_file_that_is_not_there_is_one_line(path: str) -> None:
    done = kmo("bank", "inspect", path)
    assert done.returncode == 1
    assert done.stdout == b""
    assert len(done.stderr.strip().splitlines()) == 1


def test_importing_needs_to_know_where() -> None:
    done = kmo("bank", "import", "-", stdin=b"x")
    assert done.returncode == 1
    assert b"--database-url" in done.stderr


def test_a_database_that_does_not_answer_is_one_line() -> None:
    done = kmo("ledger", "verify", "--database-url", "postgresql://nobody@/none?host=/nowhere")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "antwoordt niet" in done.stderr.decode()


ON_A_DATABASE = [
    ("ledger", "verify"),
    ("bank", "import", "-"),
    ("register", "nace"),
    ("register", "import", "/x"),
]


@pytest.mark.parametrize("words", ON_A_DATABASE)
@pytest.mark.parametrize(
    "url",
    ["kmo", "http://example.org/x", "postgresql://nobody@/none?host=/nowhere", "postgresql://a@b/c?d=e"],
)
def test_whatever_is_wrong_with_the_address_is_one_line(words: tuple[str, ...], url: str) -> None:
    done = kmo(*words, "--database-url", url)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(f"kmo {words[0]}: ".encode())
    assert done.stderr.count(b"\n") == 1


def test_an_address_in_the_environment_of_another_project_is_one_line_too() -> None:
    done = kmo("ledger", "verify", KMO_DATABASE_URL="x", DJANGO_SETTINGS_MODULE="shop.settings")
    assert done.stderr.decode().startswith("kmo ledger: Dit is geen adres van een PostgreSQL")


def test_a_database_without_our_tables_is_one_line_that_says_how_to_lay_them() -> None:
    with temporary_database() as empty:
        for words in ON_A_DATABASE:
            done = kmo(*words, "--database-url", empty.worker_url)
            assert (done.returncode, done.stdout) == (1, b"")
            assert done.stderr.count(b"\n") == 1
            assert b"prepare_database" in done.stderr


def test_euros_and_names_are_printed_whatever_the_terminal_claims(tmp_path: Path) -> None:
    strange = tmp_path / "b\udcff\u20ac.cod"
    done = kmo("bank", "inspect", str(strange), PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", LC_ALL="C")
    assert b"Traceback" not in done.stderr
    assert done.stderr.count(b"\n") == 1
    done = kmo("bank", "inspect", "-", stdin=ONE_DEPOSIT, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "naar € 1,00" in done.stdout.decode()


class TestOnARealDatabase:
    @pytest.fixture
    def real(self, committed_db: str) -> tuple[World, str]:
        return World(), committed_db

    def test_a_statement_is_booked_and_the_books_are_proven(
        self, real: tuple[World, str], tmp_path: Path
    ) -> None:
        world, url = real
        application = world.apply()
        world.deposit(application, "4000.00")
        path = tmp_path / "x.cod"
        path.write_bytes(world.bank.close_day(world.day))
        done = kmo("bank", "import", str(path), "--json", "--database-url", url)
        assert done.returncode == 0, done.stderr.decode()
        assert json.loads(done.stdout)["topped_up"] == "2666.66"
        assert world.figures(application).deposited == Money.euros("4000.00")

        proof = kmo("ledger", "verify", "--json", KMO_DATABASE_URL=url)
        assert proof.returncode == 0, proof.stdout
        assert all(law["holds"] for law in json.loads(proof.stdout)["laws"])

    def test_a_broken_law_ends_with_1_and_says_what_broke_it(self, real: tuple[World, str]) -> None:
        from portefeuille.budget.models import Budget

        _world, url = real
        Budget.objects.update(committed_cents=7)
        done = kmo("ledger", "verify", "--database-url", url)
        assert done.returncode == 1
        assert "FAIL  7" in done.stdout.decode()
