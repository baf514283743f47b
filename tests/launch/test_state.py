"""The state folder: only what bears the project's mark is ever deleted, and only one installation runs on it."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from portefeuille.launch.failures import CannotStart
from portefeuille.launch.state import MARK, State


def test_a_new_folder_gets_the_mark(tmp_path: Path) -> None:
    State(tmp_path / "a" / "b").prepare()
    assert (tmp_path / "a" / "b" / MARK).is_file()


def test_starting_again_keeps_what_is_there(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    state.prepare()
    (state.folder / "data").write_text("x")
    state.prepare()
    assert (state.folder / "data").read_text() == "x"


def test_fresh_forgets_what_is_there_but_for_the_mark(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    state.prepare()
    (state.folder / "data").mkdir()
    (state.folder / "data" / "more").write_text("x")
    state.prepare(fresh=True)
    assert {path.name for path in state.folder.iterdir()} == {MARK, "lock"}


@pytest.mark.parametrize("fresh", [True, False])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, fresh: bool) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CannotStart, match="Er wordt niets gewist"):
        State(tmp_path).prepare(fresh=fresh)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert not (tmp_path / MARK).exists()


def test_fresh_never_follows_a_link_out_of_the_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "thesis.txt").write_text("years of work")
    state = State(tmp_path / "state")
    state.prepare()
    (state.folder / "link").symlink_to(elsewhere)
    state.prepare(fresh=True)
    assert (elsewhere / "thesis.txt").exists()


def test_a_second_installation_is_told_where_the_first_runs(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    state.prepare()
    with state.running_at("http://127.0.0.1:8001"):
        with (
            pytest.raises(CannotStart, match=r"http://127\.0\.0\.1:8001"),
            State(state.folder).running_at("x"),
        ):
            pass
        with pytest.raises(CannotStart, match=r"http://127\.0\.0\.1:8001"):
            State(state.folder).prepare(fresh=True)
    with State(state.folder).running_at("http://127.0.0.1:8002"):
        pass


def test_a_full_disk_is_said_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=100 * 2**20))
    with pytest.raises(CannotStart, match="100 MB vrij, 500 MB nodig"):
        State(tmp_path / "state").prepare()


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match="Kies met --state"):
        State(tmp_path / "file" / "state").prepare()


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    state.prepare()
    path = state.secret_key_file()
    key = path.read_text()
    assert len(key) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert state.secret_key_file().read_text() == key
