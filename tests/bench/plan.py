"""`microdrama plan` over 100 episodes of 8 shots with trivial work, and what an edit, a new title and an undo run."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.processes import Cost, interpreter, microdrama, module
from tests.bench.rows import Row
from tests.scale import generated

EPISODES, SHOTS = 100, 8
TURNS = 5
IDEAL = {"edit": 12, "manifest": 4, "revert": 0}
"""An edited line: screenplay, manifest, one take, then of its shot specification, motion, dialogue, captions,
lips and rendition, and of its episode mix, package and review. A new title: all of the episode that names it, and no shot."""


def rows() -> Iterator[Row]:
    episodes = int(os.environ.get("PLAN_EPISODES", EPISODES))
    with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
        built = Built(Path(name), episodes)
        bare = interpreter().cpu_s
        first = built.plan()
        null = [built.plan() for _ in range(TURNS)]
        yield Row("nothing changed, after interpreter start, median", statistics.median(cost.cpu_s for cost in null) - bare,
                  "CPU s", 0.5, f"{built.partitions()} partitions, all fresh; the command as a person types it")
        yield Row("nothing changed, whole process, median", statistics.median(cost.seconds for cost in null), "s")
        yield Row("planned anew, after interpreter start", first.cpu_s - bare, "CPU s", what="the first plan after a render")
        yield Row("peak memory", first.peak_mib, "MiB")
        yield from built.changes(bare)


class Built:
    """A generated series, rendered in a process of its own; or only its records, which is all that a plan reads."""

    def __init__(self, folder: Path, episodes: int, shots: int = SHOTS, only_records: bool = False) -> None:
        self.series, self.home = folder / "series", folder / "home"
        module("tests.scale", "write", self.series, str(episodes), str(shots), "en")
        module("tests.scale", "record" if only_records else "render", self.series, self.home, "--quickly")
        self.middle = episodes // 2 + 1
        self.screenplay = self.series / "episodes" / f"{self.middle:03d}.fountain"

    def plan(self, *codes: int) -> Cost:
        return microdrama("plan", self.series, "--home", self.home, codes=codes or (0,))

    def partitions(self) -> int:
        return len(json.loads(microdrama("plan", self.series, "--home", self.home, "--json").out))

    def render(self) -> tuple[Cost, int]:
        """Renders without Dagster: what it cost, and how many actions ran."""
        cost = module("tests.scale", "render", self.series, self.home)
        return cost, sum(json.loads(cost.out.splitlines()[-1]).values())

    def changes(self, bare: float) -> Iterator[Row]:
        """One edited line, its undoing, and a new title."""
        before = self.screenplay.read_text()
        said = generated.said(self.middle, 1)
        self.screenplay.write_text(before.replace(said, said.replace("was", "lay awake all alone that whole long night")))
        yield Row("one line edited: plan, after interpreter start", self.plan(1).cpu_s - bare, "CPU s")
        cost, ran = self.render()
        yield Row("one line edited: render, after interpreter start", cost.cpu_s - bare, "CPU s", what="trivial work included")
        yield Row("one line edited", ran, "steps run", IDEAL["edit"], "the graph's ideal is the limit")
        self.screenplay.write_text(before)
        yield Row("edit undone", self.render()[1], "steps run", IDEAL["revert"], "a hit")
        self.screenplay.write_text(f"Title: Another\n\n{before}")
        yield Row("manifest rewritten with the same shots", self.render()[1], "steps run", IDEAL["manifest"])
