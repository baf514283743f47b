from __future__ import annotations

import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from portefeuille.launch import state as module
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.state import MARK, State

ADDRESS = "http://127.0.0.1:8000"


def test_a_new_folder_gets_the_mark_and_a_second_run_accepts_it(tmp_path: Path) -> None:
    for _ in range(2):
        with State(tmp_path / "a" / "b").running_at(ADDRESS):
            assert (tmp_path / "a" / "b" / MARK).is_file()


def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CannotStart, match="Er wordt niets gewist"), State(tmp_path).running_at(ADDRESS):
        pytest.fail("it started")
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_not_a_state(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match="geen lege map"), State(tmp_path / "file").running_at(ADDRESS):
        pytest.fail("it started")


def test_a_folder_that_cannot_be_made_is_one_line_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    state = State(tmp_path / "file" / "below")
    with (
        pytest.raises(CannotStart, match=r"^De map .* kan niet gebruikt worden .*--state"),
        state.running_at(""),
    ):
        pytest.fail("it started")


def test_the_same_state_twice_says_where_the_first_runs(tmp_path: Path) -> None:
    with State(tmp_path).running_at("http://127.0.0.1:8123"):
        second = State(tmp_path)
        with pytest.raises(CannotStart, match=r"http://127\.0\.0\.1:8123"), second.running_at(ADDRESS):
            pytest.fail("it started")
    with second.running_at(ADDRESS):
        assert not second.ended_badly


def test_two_states_beside_each_other(tmp_path: Path) -> None:
    with State(tmp_path / "one").running_at(ADDRESS), State(tmp_path / "two").running_at(ADDRESS):
        assert (tmp_path / "two" / MARK).exists()


def test_a_lock_that_nobody_cleared_tells_that_the_one_before_was_killed(tmp_path: Path) -> None:
    with State(tmp_path).running_at(ADDRESS):
        pass
    (tmp_path / "lock").write_text(ADDRESS)
    state = State(tmp_path)
    with state.running_at(ADDRESS):
        assert state.ended_badly


def test_the_database_is_told_while_it_runs_and_never_after(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert State(tmp_path / "nowhere").database_url() is None
    with state.running_at(ADDRESS):
        assert State(tmp_path).database_url() is None
        state.note_database(ADDRESS, "postgresql://somewhere")
        assert State(tmp_path).database_url() == "postgresql://somewhere"
    assert State(tmp_path).database_url() is None
    (tmp_path / "lock").write_text(f"{ADDRESS}\npostgresql://killed")
    assert State(tmp_path).database_url() is None


def test_the_lock_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It may hold an address with a password."""
    with State(tmp_path / "s").running_at(ADDRESS):
        assert stat.S_IMODE((tmp_path / "s" / "lock").stat().st_mode) == 0o600


def test_emptying_keeps_the_mark_and_the_lock(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    with state.running_at(ADDRESS):
        (state.folder / "postgres").mkdir()
        (state.folder / "postgres" / "file").touch()
        state.secret_key_file()
        state.empty()
        assert {entry.name for entry in state.folder.iterdir()} == {MARK, "lock"}


def test_emptying_follows_a_link_only_to_what_bears_the_mark(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for target in (ours, theirs):
        target.mkdir()
        (target / "file").touch()
    (ours / MARK).touch()
    state = State(tmp_path / "state")
    with state.running_at(ADDRESS):
        (state.folder / "postgres").symlink_to(ours)
        (state.folder / "other").symlink_to(theirs)
        state.empty()
    assert not ours.exists()
    assert (theirs / "file").exists()


def test_emptying_what_is_not_held_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        State(tmp_path).empty()


def test_a_full_disk_is_one_line_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        module.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=module.LEAST_FREE_BYTES)
    )
    State(tmp_path).must_have_room()
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=90 * 2**20))
    with pytest.raises(CannotStart, match=r"te weinig plaats .*90 MB vrij, 500 MB nodig.*--state"):
        State(tmp_path).must_have_room()


@pytest.mark.parametrize("which", ["secret_key_file", "sealing_key_file"])
def test_a_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path, which: str) -> None:
    first: Path = getattr(State(tmp_path), which)()
    key = first.read_text()
    assert len(key) > 50
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert getattr(State(tmp_path), which)().read_text() == key


def test_the_two_keys_differ(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert state.secret_key_file().read_text() != state.sealing_key_file().read_text()
