from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.launch.conftest import only_root

from portefeuille.launch.account import Account, postgres_account
from portefeuille.launch.failures import CannotStart
from portefeuille.launch.place import (
    LONGEST_SOCKET_PATH,
    can_reach,
    database_folder,
    fits_a_socket,
    make_folder,
    temporary_folder,
)
from portefeuille.launch.state import MARK


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_where_its_user_can_come_the_database_lies_in_the_state(folder: Path) -> None:
    assert database_folder(folder, postgres_account()) == folder / "postgres"
    assert mode(folder / "postgres") == 0o711


@only_root
def test_where_its_user_cannot_come_the_state_links_to_elsewhere(
    private: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = private / "demo"
    there = database_folder(state, postgres_account(), elsewhere=folder / "else")
    assert there.parent == folder / "else"
    assert (there / MARK).is_file()
    assert (state / "postgres").resolve() == there
    assert str(there) in capsys.readouterr().err
    assert mode(private) == 0o700, "no parent ever changes its mode"
    assert database_folder(state, postgres_account(), elsewhere=folder / "else") == there


@only_root
def test_a_link_to_what_is_gone_is_made_anew(private: Path, folder: Path) -> None:
    first = database_folder(private, postgres_account(), elsewhere=folder / "else")
    (first / MARK).unlink()
    first.rmdir()
    assert database_folder(private, postgres_account(), elsewhere=folder / "else") != first


@only_root
def test_a_database_that_its_user_can_no_longer_reach_is_never_thrown_away(
    private: Path, folder: Path
) -> None:
    (private / "postgres" / "cluster").mkdir(parents=True)
    (private / "postgres" / "cluster" / "PG_VERSION").write_text("18")
    with pytest.raises(CannotStart, match="chmod"):
        database_folder(private, postgres_account(), elsewhere=folder / "else")
    assert (private / "postgres" / "cluster" / "PG_VERSION").exists()


@only_root
def test_nowhere_to_go_is_one_line_with_a_way_out(private: Path) -> None:
    with pytest.raises(CannotStart, match="--state"):
        database_folder(private, postgres_account(), elsewhere=private / "else")


@only_root
def test_reaching_is_judged_as_the_other_user(private: Path) -> None:
    assert can_reach(private, None)
    assert not can_reach(private, Account(65534, 65534))


def test_a_folder_that_cannot_be_made_is_one_line_with_a_way_out(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(CannotStart, match=r"kan niet gebruikt worden .*--state"):
        make_folder(folder / "file" / "below")


def test_making_a_folder_leaves_the_ones_above_it_as_they_were(private: Path) -> None:
    make_folder(private / "a" / "b")
    assert [mode(private), mode(private / "a"), mode(private / "a" / "b")] == [0o700, 0o711, 0o711]


@pytest.mark.parametrize("spare", [-1, 0, 1])
def test_a_socket_fits_up_to_the_last_byte(spare: int) -> None:
    path = Path("/" + "é" * 10 + "x" * 200)
    name = len("/.s.PGSQL.5432.lock")
    exact = Path(str(path)[: LONGEST_SOCKET_PATH - name - 10 + spare])  # ten letters take two bytes each
    assert fits_a_socket(exact) is (spare <= 0)


@pytest.mark.parametrize("name", ["a,b", "it's", 'say "x"', "back\\slash"])
def test_a_name_that_means_something_to_clients_holds_no_socket(name: str) -> None:
    assert not fits_a_socket(Path("/tmp") / name)
    assert fits_a_socket(Path("/tmp/a b%20c&d"))


@only_root
def test_a_temporary_folder_is_made_where_its_user_can_come(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(private))
    with temporary_folder(postgres_account()) as made:
        assert not made.is_relative_to(private)
        assert can_reach(made, postgres_account())
    assert not made.exists()
