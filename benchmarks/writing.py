"""Counting what a statement writes to the write-ahead log, from EXPLAIN (ANALYZE, WAL, FORMAT JSON)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Plan = dict[str, Any]


def records(answer: Any) -> int:
    """All records of a statement.

    The figure at the top leaves out what changes rows in a WITH: that runs after the last row was read. So every step
    counts what it wrote itself: its figure less those of the steps that feed it. A step that reads a WITH only repeats
    the figure of that.
    """
    [told] = answer if isinstance(answer, list) else json.loads(answer)
    return sum(_own(step) for step in _steps(told["Plan"]) if step["Node Type"] != "CTE Scan")


def _own(step: Plan) -> int:
    fed = [child for child in step.get("Plans", []) if child["Parent Relationship"] != "InitPlan"]
    return int(step["WAL Records"]) - sum(int(child["WAL Records"]) for child in fed)


def _steps(step: Plan) -> Iterator[Plan]:
    yield step
    for child in step.get("Plans", []):
        yield from _steps(child)
