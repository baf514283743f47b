"""A clock that the test sets, for pages that look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone


@dataclass
class Clock:
    """What the pages take for now."""

    now: datetime

    def pass_(self, **time: float) -> None:
        """Let it run: ``clock.pass_(minutes=16)``."""
        self.now += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Half past ten on a working day, until the test says otherwise."""
    running = Clock(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    monkeypatch.setattr(timezone, "now", lambda: running.now)
    return running
