"""The pins: complete, with hashes, and without an address of the machine that made them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WANTED = {
    "run": PROJECT["dependencies"],
    "test": [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]],
}


def name_of(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def pins(which: str) -> dict[str, str]:
    """Each pinned package with its own lines (version, condition and hashes)."""
    text = (ROOT / "requirements" / f"{which}.txt").read_text()
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", text)
    return {name_of(entry): entry for entry in entries if "==" in entry}


@pytest.mark.parametrize("which", WANTED)
def test_every_dependency_is_pinned_with_its_extras_packages(which: str) -> None:
    pinned = pins(which)
    assert {name_of(one) for one in WANTED[which]} <= pinned.keys()
    assert {"psycopg-binary", "psycopg-pool"} <= pinned.keys()


@pytest.mark.parametrize("which", WANTED)
def test_every_pin_has_one_version_and_its_hashes(which: str) -> None:
    for name, entry in pins(which).items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[0-9][A-Za-z0-9.+]*", entry.split()[0]), name
        assert "--hash=sha256:" in entry, name


def test_the_tests_run_on_the_versions_that_people_run() -> None:
    versions = {which: {name: entry.split()[0] for name, entry in pins(which).items()} for which in WANTED}
    assert versions["run"].items() <= versions["test"].items()


@pytest.mark.parametrize("which", WANTED)
def test_no_address_and_no_folder_of_a_machine_is_in_it(which: str) -> None:
    text = (ROOT / "requirements" / f"{which}.txt").read_text()
    assert "://" not in text
    assert not re.search(r"(?m)^\s*-(-index|-extra|-find|i |f )", text)
    assert not re.search(r"(^|\s)/\w", text)
