"""Holding the accelerator while an action's models compute, and counting its seconds where it is a GPU."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from microdrama_assets.graph.work import Work
from microdrama_assets.schemas.final import Running
from microdrama_assets.studios.final.running import accelerator, device_of


@contextmanager
def computing(work: Work, running: Running) -> Iterator[None]:
    """One model computes at a time in a home. Work that fails is not counted."""
    with accelerator(work.desk.home.root / "tmp") as timer:
        yield
    if device_of(running) != "cpu":
        work.spent(gpu_seconds=timer.seconds)
