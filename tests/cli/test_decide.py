"""``kmo decide`` as somebody at a terminal meets it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.commands import kmo
from tests.core.rules.cases import EXAMPLE, example

from portefeuille.cli.main import main
from portefeuille.core.calendar import legal_day

ON = ("--on", "2026-03-02")


def write(folder: Path, content: object) -> str:
    path = folder / "facts.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def answer(capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> bytes:
    assert main(["decide", *words]) == 0
    out, err = capfdbinary.readouterr()
    assert err == b""
    return out


def refusal(capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> str:
    assert main(["decide", *words]) == 1
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert err.count(b"\n") == 1
    return err.decode()


def test_the_answer_starts_with_the_outcome_and_the_euros(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = answer(capfdbinary, str(EXAMPLE), *ON).decode().splitlines()
    assert lines[0].startswith("Goedgekeurd.")
    assert lines[1:4] == [
        "  Subsidie van de overheid, in je portefeuille: 4.000,00 euro",
        "  Jouw eigen aandeel, dat je in je portefeuille stort: 6.000,00 euro",
        "  Btw, die je rechtstreeks aan de dienstverlener betaalt: 2.100,00 euro",
    ]
    assert "%" not in "".join(lines)


def test_what_was_not_met_comes_before_the_list_of_rules_with_its_cure(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    facts = example()
    facts["provider"]["number"] = "DV.A220518"
    text = answer(capfdbinary, write(tmp_path, facts), *ON).decode()
    assert text.startswith("Geweigerd.")
    assert text.index("Gebruik DV.O218693") < text.index("Alle regels:")


def test_what_is_missing_is_asked_for(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    text = answer(capfdbinary, write(tmp_path, {}), *ON).decode()
    assert text.startswith("Er kan nog niet beslist worden.")
    assert "Wanneer begint de dienst? (application.starts_on)" in text


def test_a_finding_of_the_office_is_said_to_be_one(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    facts = example() | {"findings": [{"rule": "activity_on_list", "met": True}]}
    words = (write(tmp_path, facts), "--scheme", "kmo-portefeuille", *ON)
    assert "bevinding van de administratie" in answer(capfdbinary, *words).decode()


def test_json_is_the_whole_decision_and_nothing_else(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    decision = json.loads(answer(capfdbinary, str(EXAMPLE), *ON, "--json"))
    assert decision["outcome"] == "approved"
    assert decision["amounts"] == {
        "amount": "10000.00",
        "subsidy": "4000.00",
        "own_share": "6000.00",
        "vat": "2100.00",
        "payable_to_provider": "12100.00",
    }
    assert {"scheme", "regime", "applied_on", "rules", "missing", "our_reading", "digest"} <= set(decision)
    wanted = {"rule", "stage", "verdict", "inputs", "parameters", "sources", "title", "reason", "cure"}
    assert all(wanted <= set(rule) for rule in decision["rules"])


def test_facts_may_come_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(EXAMPLE.read_bytes())))
    assert json.loads(answer(capfdbinary, "-", *ON, "--json"))["outcome"] == "approved"


def test_without_a_day_today_in_brussels_is_the_application_date(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    before = legal_day(datetime.now(UTC))
    applied_on = json.loads(answer(capfdbinary, str(EXAMPLE), "--json"))["applied_on"]
    assert before.isoformat() <= applied_on <= legal_day(datetime.now(UTC)).isoformat()


def test_the_schema_describes_the_example(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    schema = json.loads(answer(capfdbinary, "--schema"))
    jsonschema.Draft202012Validator(schema).validate(example())


@pytest.mark.parametrize("kind", ["--json", "--record"])
@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_a_replay_gives_identical_bytes(
    kind: str, ending: bytes, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    stored = answer(capfdbinary, str(EXAMPLE), *ON, kind).removesuffix(b"\n") + ending
    (tmp_path / "record.json").write_bytes(stored)
    assert answer(capfdbinary, "--replay", str(tmp_path / "record.json")) == stored


@pytest.mark.parametrize("kind", ["--json", "--record"])
def test_an_altered_record_is_refused(
    kind: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    stored = answer(capfdbinary, str(EXAMPLE), *ON, kind)
    (tmp_path / "record.json").write_bytes(stored.replace(b"6000.00", b"5000.00"))
    assert "geeft iets anders" in refusal(capfdbinary, "--replay", str(tmp_path / "record.json"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "geen JSON"),
        ("{", "geen JSON"),
        ("[" * 100_000, "geen JSON"),
        ("1" * 10_000, "geen JSON"),
        ('{"application": {"amount": NaN}}', "application.amount"),
        ('{"application": {"amount": 1250.505}}', "application.amount"),
        ('{"application": {"amount": 1e999999999}}', "application.amount"),
        ('{"application": {"amount": 1e99999999999999999999}}', "geen JSON"),
        ('{"application": {"amount": "tien"}}', "application.amount"),
        ('{"enterprise": {"size": "small", "size": "large"}}', "twee keer"),
        ('{"enterprise": {"\\u001b[31m": 1}}', "bestaat niet"),
        ("[]", "feiten"),
    ],
)
def test_bad_facts_are_refused_in_one_line(
    content: str, said: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    line = refusal(capfdbinary, write(tmp_path, content), *ON)
    assert said in line
    assert "\x1b" not in line


def test_an_amount_without_quotes_is_read_exactly(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = write(tmp_path, EXAMPLE.read_text(encoding="utf-8").replace('"10000.00"', "1152.89"))
    assert json.loads(answer(capfdbinary, path, *ON, "--json"))["amounts"]["subsidy"] == "461.15"


def test_a_file_that_is_not_there_is_refused(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert "nowhere.json" in refusal(capfdbinary, "nowhere.json", *ON)
    assert "nowhere.json" in refusal(capfdbinary, "--replay", "nowhere.json")


def test_a_file_with_a_byte_order_mark_is_read(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.read_bytes())
    assert json.loads(answer(capfdbinary, str(path), *ON, "--json"))["outcome"] == "approved"


def test_a_day_without_a_regime_is_refused(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    words = (str(EXAMPLE), "--scheme", "kmo-portefeuille", "--on", "2010-01-01")
    assert "01-01-2010" in refusal(capfdbinary, *words)


@pytest.mark.parametrize("words", [(), ("x.json", "--on", "2 maart"), ("x.json", "--scheme", "other")])
def test_a_wrong_call_exits_with_2(words: tuple[str, ...], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["decide", *words])
    assert stopped.value.code == 2
    assert capfdbinary.readouterr().out == b""


def test_deciding_loads_no_web_framework_and_survives_a_plain_terminal() -> None:
    code = (
        "import sys; from portefeuille.cli.main import main; "
        f"code = main(['decide', {str(EXAMPLE)!r}, '--on', '2026-03-02']); "
        "sys.exit(code or any(name.split('.')[0] in ('django', 'psycopg') for name in sys.modules))"
    )
    environment = {"PYTHONPATH": "src", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().startswith("Goedgekeurd.")


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_record_is_the_same_in_every_process_and_order_of_keys(seed: str) -> None:
    """Whatever the order of sets and of the names in the file."""

    def turned(node: Any) -> Any:
        if isinstance(node, dict):
            return {name: turned(child) for name, child in reversed(node.items())}
        return node

    facts = json.loads(EXAMPLE.read_bytes())
    words = ("decide", "-", "--on", "2026-03-02", "--record")
    first = kmo(*words, stdin=json.dumps(facts).encode(), PYTHONHASHSEED="42").stdout
    again = kmo(*words, stdin=json.dumps(turned(facts), indent=3).encode(), PYTHONHASHSEED=seed).stdout
    assert first == again
    assert first.startswith(b'{"amounts"')


def test_a_name_that_stands_there_twice_is_named(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    path = write(tmp_path, '{"application": {"amount": 1, "amount": 2}}')
    assert refusal(capfdbinary, path) == "kmo decide: amount: dit veld staat er twee keer.\n"


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert "te groot" in refusal(capfdbinary, write(tmp_path, " " * 4_000_001), *ON)
