"""The plan and the list of models as tables for people and as JSON for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from microdrama_assets.graph.plan import Entry, Verdict

COLOURS = {Verdict.FRESH: "green", Verdict.STALE: "yellow", Verdict.DRIFTED: "magenta", Verdict.MISSING: "cyan",
           Verdict.BLOCKED: "red"}


def as_json(entry: Entry) -> dict[str, Any]:
    """One object of `plan --json`: asset, partition, verdict, cause, chain, cached, seconds, usd (null: unknown)."""
    return {"asset": entry.asset, "partition": entry.partition, "verdict": entry.verdict.value, "cause": entry.cause,
            "chain": list(entry.chain), "cached": entry.cached, "seconds": entry.seconds, "usd": entry.usd}


def print_plan(entries: Sequence[Entry], console: Console) -> None:
    """A row for each partition that is not fresh, then the count of every verdict."""
    table = Table("asset", "partition", "verdict", "cause", "seconds", box=None, pad_edge=False, header_style="bold")
    for entry in entries:
        if entry.verdict is not Verdict.FRESH:
            colour = COLOURS[entry.verdict]
            seconds = "?" if entry.seconds is None else f"{entry.seconds:.1f}"
            table.add_row(entry.asset, escape(entry.partition), f"[{colour}]{entry.verdict.value}[/]",
                          escape(entry.cause), seconds)
    if table.row_count:
        console.print(table)
    counts = Counter(entry.verdict for entry in entries)
    known = sum(entry.seconds or 0.0 for entry in entries)
    found = [verdict for verdict in Verdict if counts[verdict]]
    total = ", ".join(f"[{COLOURS[verdict]}]{counts[verdict]} {verdict.value}[/]" for verdict in found)
    unknown = sum(entry.seconds is None for entry in entries)
    price = f"{known:.1f} s on this machine, $0.00" + (f", {unknown} without history" if unknown else "")
    console.print(f"{total} | {price}")


def print_models(identities: Iterable[Any], as_machine: bool, console: Console) -> None:
    """Every pinned file."""
    rows = [asdict(identity) for identity in identities]
    if as_machine:
        console.print_json(json.dumps(rows))
        return
    table = Table("name", "source", "revision", "licence", "sha256", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(row["name"], row["source"], row["revision"], row["licence"], row["sha256"][:16])
    console.print(table)
