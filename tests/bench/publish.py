"""Puts the report of the last `make bench` into docs/performance.md, between its two marks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bench.processes import ROOT

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: written by `make bench-page` -->", "<!-- measured: end -->"


def main(report: Path, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    groups = json.loads(report.read_text())["groups"]
    table = "\n".join(line for name, group in groups.items() for line in _group(name, group))
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def _group(name: str, group: Mapping[str, Any]) -> Iterator[str]:
    on = group["machine"]
    yield f"\n**{name}**, {group['at'][:10]}, {on['cores']} cores of {on['processor']}, Python {on['python']}\n"
    yield "| row | measured | limit | |"
    yield "|---|---|---|---|"
    for row in group["rows"]:
        value = "-" if row["value"] is None else f"{row['value']:.3g} {row['unit']}".strip()
        limit = "" if row["limit"] is None else f"{row['limit']:g}" + {True: "", False: ", missed", None: ""}[row["kept"]]
        yield f"| {row['label']} | {value} | {limit} | {row['what']} |"


if __name__ == "__main__":
    main(ROOT / "build" / "bench.json", PAGE)
