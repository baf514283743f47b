"""``./kmo`` before Python takes over: from any folder, through a link, and with one clear line when it can't go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.launch.conftest import ROOT

from portefeuille import __version__

COMMANDS = ("sh", "cat", "cksum", "cut", "dirname", "mkdir", "readlink", "flock")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Just enough of a checkout, in a folder with a space in its name."""
    made = tmp_path / "a checkout"
    made.mkdir()
    for name in ("kmo", ".python-version", "requirements", "src"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy2)(ROOT / name, made / name)
    return made


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A PATH with little on it: no Python, no installer."""
    made = tmp_path / "bin"
    made.mkdir()
    for name in COMMANDS:
        if found := shutil.which(name):
            (made / name).symlink_to(found)
    return made


def call(script: Path, *words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("KMO_")}
    return subprocess.run(
        [str(script), *words], cwd=cwd, env={**own, **environment}, capture_output=True, text=True, timeout=60
    )


def write(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o755)


def test_a_ready_environment_is_used_as_it_is_from_any_folder_and_through_links(
    checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "one").symlink_to(checkout / "kmo")
    (tmp_path / "two").symlink_to("one")
    done = call(tmp_path / "two", "--version", cwd=Path("/"), KMO_PYTHON=sys.executable)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"kmo {__version__}\n", "")


def test_files_in_the_folder_from_which_it_is_called_are_not_taken_for_pythons_own(
    checkout: Path, tmp_path: Path
) -> None:
    for name in ("argparse", "json", "portefeuille"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('somebody else')")
    done = call(checkout / "kmo", "--version", cwd=tmp_path, KMO_PYTHON=sys.executable)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"kmo {__version__}\n", "")


def test_too_little_room_is_one_line_before_anything_is_fetched(checkout: Path, bare: Path) -> None:
    write(bare / "df", "#!/bin/sh\necho Filesystem\necho 'some disk 1000000 900000 102400 90% /'\n")
    done = call(checkout / "kmo", "demo", cwd=checkout, PATH=str(bare))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "100 MB free, 450 MB needed" in done.stderr
    for nonsense in ("nonsense", "a\\na b c d% e", "a\\n"):  # who can't tell does not refuse
        write(bare / "df", f"#!/bin/sh\nprintf '{nonsense}'\n")
        said = call(checkout / "kmo", "demo", cwd=checkout, PATH=str(bare)).stderr
        assert said.count("\n") == 1
        assert "apt-get install python3" in said


def test_without_python_there_is_one_line_that_says_what_to_install(checkout: Path, bare: Path) -> None:
    done = call(checkout / "kmo", "demo", cwd=checkout, PATH=str(bare))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "apt-get install python3" in done.stderr


def test_without_a_python_that_is_new_enough_there_is_a_line_that_says_so(checkout: Path, bare: Path) -> None:
    write(bare / "uv", "#!/bin/sh\necho 'error: No interpreter found for Python >=3.12' >&2\nexit 2\n")
    done = call(checkout / "kmo", "demo", cwd=checkout, PATH=str(bare))
    assert (done.returncode, done.stdout) == (1, "")
    assert "No interpreter found" not in done.stderr, "what tools say goes to the log"
    assert "no Python 3.12 or later" in done.stderr.splitlines()[-1]
    assert "No interpreter found" in (checkout / ".kmo" / "set-up.log").read_text()


def test_packages_are_installed_by_their_hashes_once_until_the_pins_change(
    checkout: Path, bare: Path
) -> None:
    """A stand-in for the installer: its environment is a folder with a program that says how it was called."""
    write(
        bare / "uv",
        f"""#!/bin/sh
echo "uv $*" >> "${{CALLS:-{checkout}/calls}}"
echo "talk"
if [ "$1" = venv ]; then
    for last; do :; done
    mkdir -p "$last/bin" "$last/lib"
    printf '#!/bin/sh\\ncase "$1" in -c) echo "%s/lib" ;; *) echo "ran $*" ;; esac\\n' "$last" > "$last/bin/python"
    {shutil.which("chmod")} +x "$last/bin/python"
fi
""",
    )
    for _ in range(2):
        done = call(checkout / "kmo", "story", "gids", cwd=Path("/"), PATH=str(bare))
        assert (done.returncode, done.stdout) == (0, "ran -P -m portefeuille.cli.main story gids\n"), (
            done.stderr
        )
    calls = (checkout / "calls").read_text().splitlines()
    assert len(calls) == 2, "the second time nothing is set up"
    assert "--require-hashes" in calls[1]
    assert (checkout / ".kmo/venv-run/lib/kmo-portefeuille.pth").read_text() == f"{checkout}/src\n"
    with (checkout / "requirements" / "run.txt").open("a") as pins:
        pins.write("# changed\n")
    call(checkout / "kmo", "story", "gids", cwd=Path("/"), PATH=str(bare))
    assert len((checkout / "calls").read_text().splitlines()) == 4
    moved = checkout.rename(checkout.with_name("moved"))
    call(moved / "kmo", "story", "gids", cwd=Path("/"), PATH=str(bare), CALLS=str(moved / "calls"))
    assert (moved / ".kmo/venv-run/lib/kmo-portefeuille.pth").read_text() == f"{moved}/src\n"


def test_a_checkout_that_cannot_be_written_keeps_its_environment_with_the_user(
    checkout: Path, bare: Path, tmp_path: Path
) -> None:
    (checkout / ".kmo").write_text("no folder")
    done = call(
        checkout / "kmo", "demo", cwd=checkout, PATH=str(bare), XDG_CACHE_HOME=str(tmp_path / "cache")
    )
    assert done.returncode == 1
    assert list((tmp_path / "cache" / "kmo-portefeuille").iterdir())
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    done = call(checkout / "kmo", "demo", cwd=checkout, PATH=str(bare), XDG_CACHE_HOME=str(blocked))
    assert done.stderr.count("\n") == 1
    assert "XDG_CACHE_HOME" in done.stderr


def test_the_continuous_integration_calls_the_same_command() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "./kmo test" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert os.access(ROOT / "kmo", os.X_OK)
