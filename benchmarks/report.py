"""Telling results: lines for the terminal, and the table in README.md, from the newest result of each benchmark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
README = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"


def newest() -> list[dict[str, Any]]:
    """The last result of each benchmark, by name."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(RESULTS.glob("*.json")):  # the names begin with the day
        result = json.loads(path.read_text())
        found[result["benchmark"]] = result
    return [found[name] for name in sorted(found)]


def lines(result: dict[str, Any]) -> Iterator[str]:
    """One line per figure."""
    for one in result["measures"]:
        target = f" (target {one['target']}: {_verdict(one)})" if one["target"] else ""
        yield f"{one['id']:<5} {one['what']}: {_figure(one)}{target}"
    for name, value in result["notes"].items():
        yield f"      {name}: {value}"


def _figure(one: dict[str, Any]) -> str:
    if "count" in one:
        return f"{one['count']:.3g}"
    unit = " ms" if "milliseconds" in one else f" over {one['over']}"
    return f"{one['median']:.2f} ({one['min']:.2f} to {one['max']:.2f}){unit}"


def _verdict(one: dict[str, Any]) -> str:
    return {True: "met", False: "not met", None: "-"}[one["met"]]


def table(results: list[dict[str, Any]]) -> str:
    """Markdown."""
    rows = [
        "| id | what | over | measured: median (least to most) | target | met | code | day |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        for one in result["measures"]:
            figure = (
                f"{one['count']:.3g}"
                if "count" in one
                else f"{one['median']:.2f} ({one['min']:.2f} to {one['max']:.2f})"
            )
            over = one.get("over", "a count")
            rows.append(
                f"| {one['id']} | {one['what']} | {over} | {figure} | {one['target'] or '-'} | {_verdict(one)} "
                f"| {result['code']} | {result['started_at'][:10]} |"
            )
    return "\n".join(rows) + "\n"


def with_table(text: str, results: list[dict[str, Any]]) -> str:
    """README.md with its table made anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n" + table(results) + "\n" + END + after


def write_table() -> None:
    """Make the table of README.md anew."""
    README.write_text(with_table(README.read_text(), newest()))
