"""Frames between two, by a RIFE model (Huang et al., 2022) as ONNX, where its weights are given.

Inputs `img0`, `img1` (1, 3, height, width; RGB in 0..1) and `timestep` (one number, whatever its rank); output the
frame in the same form. Sides are padded to multiples of 64, as RIFE's pyramid of flows needs.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from microdrama_assets.schemas.final import InterpolationModel
from microdrama_assets.studios.final.errors import ModelUnfit
from microdrama_assets.studios.final.onnx_models import OnnxModel
from microdrama_assets.studios.final.pictures import checked

MULTIPLE = 64


class Rife:
    """One interpolation model, loaded and judged once. Raises HubError, or ModelUnfit for a model of another form."""

    def __init__(self, model: InterpolationModel, folder: Path | None = None) -> None:
        self.name = f"{model.model.repo}/{model.file}"
        self._model = OnnxModel(model.model, model.file, ("img0", "img1", "timestep"), self._unfit, folder)

    def __call__(self, one: np.ndarray, two: np.ndarray, share: float) -> np.ndarray:
        """The frame at `share` (0..1) of the way between two of one size, uint8 BGR.

        Raises ModelUnfit, or PictureRefused for what is no picture.
        """
        height, width = one.shape[:2]
        ends = _planes(one), _planes(two)
        share_in_form = np.full((1,) * self._model.ranks["timestep"], share, np.float32)
        made = self._model({"img0": ends[0], "img1": ends[1], "timestep": share_in_form}, ends[0].shape,
                           f"frames of {ends[0].shape[3]}x{ends[0].shape[2]}")
        return checked(made[0].transpose(1, 2, 0)[:height, :width], self.name)

    def _unfit(self, why: str) -> ModelUnfit:
        return ModelUnfit(f"the interpolation model {self.name} could not be used: {why}", "models.yaml",
                          "Name another under interpolation, or leave it out: frames are then made by optical flow")


def _planes(frame: np.ndarray) -> np.ndarray:
    height, width = frame.shape[:2]
    padded = cv2.copyMakeBorder(frame, 0, -height % MULTIPLE, 0, -width % MULTIPLE, cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(padded[..., ::-1].transpose(2, 0, 1)[None]).astype(np.float32) / 255
