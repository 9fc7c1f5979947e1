"""Where a model runs and with what precision; what happens when memory does not suffice; one model at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from microdrama_assets.schemas.final import Running
from microdrama_assets.studios.final.errors import FinalStudioError, OutOfMemory
from microdrama_assets.studios.final.libraries import need
from resources.disk import locked

Made = TypeVar("Made")
SMALLER = 0.75
"""Share of width and height at which a picture that did not fit is tried once more."""
KEPT_WHOLE = ("pos_embed", "patch_embed", "norm", "^proj_in$", "^proj_out$", "time_embed", "encoder_hid_proj")
"""Layers whose weights stay as they are where the rest is 8-bit: the library's own list, and those that turn what they
are given into the type of their weights."""
_loaded: dict[str, Any] = {}
_loading = threading.RLock()


def device_of(running: Running) -> str:
    """`cuda` or `cpu`. Raises FinalStudioError where a GPU is asked for and there is none."""
    found = need("torch").cuda.is_available()
    if running.device == "cuda" and not found:
        raise FinalStudioError("models.yaml asks for device cuda, and torch sees no GPU", "running.device",
                               "Use `auto` or `cpu`, or install a torch that was built for this GPU")
    return "cuda" if found and running.device != "cpu" else "cpu"


def dtype_of(running: Running) -> Any:
    return getattr(need("torch"), running.precision)


def in_recipe(running: Running) -> Mapping[str, Any]:
    """What of the settings can change bytes."""
    return {"precision": running.precision, "quantise": running.quantise, "compile": running.compile,
            "batch": running.batch}


def loading(running: Running) -> Mapping[str, Any]:
    """What of the settings decides how a model is loaded."""
    return running.model_dump(mode="json", exclude={"batch", "shrink_on_memory_error"})


def placed(pipeline: Any, largest: str, running: Running) -> Any:
    """A diffusers pipeline where it is to run: its largest part quantised or compiled, parts offloaded, as asked."""
    device, torch = device_of(running), need("torch")
    part = getattr(pipeline, largest)
    if running.quantise == "float8":
        part.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=dtype_of(running),
                                      skip_modules_pattern=KEPT_WHOLE)
    if running.compile:
        part.compile_repeated_blocks()  # blocks that are alike are compiled once, not once each
    if running.tile:
        pipeline.vae.enable_tiling()
    if device == "cpu" or running.offload == "none":
        pipeline.to(device)
    elif running.offload == "model":
        pipeline.enable_model_cpu_offload()
    else:
        pipeline.enable_sequential_cpu_offload()
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def warm(identity: str, load: Callable[[], Any]) -> Any:
    """The model that was loaded last, if it is this one; else it makes way, and this one is loaded once."""
    with _loading:
        if identity not in _loaded:
            let_go()
            _loaded[identity] = load()
        return _loaded[identity]


def let_go() -> None:
    """Forgets the model that was loaded last, and gives its memory back."""
    with _loading:
        _loaded.clear()
        release()


@contextmanager
def accelerator(scratch: Path) -> Iterator[Timer]:
    """Holds the accelerator: one model computes at a time, whichever thread or process asks. Tells how long."""
    with locked(scratch / "accelerator.lock"):
        timer = Timer(time.perf_counter())
        yield timer
        timer.seconds = round(time.perf_counter() - timer.began, 4)


class Timer:
    """Seconds for which the accelerator was held."""

    def __init__(self, began: float) -> None:
        self.began, self.seconds = began, 0.0


def within_memory(make: Callable[[int, int], Made], width: int, height: int, multiple: int,
                  running: Running) -> tuple[Made, tuple[int, int]]:
    """What `make(width, height)` gives, and the size it was made at.

    Where memory does not suffice, and only if the settings allow it, it is tried once more at three quarters of the
    size, rounded to `multiple` pixels. Raises OutOfMemory with what to lower.
    """
    torch = need("torch")
    try:
        return make(width, height), (width, height)
    except torch.OutOfMemoryError as error:
        if not running.shrink_on_memory_error:
            raise _explained(width, height, running) from error
    release()
    width, height = (max(multiple, int(side * SMALLER) // multiple * multiple) for side in (width, height))
    try:
        return make(width, height), (width, height)
    except torch.OutOfMemoryError as error:
        raise _explained(width, height, running) from error


def _explained(width: int, height: int, running: Running) -> OutOfMemory:
    ways = [f"a smaller width and height than {width}x{height}"]
    ways += ["running.offload: model"] if running.offload == "none" else []
    ways += ["running.offload: sequential"] if running.offload == "model" else []
    ways += ["running.batch: 1"] if running.batch > 1 else []
    ways += [] if running.tile else ["running.tile: true"]
    ways += ["running.quantise: float8"] if running.quantise == "none" else []
    ways += [] if running.shrink_on_memory_error else ["running.shrink_on_memory_error: true"]
    return OutOfMemory(f"the accelerator has not enough memory for {width}x{height}", "models.yaml",
                       f"Lower what it holds: {'; or '.join(ways)}")


def release() -> None:
    """Gives back what the accelerator's memory holds for nothing."""
    torch = need("torch")
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
