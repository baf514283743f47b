"""The roles as which the platform connects. None of them owns a table, and none can step over a wall."""

from __future__ import annotations

WEB = "kmo_web"
WORKER = "kmo_worker"
REPORT = "kmo_report"
ALL = (WEB, WORKER, REPORT)

# What the worker's session says of itself: it acts as the platform.
AS_PLATFORM = "-c kmo.role=system"
