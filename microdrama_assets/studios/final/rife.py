"""Frames between two, by a RIFE model (Huang et al., 2022) as ONNX, where its weights are given.

Published exports take three inputs (frame, frame, time: one number, or a plane of it) or one of seven channels (both
frames and that plane: vs-mlrt's second form), under various names; frames are RGB in 0..1, the output likewise. Sides
are padded to multiples of 128, as the reference implementation does (hzwer/Practical-RIFE, `inference_video.py`), or
to the size that an export is fixed to.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from microdrama_assets.schemas.final import InterpolationModel
from microdrama_assets.studios.final.errors import ModelUnfit
from microdrama_assets.studios.final.onnx_models import OnnxInput, OnnxModel
from microdrama_assets.studios.final.pictures import checked

MULTIPLE = 128
FORMS = "two frames (1 x 3 x height x width) and a time, or one of seven channels that holds all three,"


class Rife:
    """One interpolation model, loaded and judged once. Raises HubError, or ModelUnfit for a model of another form."""

    def __init__(self, model: InterpolationModel, folder: Path | None = None) -> None:
        self.name = f"{model.model.repo}/{model.file}"
        self._model = OnnxModel(model.model, model.file, self._unfit, folder)
        inputs = self._model.inputs
        self._frames = tuple(one for one in inputs if one.is_like(1, 3, None, None) and one.shape[1] is not None)
        self._together = inputs[0] if len(inputs) == 1 and inputs[0].is_like(1, 7, None, None) else None
        times = tuple(one for one in inputs if one not in self._frames)
        if self._together is None and (len(self._frames), len(times)) != (2, 1):
            raise self._model.unknown_form(FORMS)
        self._time = times[0]
        self._sizes = (self._together or self._frames[0]).shape[2:]

    def __call__(self, one: np.ndarray, two: np.ndarray, share: float) -> np.ndarray:
        """The frame at `share` (0..1) of the way between two of one size, uint8 BGR.

        Raises ModelUnfit, or PictureRefused for what is no picture.
        """
        height, width = one.shape[:2]
        first, second = (self._planes(frame) for frame in (one, two))
        plane = np.full((1, 1, *first.shape[2:]), share, np.float32)
        if self._together is not None:
            given = {self._together.name: np.concatenate([first, second, plane], axis=1)}
        else:
            given = {self._frames[0].name: first, self._frames[1].name: second,
                     self._time.name: _timed(self._time, plane, share)}
        made = self._model(given, first.shape, f"frames of {first.shape[3]}x{first.shape[2]}")
        return checked(made[0].transpose(1, 2, 0)[:height, :width], self.name)

    def _planes(self, frame: np.ndarray) -> np.ndarray:
        """1 x 3 x height x width, RGB in 0..1, padded by the last row and column."""
        height, width = (size + -size % MULTIPLE if fixed is None else fixed
                         for size, fixed in zip(frame.shape[:2], self._sizes, strict=True))
        if height < frame.shape[0] or width < frame.shape[1]:
            raise self._unfit(f"it is fixed to frames of {width}x{height}, and these are of "
                              f"{frame.shape[1]}x{frame.shape[0]}")
        padded = cv2.copyMakeBorder(frame, 0, height - frame.shape[0], 0, width - frame.shape[1], cv2.BORDER_REPLICATE)
        return np.ascontiguousarray(padded[..., ::-1].transpose(2, 0, 1)[None]).astype(np.float32) / 255

    def _unfit(self, why: str) -> ModelUnfit:
        return ModelUnfit(f"the interpolation model {self.name} could not be used: {why}", "models.yaml",
                          "Name another under interpolation, or leave it out: frames are then made by optical flow")


def _timed(asked: OnnxInput, plane: np.ndarray, share: float) -> np.ndarray:
    """The time in the form that the input is declared in: a plane of it where it has free or full sides."""
    if len(asked.shape) == 4 and asked.shape[2:] != (1, 1):
        return plane
    return np.full((1,) * len(asked.shape), share, np.float32)
