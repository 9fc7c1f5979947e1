"""The plan and the list of models as tables for people and as JSON for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from microdrama_assets.graph.verdict import Entry, Verdict

COLOURS = {Verdict.FRESH: "green", Verdict.STALE: "yellow", Verdict.DRIFTED: "magenta", Verdict.MISSING: "cyan",
           Verdict.BLOCKED: "red"}
MOST_ROWS = 40
"""Rows under one cause; more are counted by asset."""


def as_json(entry: Entry) -> dict[str, Any]:
    """One object of `plan --json`; docs/plan-json.md describes it. null stands for unknown."""
    return {"asset": entry.asset, "partition": entry.partition, "verdict": entry.verdict.value, "cause": entry.cause,
            "chain": list(entry.chain), "cached": entry.cached, "locked": entry.locked, "seconds": entry.seconds,
            "gpu_seconds": entry.gpu_seconds, "usd": entry.usd, "estimated": entry.estimated}


def print_entries(entries: Sequence[Entry], as_machine: bool, console: Console) -> None:
    """As JSON for machines, as a table for people."""
    if as_machine:
        print(json.dumps([as_json(entry) for entry in entries]))
    else:
        print_plan(entries, console)


def print_plan(entries: Sequence[Entry], console: Console) -> None:
    """Under each cause what it touches, with prices; then the count of every verdict and the totals."""
    causes: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.verdict is not Verdict.FRESH:
            causes.setdefault(entry.cause, []).append(entry)
    for cause, touched in causes.items():
        console.print(escape(cause), style="bold", soft_wrap=True)
        console.print(_rows(touched[:MOST_ROWS]))
        left = Counter(entry.asset for entry in touched[MOST_ROWS:])
        if left:
            console.print("  and " + ", ".join(f"{count} x {asset}" for asset, count in left.items()))
    locked = sorted({str(entry.key.in_shot()) for entry in entries if entry.locked})
    if locked:
        console.print(f"locked: {', '.join(locked)}", soft_wrap=True)
    console.print(f"{_counts(entries)} | {totals(entries)}", soft_wrap=True)


def _rows(entries: Sequence[Entry]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
    for name in ("verdict", "asset", "partition"):
        table.add_column(name, no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    table.add_column("usd", justify="right", no_wrap=True)
    for entry in entries:
        verdict = f"  [{COLOURS[entry.verdict]}]{entry.verdict.value}[/]"
        table.add_row(verdict, entry.asset, escape(entry.partition), _seconds(entry), _usd(entry.usd))
    return table


def _seconds(entry: Entry) -> str:
    if entry.cached:
        return "cached"
    return "?" if entry.seconds is None else f"{'about ' if entry.estimated else ''}{entry.seconds:.1f} s"


def _usd(usd: float | None) -> str:
    return "$?" if usd is None else f"${usd:.4f}"


def _counts(entries: Sequence[Entry]) -> str:
    counts = Counter(entry.verdict for entry in entries)
    return ", ".join(f"[{COLOURS[verdict]}]{counts[verdict]} {verdict.value}[/]" for verdict in Verdict
                     if counts[verdict])


def totals(entries: Sequence[Entry]) -> str:
    """What is known of the price of these entries, and how many have none yet."""
    seconds, gpu = (sum(getattr(entry, name) or 0.0 for entry in entries) for name in ("seconds", "gpu_seconds"))
    unknown = sum(entry.seconds is None and entry.verdict is not Verdict.BLOCKED for entry in entries)
    parts = [f"{seconds:.1f} s on this machine", *([f"{gpu:.1f} s on a GPU"] if gpu else []),
             _usd(sum(entry.usd or 0.0 for entry in entries))]
    return ", ".join(parts) + (f", {unknown} without history" if unknown else "") + (
        ", partly estimated" if any(entry.estimated for entry in entries) else "")


def print_models(rows: Sequence[Mapping[str, Any]], as_machine: bool, console: Console) -> None:
    """Every model file, as statements name them."""
    if as_machine:
        console.print_json(json.dumps(rows))
        return
    table = Table("name", "source", "revision", "licence", "sha256", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(row["name"], row["source"], row["revision"], row["licence"], row["sha256"][:16])
    console.print(table)
