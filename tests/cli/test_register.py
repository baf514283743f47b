from __future__ import annotations

import json
from pathlib import Path

import pytest

from portefeuille.cli.main import main

EXTRACT = Path(__file__).parents[1] / "register" / "fixtures" / "extract"

pytestmark = pytest.mark.django_db


def test_import_reports_on_standard_output_and_talks_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["register", "import", str(EXTRACT)]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "full extract 130 of 2025-01-04: loaded"
    assert said.out.splitlines()[1].split() == ["enterprise", "4"]
    assert "activity.csv: 6 rows" in said.err
    assert "100 %" in said.err.splitlines()[-1]
    assert main(["register", "import", str(EXTRACT)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == (
        "full extract 130 of 2025-01-04: already loaded, nothing changed"
    )


def test_a_refused_extract_is_one_line_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["register", "import", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "kmo register: meta.csv ontbreekt. Geef de map of het zip-bestand van de KBO, volledig."
    ]


def test_nace_says_how_many_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["register", "nace"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "NACE-BEL 2008: 3,324 codes",
        "NACE-BEL 2025: 3,276 codes",
    ]


def test_reports_are_json_when_that_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["register", "import", str(EXTRACT), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["extract"], told["snapshot_on"], told["already_loaded"]) == (130, "2025-01-04", False)
    assert told["rows"]["enterprise"] == 4
    assert main(["register", "nace", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"NACE-BEL 2008": 3324, "NACE-BEL 2025": 3276}


def test_without_an_action_it_is_called_wrongly() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["register"])
    assert stopped.value.code == 2
