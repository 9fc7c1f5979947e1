"""One edited line: from the saved screenplay to the finished package, against the cold run and against bare work.

Beside the warm worker, the same edit from a cold command line, from the job in the UI and from a stock backfill.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.bench.demo import one_language
from tests.bench.edits import FIRST, LATER, Edit
from tests.bench.processes import microdrama, module
from tests.bench.rows import Row, skipped
from tests.bench.ui import backfill_s, job_s

COUNT = 20
LIMIT_OF_COLD, LIMIT_OF_BARE = 0.20, 1.3


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
        series, home = one_language(Path(name)), Path(name) / "home"
        count = int(os.environ.get("EDITS", COUNT))
        said = module("tests.bench.edit_session", series, home, str(time.time()), str(count)).out.splitlines()[-1]
        measured: dict[str, Any] = json.loads(said)
        yield from _warm(measured)
        yield from _others(series, home, measured["cold"]["package_s"])


def _warm(measured: dict[str, Any]) -> Iterator[Row]:
    cold, edits = measured["cold"], measured["edits"]
    times = [edit["package_s"] for edit in edits]
    over_bare = [edit["package_s"] / sum(edit["bare"].values()) for edit in edits]
    yield Row("edit / cold, to the package, P90", _p90(times) / cold["package_s"], "", LIMIT_OF_COLD,
              f"{len(edits)} edits, warm worker; cold from process start")
    yield Row("edit / bare work of what it ran, P90", _p90(over_bare), "", LIMIT_OF_BARE,
              "that shot's draw, speech, encode; mix and assembly, where the edit ran them")
    yield Row("edit / bare work of what it ran, median", statistics.median(over_bare))
    yield Row("edit to the package, median", statistics.median(times), "s")
    yield Row("edit to the package, P90", _p90(times), "s")
    yield Row("edit with the review, P90", _p90([edit["all_s"] for edit in edits]), "s")
    yield Row("cold to the package", cold["package_s"], "s", what=f"{cold['all_s']:.1f} s with the review")
    yield Row("shots encoded per edit, most", max(_encoded(edit) for edit in edits), "", 1)
    for kind in ("speech", "draw", "encode", "mix", "assembly"):
        found = [edit["bare"][kind] for edit in edits if kind in edit["bare"]]
        if found:
            yield Row(f"bare {kind}, median", statistics.median(found), "s", what=f"in {len(found)} of {len(edits)} edits")


def _encoded(edit: dict[str, Any]) -> int:
    return sum(asset == "abr_rendition" for asset, _ in edit["ran"])


def _p90(values: Sequence[float]) -> float:
    """The value that 90% do not exceed, interpolated."""
    return values[0] if len(values) == 1 else statistics.quantiles(values, n=10, method="inclusive")[-1]


def _others(series: Path, home: Path, cold_s: float) -> Iterator[Row]:
    """One further edit each: by a process of its own, and through a running server."""
    screenplay, said = series / "episodes" / "001.fountain", _said(series)
    for index, (label, measure) in enumerate({
        "the same from a cold command line, with the review": _command_line,
        "the same from the UI job, with the review": job_s,
        "the same from a stock UI backfill, with the review": backfill_s,
    }.items()):
        Edit("sh040", said, f"My mother drowned {index + 2} years ago.").save(screenplay)
        said = f"My mother drowned {index + 2} years ago."
        found = measure(series, home)
        yield skipped(label, found) if isinstance(found, str) else Row(label, found, "s", what=f"{found / cold_s:.2f} of cold")


def _said(series: Path) -> str:
    """What sh040 says by now."""
    text = (series / "episodes" / "001.fountain").read_text(encoding="utf-8")
    return next(line for line in (FIRST["sh040"], *LATER["sh040"]) if line in text)


def _command_line(series: Path, home: Path) -> float:
    return microdrama("render", series, "--home", home).seconds
