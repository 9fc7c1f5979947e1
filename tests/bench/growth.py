"""Time and memory of a plan at 100, 1,000 and 10,000 shots, nothing changed, with a picture of it.

Anew: the first plan after a render, which reads every source and follows every recipe. Again: the next one.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.curves import Curve, draw
from tests.bench.plan import Built
from tests.bench.processes import ROOT, interpreter
from tests.bench.rows import Row

SIZES = (100, 1_000, 10_000)
SHOTS = 10
"""Of an episode."""
NEAR_LINEAR = 1.15
"""The steepest slope that counts as near-linear: doubling the shots costs at most 2 ** 1.15 = 2.2 times as much."""
PICTURE = ROOT / "docs" / "pictures" / "plan-growth.svg"


def rows() -> Iterator[Row]:
    sizes = [int(size) for size in os.environ.get("GROWTH", "").split(",") if size] or list(SIZES)
    bare = interpreter().cpu_s
    anew, again, memory = (Curve(name, sizes, []) for name in ("planned anew, CPU s", "again, CPU s", "peak MiB"))
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
            built = Built(Path(name), size // SHOTS, SHOTS, only_records=True)
            first = built.plan()  # ends with 0: everything is fresh
            second = min((built.plan() for _ in range(2)), key=lambda cost: cost.cpu_s)
        anew.values.append(first.cpu_s - bare)
        again.values.append(second.cpu_s - bare)
        memory.values.append(first.peak_mib)
        yield Row(f"{size:,} shots, planned anew", anew.values[-1], "CPU s", what=f"{1e3 * anew.values[-1] / size:.2f} ms a shot")
        yield Row(f"{size:,} shots, again", again.values[-1], "CPU s", what=f"{1e3 * again.values[-1] / size:.2f} ms a shot")
        yield Row(f"{size:,} shots, peak memory", memory.values[-1], "MiB")
    for curve in (anew, again, memory):
        yield Row(f"{curve.name}: steepest slope (1: linear)", curve.steepest, "", NEAR_LINEAR)
    if sizes == list(SIZES):
        PICTURE.write_text(draw((anew, again, memory), "shots"), encoding="utf-8")
