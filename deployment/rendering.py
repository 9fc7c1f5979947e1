"""A render as a person sees it: what is being made, how far it is, when it will be done, and where it lies."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from deployment.preflight import check_models
from microdrama_assets.beside import Beside
from microdrama_assets.graph.key import Key
from microdrama_assets.graph.plan import Entry, Verdict
from microdrama_assets.graph.studio import Studio
from microdrama_assets.on_demand import laid_out
from microdrama_assets.planning import Report, Request, check_cap, keys_of, plan, registry_of, to_render
from microdrama_assets.unmet_checks import unmet_checks

if TYPE_CHECKING:
    from microdrama_assets.worker import Worker

TYPICAL_SECONDS: Mapping[str, float] = {
    "series_bible": 0.05, "character_bundle": 0.6, "episode_script": 0.05, "shot_manifest": 12.0, "shot_spec": 0.05,
    "keyframe": 0.9, "interpolated_clip": 0.2, "dialogue_track": 0.2, "captions": 0.05, "lipsynced_clip": 0.2,
    "abr_rendition": 6.0, "audio_mix": 1.5, "episode_package": 1.5, "episode_review": 4.0,
    "control_maps": 0.5, "shot_board": 0.3, "storyboard": 0.5, "preview": 1.0, "episode_preview": 0.5,
}
"""Relative weights for the bar where there is no history (seconds on two slow cores)."""


@dataclass
class Summary:
    """What a render did and where its results lie."""

    report: Report
    made: dict[str, int]
    deliveries: list[Path] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def failures(self) -> list[str]:
        return self.report.failures

    def to_json(self) -> dict[str, Any]:
        return {"runs": self.report.runs, "recorded": [[asset, str(key)] for asset, key in self.report.recorded],
                "made": self.made, "failures": self.failures, "deliveries": [str(path) for path in self.deliveries],
                "seconds": round(self.seconds, 3), "usd": round(self.report.usd, 8), "stopped": self.report.stopped}

    def print(self, console: Console) -> None:
        for failure in self.failures:
            console.print(f"[bold red]failed:[/] {escape(failure)}")
        if not self.report.runs and not self.failures:
            console.print("Everything is fresh; nothing to render.")
        else:
            hits = len(self.report.recorded) - sum(
                count for asset, count in self.made.items() if any(asset == name for name, _ in self.report.recorded))
            console.print(f"{len(self.report.recorded)} partitions in {len(self.report.runs)} runs, "
                          f"{max(hits, 0)} of them from the cache, {self.seconds:.1f} s")
        if self.report.stopped:
            console.print(f"[bold yellow]stopped:[/] {escape(self.report.stopped)}", soft_wrap=True)
        for path in self.deliveries:
            console.print(f"  {path}")


def render_with_progress(opened: tuple[Studio, Request], console: Console, max_usd: float | None = None) -> Summary:
    """Renders a request under a progress bar (plain lines where the output is no terminal).

    Raises OverCap, with nothing rendered, where the plan costs more than `max_usd` or its price is not known.
    """
    import time

    studio, request = opened
    began = time.perf_counter()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
               TimeElapsedColumn(), TextColumn("ETA"), TimeRemainingColumn())
    entries = plan(studio, request)
    wanted = to_render(entries, request.include_drifted)
    tell_of_drift([entry for entry in entries if entry.verdict is Verdict.DRIFTED], request, console)
    if not wanted and all(entry.verdict is not Verdict.BLOCKED for entry in entries):
        report = Report(failures=failed_checks(studio, request))
        return Summary(report, {}, _deliveries(studio, request), time.perf_counter() - began)
    if max_usd is not None:
        check_cap(wanted, max_usd)
    check_models(studio, request.selection.series)
    with (Progress(*columns, console=console, transient=True) as progress,
          Beside(studio, request, max_usd) as beside):  # lines are spoken while Dagster loads
        bar = _Bar(progress, studio, request)
        studio.on_progress = bar.advance
        report = _worker(studio).render(request, bar.wave, max_usd, beside)
    return Summary(report, dict(studio.toolbox.made), _deliveries(studio, request), time.perf_counter() - began)


def _worker(studio: Studio) -> Worker:
    """Loads Dagster: only when there is something to render. What it loads stays, and need not be looked through for
    waste while it comes, nor ever after."""
    gc.disable()
    try:
        from microdrama_assets.worker import Worker
    finally:
        gc.enable()
    gc.freeze()
    return Worker(studio)


def tell_of_drift(drifted: Sequence[Entry], request: Request, console: Console) -> None:
    """Drifted work is neither done nor left alone silently."""
    if drifted:
        causes = "; ".join(dict.fromkeys(entry.cause for entry in drifted))
        what = "are rendered too" if request.include_drifted else "keep their last results (--include-drifted)"
        console.print(f"{len(drifted)} drifted partitions {what}: {escape(causes)}", soft_wrap=True)


class _Bar:
    """One bar over all that is left, in seconds of expected work; the total is told anew when the cut is known."""

    def __init__(self, progress: Progress, studio: Studio, request: Request) -> None:
        self.progress, self.studio, self.request = progress, studio, request
        self.task = progress.add_task("planning", total=None)
        self.done: dict[tuple[str, Key], float] = {}
        self.lock = threading.Lock()

    def wave(self, asset: str, count: int) -> None:
        left = sum(_weight(entry.asset, entry.seconds) for entry in self._left())
        with self.lock:
            spent = sum(_weight(name, None) * share for (name, _), share in self.done.items())
            self.progress.update(self.task, description=f"{asset} ({count})", total=spent + left)

    def _left(self) -> list[Any]:
        from microdrama_assets.graph.plan import Planner

        planner, registry = Planner(self.studio.desk), registry_of(self.studio, self.request)
        entries = [planner.entry(step.name, key) for step in self.studio.steps.values()
                   for key in keys_of(step, registry, self.request)]
        return [entry for entry in entries if entry.verdict is not Verdict.FRESH]

    def advance(self, asset: str, key: Key, share: float) -> None:
        with self.lock:
            self.done[asset, key] = share
            completed = sum(_weight(name, None) * part for (name, _), part in self.done.items())
            self.progress.update(self.task, completed=completed)


def _weight(asset: str, seconds: float | None) -> float:
    return TYPICAL_SECONDS.get(asset, 1.0)


def failed_checks(studio: Studio, request: Request) -> list[str]:
    """What the reviews on record say failed: a fresh review of a bad episode is still a bad episode."""
    step = studio.steps["episode_review"]
    return unmet_checks(studio, step, keys_of(step, registry_of(studio, request), request))


def _deliveries(studio: Studio, request: Request) -> list[Path]:
    """What there is to play or to look at for a request."""
    if request.assets is not None:
        return laid_out(studio, request)
    folder = studio.home.deliveries / request.selection.series
    pattern = f"{request.selection.episode or '*'}/*/"
    names = ("episode.mp4", "master.m3u8")
    return sorted(path for episode in folder.glob(pattern) for path in (episode / name for name in names)
                  if path.exists() and (request.languages is None or episode.name in request.languages))
