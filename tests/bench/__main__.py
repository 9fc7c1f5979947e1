"""`make bench`: how long things take on this machine, as ratios within one run. Prints a table and writes JSON.

`make bench ROWS=edit,plan` runs some groups; the report keeps the others as they were measured last.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.processes import CommandFailed
from tests.bench.rows import Row, machine, skipped, table

GROUPS = {"cold": "cold", "edit": "edit", "plan": "plan", "peers": "peers", "bookkeeping": "bookkeeping",
          "growth": "growth", "preview": "preview", "evidence": "evidence", "recall": "recall"}
SLOW = {"peers-slow": "peers_slow"}
"""Groups that run only when named."""
BROKEN = "the rest of this group"
REPORT = Path(__file__).parents[2] / "build" / "bench.json"


def main(wanted: Sequence[str]) -> int:
    """Runs groups by name; 1 where a limit was missed."""
    known = {**GROUPS, **SLOW}
    if unknown := [name for name in wanted if name not in known]:
        print(f"no such rows: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    on = machine()
    print(f"{on['cores']} cores, {on['processor']}, Python {on['python']}, load {on['load'][0]}", flush=True)
    missed = False
    for name in wanted or GROUPS:
        began = time.perf_counter()
        rows = _run(known[name])
        print(table(f"{name} ({time.perf_counter() - began:.0f} s)", rows), flush=True)
        _keep(name, {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": on,
                     "rows": [row.to_json() for row in rows]})
        missed = missed or any(row.kept is False for row in rows) or rows[-1].label == BROKEN
    print(f"written to {REPORT.relative_to(REPORT.parents[1])}")
    return 1 if missed else 0


def _run(module: str) -> list[Row]:
    if importlib.util.find_spec(f"tests.bench.{module}") is None:
        return [skipped(module, "this version has none")]
    found: list[Row] = []
    try:
        for row in importlib.import_module(f"tests.bench.{module}").rows():
            found.append(_row(row))
    except (CommandFailed, AssertionError) as error:  # what was measured before is kept
        found.append(skipped(BROKEN, str(error)))
    return found


def _row(row: Row | tuple[str, float, float | None]) -> Row:
    return row if isinstance(row, Row) else Row(row[0], row[1], limit=row[2])


def _keep(group: str, measured: dict[str, Any]) -> None:
    report = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    groups = {**report.get("groups", {}), group: measured}
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps({"groups": groups}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main([name for name in os.environ.get("ROWS", "").split(",") if name] + sys.argv[1:]))
