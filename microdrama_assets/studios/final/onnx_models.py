"""An ONNX model of a known form: verified, loaded and judged once; whatever does not fit is the role's own error.

Exports of one model name their inputs as they please, so inputs are told by what they are: rank and sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from microdrama_assets.schemas.final import ModelEntry
from microdrama_assets.studios.final.errors import FinalStudioError
from resources.hub.cache import snapshot

_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


@dataclass(frozen=True)
class OnnxInput:
    """One input as the graph declares it. `shape`: None where a size is free."""

    name: str
    shape: tuple[int | None, ...]
    type: str

    def __str__(self) -> str:
        return f"{self.name} ({' x '.join('?' if size is None else str(size) for size in self.shape)})"

    def is_like(self, *sizes: int | None) -> bool:
        """Whether it takes such an array; None and free sizes fit any."""
        return len(self.shape) == len(sizes) and all(
            None in pair or pair[0] == pair[1] for pair in zip(self.shape, sizes, strict=True))


class OnnxModel:
    """`refused`: the role's error for a reason. Raises HubError for its files, and what `refused` gives."""

    def __init__(self, entry: ModelEntry, file: str, refused: Callable[[str], FinalStudioError],
                 folder: Path | None = None) -> None:
        import onnxruntime

        self._refused = refused
        path, options = snapshot(entry.hub, folder) / file, onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options,
                                                         providers=onnxruntime.get_available_providers())
        except Exception as error:  # onnxruntime has one class per kind of failure, none of them public
            raise refused(f"it cannot be loaded: {str(error)[:200]}") from error
        self.inputs = tuple(OnnxInput(one.name, tuple(_size(size) for size in one.shape), one.type)
                            for one in self._session.get_inputs())

    def unknown_form(self, wanted: str) -> FinalStudioError:
        """The error for inputs that are not `wanted`; it says what they are."""
        return self._refused(f"its inputs are {', '.join(map(str, self.inputs))}; {wanted} are wanted")

    def __call__(self, given: Mapping[str, np.ndarray], shape: tuple[int, ...] | None, what: str) -> np.ndarray:
        """Its first output, float32 of exactly this shape (any where None) and of numbers. `what`: what it is given."""
        types = {one.name: _TYPES.get(one.type, np.float32) for one in self.inputs}
        try:
            made: Any = np.asarray(self._session.run(
                None, {name: array.astype(types[name], copy=False) for name, array in given.items()})[0], np.float32)
        except Exception as error:  # as above
            raise self._refused(f"it does not take {what}: {str(error)[:200]}") from error
        if shape is not None and made.shape != shape:
            raise self._refused(f"it gives {made.shape}, not {what}")
        if not np.isfinite(made).all():
            raise self._refused("it gives values that are no numbers")
        return made


def _size(declared: object) -> int | None:
    """A size by its number; free ones have a name, or none."""
    return declared if isinstance(declared, int) and declared > 0 else None
