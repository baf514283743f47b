"""Extracts of the register: a tiny one of our own, and the real one beside the project when it is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """A copy of the tiny extract, number 130, to read or to damage."""
    return Path(shutil.copytree(FIXTURES / "extract", tmp_path / "extract"))


@pytest.fixture
def real_extract(shared_data: Path) -> Path:
    """Rows of the real extract 127, legal persons only (KBO Open Data, FPS Economy)."""
    return shared_data / "samples" / "kbo" / "full_0127_mini"
