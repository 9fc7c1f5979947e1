"""What is measured, most wanted first, and how one row is run: through the studio's own adapters."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from microdrama_assets.schemas.final import KeyframeModels, MotionModels, Running
from microdrama_assets.studios.final import running
from microdrama_assets.studios.final.diffusion import PictureOrder, paint
from microdrama_assets.studios.final.diffusion import ready as pictures_ready
from microdrama_assets.studios.final.video import film_between
from microdrama_assets.studios.final.video import ready as video_ready
from tests.bench_gpu.measuring import Run, counted, timed

REPEATS = 3
PROBE_STEPS = (1, 2)
"""Steps of the runs whose operations are counted: the difference is one step, the rest is what comes before and after."""


@dataclass(frozen=True)
class Row:
    """One row. `least_s`: seconds that it may well take on a data-centre GPU; where fewer are left it is left out.

    `measured_steps`: steps that are timed, where all of them would take too long; the rest are worked out.
    """

    label: str
    family: str
    width: int
    height: int
    steps: int
    least_s: float
    batch: int = 1
    frames: int = 1
    measured_steps: int | None = None
    compile: bool = False
    quantise: str = "none"
    bare: bool = False
    """Without ControlNets and IP-Adapter: as others publish their numbers."""
    short_steps: int = 2
    """Steps of the first run, and of the one that longer runs are compared with where not all steps are timed."""
    count: bool = True
    """Whether its operations are counted, which takes two more runs."""

    @property
    def plain(self) -> bool:
        return not self.compile and self.quantise == "none"

    @property
    def alike(self) -> tuple[object, ...]:
        """Equal for rows that ask for the same picture or clip."""
        return self.family, self.width, self.height, self.frames, self.steps, self.bare

    def running(self, device: str, precision: str) -> Running:
        return Running.model_validate({"device": device, "precision": precision, "batch": self.batch,
                                       "compile": self.compile, "quantise": self.quantise})


def _pictures(label: str, least_s: float, **changes: Any) -> Row:
    return Row(f"keyframe 768x1344, 30 steps, {label}", "sdxl", 768, 1344, 30, least_s, **changes)


def _clip(family: str, width: int, height: int, least_s: float, label: str = "", steps: int | None = None,
          **changes: Any) -> Row:
    return Row(f"{family} clip {width}x{height}, 81 frames, 40 steps{label}", family, width, height, 40, least_s,
               frames=81, measured_steps=steps, **changes)


FULL = (
    _pictures("one", 40),
    _pictures("batch of 4", 40, batch=4),
    _pictures("batch of 8", 60, batch=8),
    _pictures("batch of 2", 30, batch=2),
    Row("picture 1024x1024, 30 steps, SDXL alone", "sdxl", 1024, 1024, 30, 40, bare=True),
    _pictures("compiled", 150, compile=True),
    _pictures("float8 weights", 45, quantise="float8"),
    _pictures("compiled, batch of 4", 120, compile=True, batch=4),
    _clip("wan-1.3b", 480, 832, 120),
    _clip("wan-1.3b", 480, 832, 90, ", compiled", compile=True, steps=6),
    _clip("wan-1.3b", 720, 1280, 120, steps=6),
    _clip("wan-1.3b", 480, 832, 60, ", float8 weights", quantise="float8", steps=6),
    _clip("wan-14b", 480, 832, 150, steps=5),
    _clip("wan-14b", 480, 832, 150, ", compiled", compile=True, steps=5),
    _clip("wan-14b", 720, 1280, 180, steps=3),
    _clip("wan-14b", 480, 832, 100, ", float8 weights", quantise="float8", steps=4),
)
_WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("plain", {}), ("compiled", {"compile": True}), ("float8 weights", {"quantise": "float8"}))
CPU = (
    *(Row(f"SDXL alone, 256x448, 30 steps, {label}", "sdxl", 256, 448, 30, 60, measured_steps=3, short_steps=1,
          bare=True, count=False, **changes) for label, changes in _WAYS),
    *(Row(f"Wan 1.3B, 128x224, 5 frames, 40 steps, {label}", "wan-1.3b", 128, 224, 40, 40, frames=5, measured_steps=3,
          short_steps=1, bare=True, count=False, **changes) for label, changes in _WAYS),
)
"""What 8-bit weights and compilation do where there is no GPU: models of full size, small pictures."""
TINY = (
    Row("tiny keyframe", "sdxl-tiny", 64, 112, 2, 1),
    Row("tiny keyframe, batch of 2, float8 weights", "sdxl-tiny", 64, 112, 2, 1, batch=2, quantise="float8"),
    Row("tiny picture, SDXL alone", "sdxl-tiny", 64, 64, 2, 1, bare=True),
    Row("tiny clip", "wan-tiny", 32, 64, 4, 1, frames=5, measured_steps=2),
)


def measure(row: Row, section: dict[str, Any], device: str, precision: str,
            folder: Path) -> tuple[dict[str, Any], np.ndarray]:
    """Loads, runs once to warm up, then as often as it is worth; every number of the row, by name, and what was made."""
    work, load = (_clips if row.frames > 1 else _paintings)(row, section, row.running(device, precision), folder)
    loading = timed(load)
    timed_steps = row.measured_steps or row.steps
    first = timed(lambda: work(row.short_steps if row.measured_steps else timed_steps))
    short = timed(lambda: work(row.short_steps)) if row.measured_steps else None
    made: list[np.ndarray] = []
    runs = [timed(lambda: made.append(work(timed_steps))) for _ in range(1 if row.measured_steps else REPEATS)]
    seconds = _whole(row, runs, short)
    operations = _operations(work, row.steps) if row.count and not row.compile else None
    middle = sorted(runs, key=lambda one: one.seconds)[len(runs) // 2]
    return {"load_s": loading.seconds, "first_s": first.seconds, "runs_s": [one.seconds for one in runs],
            "steps_timed": timed_steps, "seconds": seconds, "seconds_each": seconds / row.batch,
            "step_s": _step(row, runs, short), "weights_gib": _weights() / 2**30,
            "operations": operations, "operations_per_s": operations and operations / seconds,
            "memory_gib": _most(runs), "busy": middle.busy, "watts": middle.watts}, made[0]


def beside(row: dict[str, Any], made: np.ndarray, plain: dict[str, Any], plainly_made: np.ndarray) -> dict[str, Any]:
    """What another way of running changed: the picture (PSNR against the plain one, dB), and from how many pictures on
    it has saved what its first run took longer."""
    error = float(np.mean((made.astype(np.float64) - plainly_made) ** 2))
    saved, spent = plain["seconds_each"] - row["seconds_each"], row["first_s"] - plain["first_s"]
    return {"psnr_db": 10 * math.log10(255**2 / error) if error else math.inf,
            "pays_from": None if saved <= 0 else max(1, math.ceil(spent / saved))}


def _whole(row: Row, runs: Sequence[Run], short: Run | None) -> float:
    """Seconds with all steps: timed, or worked out from two numbers of steps, since every step is the same work."""
    median, each = statistics.median(one.seconds for one in runs), _step(row, runs, short)
    return median if row.measured_steps is None else median + each * (row.steps - row.measured_steps)


def _step(row: Row, runs: Sequence[Run], short: Run | None) -> float:
    """Seconds of one step: what more steps took longer, or the whole shared out where all were timed."""
    median, steps = statistics.median(one.seconds for one in runs), row.measured_steps or row.steps
    span = steps - row.short_steps
    return (median - short.seconds) / span if short is not None and span else median / steps


def _weights() -> int:
    """Bytes of the weights of the largest part of what is loaded, as they are kept."""
    (loaded,) = running._loaded.values()
    pipeline = getattr(loaded, "pipeline", loaded)
    part = pipeline.unet if hasattr(pipeline, "unet") else pipeline.transformer
    return sum(one.numel() * one.element_size() for one in part.parameters())


def _operations(work: Callable[[int], np.ndarray], steps: int) -> float:
    one, two = (counted(lambda number=number: work(number)) for number in PROBE_STEPS)
    return one + (two - one) * (steps - PROBE_STEPS[0])


def _most(runs: Sequence[Run]) -> float | None:
    return max((one.memory_gib for one in runs if one.memory_gib is not None), default=None)


def _paintings(row: Row, section: dict[str, Any], settings: Running,
               folder: Path) -> tuple[Callable[[int], np.ndarray], Callable[[], object]]:
    named = {"base": section["base"]} if row.bare else section
    models = KeyframeModels.model_validate({**named, "width": row.width, "height": row.height, "steps": row.steps,
                                            "candidates": row.batch})
    chance = np.random.default_rng(0)
    order = PictureOrder(
        "cinematic film still, close-up, a woman in a red coat, rain, neon light", seed=7,
        pose=chance.integers(0, 255, (1920, 1080, 3)).astype(np.uint8),
        depth=chance.integers(0, 65535, (1920, 1080)).astype(np.uint16),
        reference=chance.integers(0, 255, (512, 512, 3)).astype(np.uint8))

    def work(steps: int) -> np.ndarray:
        return paint(order, models.model_copy(update={"steps": steps}), settings, folder).candidates[0].picture

    return work, lambda: pictures_ready(models, settings, folder)


def _clips(row: Row, section: dict[str, Any], settings: Running,
           folder: Path) -> tuple[Callable[[int], np.ndarray], Callable[[], object]]:
    models = MotionModels.model_validate({**section, "width": row.width, "height": row.height, "steps": row.steps,
                                          "most_frames": row.frames})
    one, two = np.random.default_rng(1).integers(0, 255, (2, 1920, 1080, 3)).astype(np.uint8)

    def work(steps: int) -> np.ndarray:
        return np.stack(film_between(one, two, row.frames, "camera push in, natural motion", 7,
                                     models.model_copy(update={"steps": steps}), settings, folder)[0])

    return work, lambda: video_ready(models, settings, folder)


def ordered(rows: Sequence[Row], only: Sequence[str]) -> tuple[Row, ...]:
    """The rows of some families, as they stand; all of them where none is named."""
    known = {row.family for row in rows}
    if unknown := [name for name in only if name not in known]:
        raise SystemExit(f"no such models: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return tuple(replace(row) for row in rows if not only or row.family in only)


def shown(value: float | None, digits: int = 2) -> str:
    return "-" if value is None or math.isnan(value) else f"{value:.{digits}f}"
