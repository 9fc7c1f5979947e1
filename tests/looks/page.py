"""Puts what was measured into docs/looks.md, between its two marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.bench.processes import ROOT

PAGE = ROOT / "docs" / "looks.md"
BEGIN, END = "<!-- measured: written by `make looks` -->", "<!-- measured: end -->"


def write_page(report: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """`report` is build/looks.json: the measures of each series."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    rows = ["| series | | measured | limit | |", "|---|---|---|---|---|"]
    for series, measures in report.items():
        rows += [_row(series, one) for one in measures]
    PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(rows) + f"\n{END}{after}", encoding="utf-8")


def _row(series: str, one: Mapping[str, Any]) -> str:
    limit = "" if one["limit"] is None else f"{'at least' if one['least'] else 'at most'} {one['limit']:g}"
    return f"| {series} | {one['label']} | {one['value']:.4g} | {limit}{'' if one['kept'] else ', missed'} | {one['what']} |"
