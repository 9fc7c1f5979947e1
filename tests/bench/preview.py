"""Previews beside full quality, in one warm process: what a producer waits for before a look.

Both start from the same cut with every line spoken and mixed, and both are real waves, recorded like any other. The shot
is looked at after a retake: cut, specification, picture and motion are all made anew.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from deployment.opening import open_request
from deployment.targets import find_shot
from microdrama_assets.on_demand import narrowed
from microdrama_assets.planning import Request
from microdrama_assets.steps import with_upstream
from microdrama_assets.takes import take
from microdrama_assets.worker import Worker
from partitions.keys import parse_selection
from tests.bench.demo import one_language
from tests.bench.rows import Row

SHOT = "locket.e001.sh030"
TURNS = 3


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="microdrama-bench-") as name:
        folder, home = one_language(Path(name)), Path(name) / "home"
        studio, _ = open_request(str(folder), home, None)
        worker = Worker(studio)

        def seconds(wanted: Request) -> float:
            began = time.perf_counter()
            report = worker.render(wanted)
            assert not report.failures, report.failures
            return time.perf_counter() - began

        episode = Request(parse_selection("locket.e001"))
        seconds(Request(episode.selection, assets=with_upstream(studio.steps, "audio_mix", "captions")))
        small, whole = seconds(narrowed(studio, episode, True, False)), seconds(episode)
        board = seconds(narrowed(studio, episode, False, True))
        yield Row("preview of an episode / the episode, from the same cut", small / whole, "", 0.2)
        yield Row("preview of an episode", small, "s")
        yield Row("the episode", whole, "s")
        yield Row("its storyboard and control maps", board, "s")
        found, shot = find_shot(SHOT, home), Request(parse_selection(SHOT))
        waits = []
        for number in range(2, TURNS + 2):
            take(found, number)
            waits.append(seconds(narrowed(studio, shot, True, False)))
        yield Row("preview of a 5 s shot after a retake, median", statistics.median(waits), "s", 2.0)
