"""Build tools beside the plan, on the equivalent graph of 100 episodes of 8 shots: 4,200 steps.

For each: CPU seconds where nothing changed and where one shot was edited (process start included, median), and steps
run after that edit (ideal 5), after a rewritten manifest with the same shots (ideal 9), and after undoing the edit
(ideal 0: a hit).
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.equivalent import LOG, names, rewrite_title, save_shot, write_sources
from tests.bench.processes import CommandFailed, Cost, cost_of
from tests.bench.rows import Row, skipped
from tests.bench.tools import DOIT, NINJA, SNAKEMAKE, Tool, build_by_shell

EPISODES = 100
TURNS = 3
IDEAL = {"edit": 5, "manifest": 9, "revert": 0}


def rows() -> Iterator[Row]:
    episodes = int(os.environ.get("PEER_EPISODES", EPISODES))
    for tool in (NINJA, DOIT, SNAKEMAKE):
        yield from measured(tool, episodes)


def measured(tool: Tool, episodes: int, turns: int = TURNS) -> Iterator[Row]:
    """The rows of one tool; one that says why, where it cannot be installed or run."""
    if missing := tool.install():
        yield skipped(tool.name, missing)
        return
    with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
        try:
            yield from Graph(tool, Path(name) / "graph", episodes).rows(turns)
        except CommandFailed as error:
            yield skipped(tool.name, str(error)[-500:])


class Graph:
    """The graph, built, as one tool knows it."""

    def __init__(self, tool: Tool, folder: Path, episodes: int) -> None:
        self.tool, self.folder, self.episodes = tool, folder, episodes
        self.middle = names(episodes)[episodes // 2]
        write_sources(folder, episodes)
        tool.write(folder, episodes)
        if tool is not NINJA:
            build_by_shell(folder, episodes)
        cost_of(tool.command(tool.learn), folder)
        self._run()

    def rows(self, turns: int) -> Iterator[Row]:
        null, edit, shot = [], [], f"{self.middle}_3"
        counts: dict[str, int] = {}
        for turn in range(turns):
            null.append(self._run()[0].cpu_s)
            save_shot(self.folder, shot, f"B{turn}")
            cost, counts["edit"] = self._run()
            edit.append(cost.cpu_s)
            save_shot(self.folder, shot, "A")
            counts["revert"] = self._run()[1]
        rewrite_title(self.folder, self.middle, "another title")
        counts["manifest"] = self._run()[1]
        steps = 42 * self.episodes
        yield Row(f"{self.tool.name}: nothing changed", statistics.median(null), "CPU s", what=f"{steps} steps")
        yield Row(f"{self.tool.name}: one shot edited", statistics.median(edit), "CPU s", what="work included")
        for change, label in (("edit", "one shot edited"), ("manifest", "manifest rewritten"), ("revert", "edit undone")):
            yield Row(f"{self.tool.name}: {label}", counts[change], "steps run", what=f"ideal {IDEAL[change]}")

    def _run(self) -> tuple[Cost, int]:
        """What a run cost, and how many steps ran."""
        log = self.folder / LOG
        log.write_text("")
        cost = cost_of(self.tool.command(self.tool.run), self.folder)
        return cost, len(log.read_text().split())
