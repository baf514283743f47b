"""The command itself: its verbs, its exit codes, and one line for a refusal."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.cli.commands import ROOT, kmo

from portefeuille import __version__
from portefeuille.cli import main as cli
from portefeuille.core.errors import Invalid


def test_without_a_verb_it_says_what_it_can_do() -> None:
    done = kmo()
    assert done.returncode == 2
    assert b"VERB" in done.stderr
    assert done.stdout == b""


def test_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("verb", cli.VERBS)
def test_every_verb_explains_itself(verb: str) -> None:
    if verb == "manage":
        pytest.skip("its words all belong to the web framework, --help too")
    done = kmo(verb, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(b"usage: kmo")


def test_a_refusal_is_one_line_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Refusing:
        @staticmethod
        def add_arguments(parser: object) -> None:
            """None."""

        @staticmethod
        def run(args: object) -> int:
            raise Invalid("Dat kan niet, want het is maandag.")

    monkeypatch.setattr(cli, "_module", lambda _verb: Refusing)
    assert cli.main(["ledger"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "kmo ledger: Dat kan niet, want het is maandag.\n"


def test_the_commands_without_a_database_never_load_the_framework() -> None:
    """``decide`` and ``bank inspect`` run where no database is, and start fast."""
    program = "import sys; from portefeuille.cli import bank, decide; assert 'django' not in sys.modules"
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT / "src")}, check=False)
    assert done.returncode == 0


def test_every_test_file_holds_a_test() -> None:
    """F17: a file that collects nothing guards nothing."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        tree = ast.parse(path.read_text())
        names = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        assert any(name.startswith("test_") for name in names), path


def test_the_pins_name_no_place_and_cover_every_dependency() -> None:
    import re
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run, test = ((ROOT / "requirements" / f"{name}.txt").read_text() for name in ("run", "test"))
    for pins in (run, test):
        assert "://" not in pins
        assert "--index" not in pins
        blocks = re.split(r"\n(?=[a-z0-9])", pins)
        assert all("--hash=sha256:" in block for block in blocks)
    pinned = {
        name: set(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==", pins, re.M))
        for name, pins in (("run", run), ("test", test))
    }
    wanted = {re.match(r"[a-z0-9-]+", line)[0] for line in project["dependencies"]}  # type: ignore[index]
    assert wanted <= pinned["run"] <= pinned["test"]
    extra = {re.match(r"[a-z0-9-]+", line)[0] for line in project["optional-dependencies"]["test"]}  # type: ignore[index]
    assert extra <= pinned["test"]


def test_the_start_script_and_the_guard_of_landings_can_be_run() -> None:
    for name in ("kmo", ".ci/run"):
        assert (ROOT / name).stat().st_mode & 0o111, name


def test_there_is_no_file_of_leftovers() -> None:
    forbidden = {"utils.py", "util.py", "helpers.py", "misc.py", "common.py"}
    assert not [path for path in Path(ROOT / "src").rglob("*.py") if path.name in forbidden]
