"""A row of the bench: what was measured, its value, and the limit it must keep."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """`value` is None where it could not be measured; `what` then says why, else what exactly was measured."""

    label: str
    value: float | None
    unit: str = ""
    limit: float | None = None
    """The largest value that is good enough."""
    what: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether the limit is kept; None where there is none, or nothing was measured."""
        return None if self.limit is None or self.value is None else self.value <= self.limit

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "kept": self.kept}


def skipped(label: str, why: str, limit: float | None = None) -> Row:
    """A row that could not be measured here."""
    return Row(label, None, limit=limit, what=f"not measured: {why}")


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    return {"processor": _processor(), "cores": os.cpu_count(), "python": platform.python_version(),
            "load": [round(load, 2) for load in os.getloadavg()]}


def table(group: str, rows: Sequence[Row]) -> str:
    """The rows of a group as text, 120 columns at most but for the last."""
    lines = [f"-- {group}"]
    for row in rows:
        value = "-" if row.value is None else f"{row.value:.3f}"
        limit = "" if row.limit is None else f"<= {row.limit:g}"
        mark = {True: "ok", False: "MISSED", None: ""}[row.kept]
        lines.append(f"{row.label:58} {value:>10} {row.unit:10} {limit:9} {mark:7} {row.what}".rstrip())
    return "\n".join(lines)


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")),
                        platform.machine())
    except OSError:
        return platform.processor() or platform.machine()
