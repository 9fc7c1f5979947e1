"""Time and memory of a plan in which nothing changed, at 100, 1,000 and 10,000 shots, with a picture of both."""

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
SUPERLINEAR = 1.15
"""The steepest slope that counts as near-linear: doubling the shots costs at most 2 ** 1.15 = 2.2 times as much."""
PICTURE = ROOT / "docs" / "pictures" / "plan-growth.svg"


def rows() -> Iterator[Row]:
    sizes = [int(size) for size in os.environ.get("GROWTH", "").split(",") if size] or list(SIZES)
    bare, seconds, memory = interpreter(), [], []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
            built = Built(Path(name), size // SHOTS, SHOTS)
            cost = min((built.plan() for _ in range(2)), key=lambda cost: cost.cpu_s)
        seconds.append(cost.cpu_s - bare.cpu_s)
        memory.append(cost.peak_mib)
        yield Row(f"plan of {size:,} shots, after interpreter start", seconds[-1], "CPU s",
                  what=f"{1e3 * seconds[-1] / size:.2f} ms a shot")
        yield Row(f"plan of {size:,} shots, peak memory", memory[-1], "MiB")
    time, space = Curve("CPU seconds", sizes, seconds), Curve("peak MiB", sizes, memory)
    for curve in (time, space):
        yield Row(f"steepest slope of {curve.name} (1: linear)", curve.steepest, "", SUPERLINEAR)
    if sizes == list(SIZES):
        PICTURE.write_text(draw((time, space), "shots"), encoding="utf-8")
