"""What a benchmark tells: ratios over rounds, and counts, each beside its target."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

LEAST_ROUNDS = 5


@dataclass(frozen=True)
class Target:
    """From the project's list of targets: at least, or at most, so much."""

    at_least: float | None = None
    at_most: float | None = None

    def met(self, value: float) -> bool:
        """Whether a value reaches it."""
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )

    def __str__(self) -> str:
        return f"at least {self.at_least:g}" if self.at_least is not None else f"at most {self.at_most:g}"


@dataclass(frozen=True)
class Ratio:
    """Ours over the floor (or over a peer), round by round. Both lists hold what ``unit`` says."""

    id: str
    what: str
    over: str
    unit: str
    ours: list[float]
    floor: list[float]
    target: Target | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON, with the figures that the table shows."""
        ratios = [ours / floor for ours, floor in zip(self.ours, self.floor, strict=True)]
        found = {"median": statistics.median(ratios), "min": min(ratios), "max": max(ratios)}
        return _with_target(asdict(self) | {"ratios": ratios} | found, self.target, found["median"])


@dataclass(frozen=True)
class Count:
    """Something that is counted, and so is the same on every machine."""

    id: str
    what: str
    count: float
    target: Target | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON."""
        return _with_target(asdict(self), self.target, self.count)


@dataclass(frozen=True)
class Time:
    """How long something takes on this machine, in milliseconds, for a target that is a time and not a ratio."""

    id: str
    what: str
    milliseconds: list[float]
    target: Target | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON, with the figures that the table shows."""
        each = self.milliseconds
        found = {
            "median": statistics.median(each),
            "min": min(each),
            "max": max(each),
            "over": "milliseconds",
        }
        return _with_target(asdict(self) | found, self.target, found["median"])


def _with_target(data: dict[str, Any], target: Target | None, value: float) -> dict[str, Any]:
    data["target"] = str(target) if target else None
    data["met"] = target.met(value) if target else None
    return data


@dataclass
class Story:
    """What one benchmark found. ``notes`` are figures without a target, for who wants to know why."""

    ratios: list[Ratio] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    times: list[Time] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """JSON."""
        return {
            "measures": [one.as_dict() for one in (*self.ratios, *self.counts, *self.times)],
            "notes": self.notes,
        }


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes by the clock."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def cpu_seconds(call: Callable[[], object]) -> float:
    """How much of the processor a call takes in this process."""
    started = time.process_time()
    call()
    return time.process_time() - started
