"""``kmo invoice check``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.commands import ROOT, kmo
from tests.core.formats.invoices import CASES, GOOD, saying, spoiled, without

from portefeuille.core.formats.ubl_writer import write

FAULTY = spoiled(GOOD, without("cbc:BuyerReference"))


def test_a_right_invoice_is_json_and_ends_with_0(tmp_path: Path) -> None:
    file = tmp_path / "factuur.xml"
    file.write_bytes(GOOD)
    done = kmo("invoice", "check", str(file), "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    told = json.loads(done.stdout)
    assert set(told) == {"valid", "findings", "facts"}
    assert (told["valid"], told["findings"]) == (True, [])
    assert told["facts"]["totals"]["payable"] == "1210.00"


def test_a_wrong_one_names_the_rule_and_ends_with_1() -> None:
    done = kmo("invoice", "check", "-", "--json", stdin=FAULTY)
    assert (done.returncode, done.stderr) == (1, b"")
    told = json.loads(done.stdout)
    assert told["valid"] is False
    [finding] = told["findings"]
    assert set(finding) == {"rule", "severity", "text"}
    assert (finding["rule"], finding["severity"]) == ("PEPPOL-EN16931-R003", "error")


def test_people_read_lines() -> None:
    done = kmo("invoice", "check", "-", stdin=FAULTY)
    assert done.returncode == 1
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "Deze factuur is niet in orde."
    assert lines[1].startswith("  fout, PEPPOL-EN16931-R003: ")
    assert "Factuur 2026-0042 van 2026-11-20" in lines
    assert lines[-1] == "  zonder btw 1.000,00, btw 210,00, te betalen 1.210,00 (EUR)"
    done = kmo("invoice", "check", "-", stdin=write(CASES["credit note"]))
    assert (done.returncode, done.stdout.decode().splitlines()[0]) == (0, "Deze factuur is in orde.")
    assert "Creditnota 2026-C003" in done.stdout.decode()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00" * 9, b"<!DOCTYPE Invoice []><Invoice/>"])
def test_what_is_no_invoice_is_json_too_and_ends_with_1(content: bytes) -> None:
    done = kmo("invoice", "check", "-", "--json", stdin=content)
    assert (done.returncode, done.stderr) == (1, b"")
    told = json.loads(done.stdout)
    assert (told["valid"], told["facts"]) == (False, {})
    assert told["findings"][0]["rule"].startswith("FILE-")


@pytest.mark.parametrize("path", ["/er/is/niets.xml", "/"])
@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_file_that_is_not_there_is_one_line_and_ends_with_2(path: str, words: list[str]) -> None:
    done = kmo("invoice", "check", path, *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.decode().strip().splitlines()) == 1


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "groot.xml"
    with file.open("wb") as made:
        made.truncate(40_000_000_000)  # holes take no room on the disk, but would in memory
    done = kmo("invoice", "check", str(file), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"][0]["rule"] == "FILE-TOO-LARGE"


def test_what_a_stranger_wrote_does_not_steer_the_terminal() -> None:
    done = kmo("invoice", "check", "-", stdin=spoiled(GOOD, saying("cbc:Note", "a\u009b31mb\u202ec")))
    assert not {"\u009b", "\u202e"} & set(done.stdout.decode())


class TestRulesOfAnOperator:
    """``KMO_PEPPOL_RULES``."""

    def test_run_beside_ours(self, tmp_path: Path) -> None:
        (tmp_path / "peppol.xslt").write_text(
            '<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" '
            'xmlns:svrl="http://purl.oclc.org/dsdl/svrl"><xsl:template match="/"><svrl:schematron-output>'
            '<svrl:failed-assert id="XX-1" flag="fatal"><svrl:text>No.</svrl:text></svrl:failed-assert>'
            "</svrl:schematron-output></xsl:template></xsl:stylesheet>"
        )
        done = kmo("invoice", "check", "-", "--json", stdin=GOOD, KMO_PEPPOL_RULES=str(tmp_path))
        assert [one["rule"] for one in json.loads(done.stdout)["findings"]] == ["XX-1"]
        assert done.returncode == 1

    def test_that_are_not_there_are_one_line(self, tmp_path: Path) -> None:
        done = kmo("invoice", "check", "-", "--json", stdin=GOOD, KMO_PEPPOL_RULES=str(tmp_path))
        assert (done.returncode, done.stdout) == (1, b"")
        assert "KMO_PEPPOL_RULES" in done.stderr.decode()


def test_neither_the_framework_nor_the_packages_program_is_loaded() -> None:
    program = (
        "import sys; from portefeuille.cli import invoice; from portefeuille.core.formats import ubl;"
        "ubl.check(sys.stdin.buffer.read()); assert not {'django', 'facturx', 'psycopg'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT / "src")}, input=GOOD, check=False
    )
    assert done.returncode == 0
