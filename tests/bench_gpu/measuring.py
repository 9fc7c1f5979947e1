"""What the accelerator did while something ran: seconds, memory at most, how busy it was; and what it can do at best."""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

SAMPLE_S = 0.1
CEILING_SIDE = 8192
"""Of the matrix product that tells what arithmetic the accelerator reaches: large enough to fill it."""


@dataclass(frozen=True)
class Run:
    """One timed run. `memory_gib`: the most that tensors held; None on a CPU. `busy`, `watts`: means, where NVML tells."""

    seconds: float
    memory_gib: float | None
    busy: float | None
    watts: float | None


def timed(work: Callable[[], object]) -> Run:
    """Runs it once, to the end of all that it gave the accelerator to do."""
    import torch

    on_gpu = torch.cuda.is_available()
    if on_gpu:
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
    with _Watch() as watch:
        began = time.perf_counter()
        work()
        if on_gpu:
            torch.cuda.synchronize()
        seconds = time.perf_counter() - began
    peak = torch.cuda.max_memory_allocated() / 2**30 if on_gpu else None
    return Run(seconds, peak, watch.mean(0), watch.mean(1))


class _Watch:
    """Asks NVML ten times a second, where its bindings (`nvidia-ml-py`) are installed."""

    def __init__(self) -> None:
        self._samples: list[tuple[float, float]] = []
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> _Watch:
        handle = _handle()
        if handle is not None:
            self._thread = threading.Thread(target=self._sample, args=handle, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _sample(self, nvml: Any, device: Any) -> None:
        while not self._done.wait(SAMPLE_S):
            self._samples.append((nvml.nvmlDeviceGetUtilizationRates(device).gpu / 100,
                                  nvml.nvmlDeviceGetPowerUsage(device) / 1000))

    def mean(self, of: int) -> float | None:
        return sum(one[of] for one in self._samples) / len(self._samples) if self._samples else None


def _handle() -> tuple[Any, Any] | None:
    import torch

    if not torch.cuda.is_available():
        return None
    try:
        import pynvml  # pyright: ignore[reportMissingImports]

        pynvml.nvmlInit()
        return pynvml, pynvml.nvmlDeviceGetHandleByIndex(torch.cuda.current_device())
    except (ImportError, OSError, Exception):  # NVML's own errors have no base that is there without it
        return None


def counted(work: Callable[[], object]) -> float:
    """Floating-point operations of matrix products, convolutions and attention that it does."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        work()
    return float(counter.get_total_flops())


def ceiling(precision: str, side: int = CEILING_SIDE, repeats: int = 20) -> float:
    """Operations a second of a large matrix product on random numbers, median: nothing can be faster by much."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    one, two = (torch.randn(side, side, device=device, dtype=getattr(torch, precision)) for _ in range(2))
    for _ in range(3):
        torch.matmul(one, two)
    runs = sorted(timed(lambda: torch.matmul(one, two)).seconds for _ in range(repeats))
    return 2 * side**3 / runs[len(runs) // 2]


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    import torch

    found: dict[str, Any] = {"python": platform.python_version(), "torch": torch.__version__, "gpu": None}
    for package in ("diffusers", "transformers", "accelerate"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    if torch.cuda.is_available():
        told = torch.cuda.get_device_properties(torch.cuda.current_device())
        found |= {"gpu": told.name, "gpu_memory_gib": round(told.total_memory / 2**30, 1), "cuda": torch.version.cuda}
    return found
