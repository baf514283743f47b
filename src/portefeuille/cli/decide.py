"""``kmo decide``: decide an application from a file of facts, without a database.

Standard output carries the answer alone: Dutch sentences, or with ``--json`` one JSON document that holds the
whole record and can be handed to ``--replay`` again. Exit code 0 for any decision, 1 when the facts or the
file are refused.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import FileRefused
from portefeuille.core.rules import (
    SCHEMES,
    Decision,
    FactsRefused,
    Outcome,
    ReplayDiffers,
    RuleVerdict,
    Verdict,
    decide,
    load_scheme,
    read_record,
    recorded,
    replay,
    schema,
)

_LARGEST_FILE_BYTES = 4_000_000
_MARKS = {Verdict.MET: "+", Verdict.NOT_MET: "-", Verdict.UNKNOWN: "?", Verdict.STILL_TO_PROVE: ">"}
_SAID = {
    Verdict.MET: "in orde",
    Verdict.NOT_MET: "niet in orde",
    Verdict.UNKNOWN: "niet bekend",
    Verdict.STILL_TO_PROVE: "nog te bewijzen",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``kmo decide``."""
    parser.add_argument(
        "facts", nargs="?", metavar="FACTS.json", help="file of facts, or - for standard input"
    )
    parser.add_argument("--scheme", default="gids", choices=SCHEMES, help="subsidy measure (default: gids)")
    parser.add_argument(
        "--on", type=_day, metavar="YYYY-MM-DD", help="application date (default: today in Brussels)"
    )
    parser.add_argument("--json", action="store_true", help="print the whole decision as JSON")
    parser.add_argument(
        "--record", action="store_true", help="print the canonical bytes that the digest covers"
    )
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the facts")
    parser.add_argument(
        "--replay",
        metavar="RECORD.json",
        help="decide a stored record or --json answer again and print the same bytes",
    )
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Print what was asked for."""
    if args.schema:
        _write(_pretty(schema()))
    elif args.replay is not None:
        _write_bytes(_replayed(_read(args.replay)))
    elif args.facts is None:
        args.parser.error("geef een bestand met feiten, of --schema of --replay")
    else:
        _answer(args)
    return 0


def _answer(args: argparse.Namespace) -> None:
    on = args.on or legal_day(datetime.now(UTC))
    decision = decide(_facts(_read(args.facts)), scheme=load_scheme(args.scheme), on=on)
    if args.record:
        _write_bytes(decision.record)
    else:
        _write(_pretty(decision.as_dict()) if args.json else "\n".join(_readable(decision)) + "\n")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is geen dag zoals 2026-03-02") from None


def _read(name: str) -> bytes:
    """The bytes of a file or of standard input. Raises FileRefused."""
    try:
        if name == "-":
            content = sys.stdin.buffer.read(_LARGEST_FILE_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(_LARGEST_FILE_BYTES + 1)
    except OSError as problem:
        raise FileRefused(f"{name}: dit bestand kan niet gelezen worden ({problem.strerror}).") from None
    if len(content) > _LARGEST_FILE_BYTES:
        raise FileRefused(f"{name}: dit bestand is te groot (hoogstens {_LARGEST_FILE_BYTES // 10**6} MB).")
    return content


def _facts(content: bytes) -> Any:
    """The JSON in the file, each name once. Raises FactsRefused."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=_each_name_once)
    except (ValueError, ArithmeticError, RecursionError) as problem:
        where = f" (regel {problem.lineno})" if isinstance(problem, json.JSONDecodeError) else ""
        raise FactsRefused("", f"dit bestand is geen JSON{where}.") from None


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise FactsRefused(ascii(min(twice))[1:-1][:60], "dit veld staat er twee keer.")
    return dict(pairs)


def _replayed(content: bytes) -> bytes:
    """The same bytes again, from the same decision. Raises ReplayDiffers."""
    ending = b"\n" if content.endswith(b"\n") else b""
    stored = read_record(content)
    if "digest" not in stored:
        return replay(content.removesuffix(b"\n")).record + ending
    decision = replay(recorded(stored))
    if decision.digest != stored["digest"]:
        raise ReplayDiffers("Opnieuw beslissen geeft iets anders: digest verschilt.")
    return _pretty(decision.as_dict()).encode().removesuffix(b"\n") + ending


def _pretty(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _write(text: str) -> None:
    _write_bytes(text.encode())


def _write_bytes(content: bytes) -> None:
    """Straight to standard output, whatever encoding the terminal claims: the bytes are the answer."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _readable(decision: Decision) -> Iterator[str]:
    """The answer for people: the outcome and the euros first, then what to cure, then every rule."""
    yield decision.summary
    yield from _euros(decision)
    yield from _to_cure(decision)
    if decision.missing:
        yield ""
        yield "Nog aan te vullen:"
        yield from (f"  ? {item.question} ({item.fact})" for item in decision.missing)
    yield ""
    yield "Alle regels:"
    yield from (f"  {_MARKS[rule.verdict]} {rule.title}: {_said(rule)}" for rule in decision.rules)
    yield ""
    yield "Onze lezing:"
    yield from (f"  * {reading.text}" for reading in decision.our_reading)
    yield ""
    yield "Bronnen:"
    titles = decision.scheme.source_titles(source for rule in decision.rules for source in rule.sources)
    yield from (f"  {key}: {title}" for key, title in titles.items())
    yield ""
    yield f"Regels: {decision.regime.title}. Aanvraag van {decision.applied_on:%d-%m-%Y}."
    yield f"Kenmerk van deze beslissing: {decision.digest}"


def _said(rule: RuleVerdict) -> str:
    by = " (bevinding van de administratie)" if rule.found_by == "office" else ""
    return f"{_SAID[rule.verdict]}{by}. Bron: {', '.join(rule.sources)}."


def _euros(decision: Decision) -> Iterator[str]:
    amounts = decision.amounts
    if decision.outcome is Outcome.APPROVED and amounts.subsidy is not None and amounts.own_share is not None:
        yield f"  Subsidie van de overheid, in je portefeuille: {amounts.subsidy.belgian} euro"
        yield f"  Jouw eigen aandeel, dat je in je portefeuille stort: {amounts.own_share.belgian} euro"
        if amounts.vat is not None:
            yield f"  Btw, die je rechtstreeks aan de dienstverlener betaalt: {amounts.vat.belgian} euro"


def _to_cure(decision: Decision) -> Iterator[str]:
    if failed := decision.not_met():
        yield ""
        yield "Wat niet in orde is, en wat je kunt doen:"
    for rule in failed:
        yield f"  - {rule.reason}"
        yield f"    {rule.cure}"
