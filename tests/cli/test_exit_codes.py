from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from portefeuille import __version__
from portefeuille.cli import main as module
from portefeuille.cli.main import VERBS, main
from portefeuille.core.errors import CannotDecide

SOURCE = Path(module.__file__).parents[2]
Behaviour = Callable[[argparse.Namespace], int]


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Callable[[Behaviour], None]:
    """Let a verb do something else."""

    def become(behaviour: Behaviour) -> None:
        stand_in = SimpleNamespace(add_arguments=lambda _parser: None, run=behaviour)
        monkeypatch.setattr(module, "_module", lambda _verb: stand_in)

    return become


def failing(problem: BaseException) -> Behaviour:
    def run(_args: argparse.Namespace) -> int:
        raise problem

    return run


@pytest.mark.parametrize("code", [0, 1])
def test_the_exit_code_is_the_verbs(verb: Callable[[Behaviour], None], code: int) -> None:
    verb(lambda _args: code)
    assert main(["ledger"]) == code


def test_a_refusal_is_one_line_on_standard_error(
    verb: Callable[[Behaviour], None], capsys: pytest.CaptureFixture[str]
) -> None:
    verb(failing(CannotDecide("De oprichtingsdatum ontbreekt.")))
    assert main(["decide"]) == 1
    assert capsys.readouterr() == ("", "kmo decide: De oprichtingsdatum ontbreekt.\n")


def test_a_mistake_of_ours_is_not_dressed_up_as_a_refusal(verb: Callable[[Behaviour], None]) -> None:
    verb(failing(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        main(["decide"])


def test_ctrl_c_ends_with_the_code_that_shells_know(verb: Callable[[Behaviour], None]) -> None:
    verb(failing(KeyboardInterrupt()))
    assert main(["story"]) == 130


def test_a_reader_that_leaves_is_no_accident(verb: Callable[[Behaviour], None]) -> None:
    verb(failing(BrokenPipeError()))
    assert main(["story"]) == 1


@pytest.mark.parametrize(
    "words", [[], ["fly"], ["--fly"], ["demo", "--port", "0"], ["demo", "--port", "web"]]
)
def test_calling_it_wrongly_is_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([verb, "--help"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: kmo {verb}")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"kmo {__version__}\n"


def test_the_list_of_verbs_loads_none_of_them() -> None:
    source = (
        "import sys; from portefeuille.cli.main import build_parser; build_parser(None);"
        "sys.exit('django' in sys.modules or 'psycopg' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    assert subprocess.run([sys.executable, "-c", source], env=environment, check=False).returncode == 0
