"""The roles as which the platform connects. None of them owns a table, and none can step over a wall."""

from __future__ import annotations

WEB = "kmo_web"
WORKER = "kmo_worker"
REPORT = "kmo_report"
ALL = (WEB, WORKER, REPORT)

# As which web and worker connected before there were walls: whoever still does must find nothing.
FORMER = ("kmo_app",)

# What the worker's session says of itself: it acts as the platform.
AS_PLATFORM = "-c kmo.role=system"
