"""An ONNX model of a known form: verified, loaded and judged once; whatever does not fit is the role's own error."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from microdrama_assets.schemas.final import ModelEntry
from microdrama_assets.studios.final.errors import FinalStudioError
from resources.hub.cache import snapshot


class OnnxModel:
    """`inputs`: names that it must have, these and no others. `refused`: the role's error for a reason.

    Raises HubError for its files, and what `refused` gives.
    """

    def __init__(self, entry: ModelEntry, file: str, inputs: Collection[str],
                 refused: Callable[[str], FinalStudioError], folder: Path | None = None) -> None:
        import onnxruntime

        self._refused = refused
        path, options = snapshot(entry.hub, folder) / file, onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options,
                                                         providers=onnxruntime.get_available_providers())
        except Exception as error:  # onnxruntime has one class per kind of failure, none of them public
            raise refused(f"it cannot be loaded: {str(error)[:200]}") from error
        self.ranks = {one.name: len(one.shape) for one in self._session.get_inputs()}
        if set(self.ranks) != set(inputs):
            raise refused(f"its inputs are {', '.join(sorted(self.ranks))}, not {' and '.join(sorted(inputs))}")

    def __call__(self, given: Mapping[str, np.ndarray], shape: tuple[int, ...], what: str) -> np.ndarray:
        """Its first output, float32 of exactly this shape and of numbers. `what`: what it is given and gives."""
        try:
            made: Any = np.asarray(self._session.run(None, dict(given))[0], np.float32)
        except Exception as error:  # as above
            raise self._refused(f"it does not take {what}: {str(error)[:200]}") from error
        if made.shape != shape:
            raise self._refused(f"it gives {made.shape}, not {what}")
        if not np.isfinite(made).all():
            raise self._refused("it gives values that are no numbers")
        return made
