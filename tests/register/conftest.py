"""Extracts of the register: a tiny one of our own, and the real one beside the project when it is there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """A copy of the tiny extract, number 130, to read or to damage."""
    return Path(shutil.copytree(FIXTURES / "extract", tmp_path / "extract"))


@pytest.fixture
def real_extract() -> Path:
    """Rows of the real extract 127, legal persons only (KBO Open Data, FPS Economy)."""
    shared = Path(os.environ.get("PORTEFEUILLE_SHARED", PROJECT.parent / "shared"))
    path = shared / "data" / "samples" / "kbo" / "full_0127_mini"
    if not path.is_dir():
        pytest.skip(f"the real extract is not there ({path}); the tiny extract covers the same ground")
    return path
