"""One process as `microdrama watch` is one: a cold render, then twenty saved edits, each rendered warm.

Prints JSON: seconds until the package lay ready and until all was done, and beside each edit its bare work.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from deployment.opening import open_request
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.studio import Studio
from microdrama_assets.planning import Report, Request
from microdrama_assets.registering import register_series
from microdrama_assets.speech.pronunciation import can_speak
from microdrama_assets.story.folder_check import check_series
from microdrama_assets.worker import Worker
from tests.bench.bare import Bare
from tests.bench.edits import Edit, twenty


class Session:
    """A warm worker over one series, with a clock on its packages."""

    def __init__(self, series: Path, home: Path) -> None:
        self.series = series
        opened: tuple[Studio, Request] = open_request(str(series), home, None)
        self.studio, self.request = opened
        self.worker = Worker(self.studio)
        self.studio.on_progress = self._progress
        self.packaged = 0.0

    def render(self) -> Report:
        """Renders what the folder now says. Raises RuntimeError for what failed."""
        check_series(self.series, can_speak=can_speak)
        register_series(self.studio.home, self.series)
        report = self.worker.render(self.request)
        if report.failures:
            raise RuntimeError("\n".join(report.failures))
        return report

    def edit(self, edit: Edit) -> dict[str, Any]:
        """Saves and renders one edit; then what it ran is done again, bare."""
        done = len(self.studio.toolbox.log)
        edit.save(self.series / "episodes" / "001.fountain")
        began = time.perf_counter()
        self.render()
        ended = time.perf_counter()
        ran = self.studio.toolbox.log[done:]
        shot = Key("locket", "e001", edit.shot, language="en")
        return {"shot": edit.shot, "package_s": self.packaged - began, "all_s": ended - began, "ran": ran,
                "bare": Bare(self.studio.desk, shot).of({asset for asset, _ in ran})}

    def _progress(self, asset: str, key: Key, share: float) -> None:
        if asset == "episode_package" and share == 1.0:
            self.packaged = time.perf_counter()


def main(series: Path, home: Path, started: float, count: int) -> None:
    session = Session(series, home)
    session.render()
    spent = time.time() - started
    cold = {"package_s": spent - (time.perf_counter() - session.packaged), "all_s": spent}
    edits = [session.edit(edit) for edit in twenty()[:count]]
    print(json.dumps({"cold": cold, "edits": edits}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
