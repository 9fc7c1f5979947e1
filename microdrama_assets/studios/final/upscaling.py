"""From a model's native picture to 1080x1920: by an ONNX upscaler where one is named, else by Lanczos."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from microdrama_assets.schemas.final import ModelEntry
from microdrama_assets.studios.final.errors import ModelUnfit
from microdrama_assets.studios.final.onnx_models import OnnxModel
from microdrama_assets.studios.final.pictures import checked, fitted

WIDTH, HEIGHT = 1080, 1920


def upscaled(picture: np.ndarray, upscaler: ModelEntry | None, folder: Path | None = None) -> np.ndarray:
    """uint8 BGR, 1920 x 1080 x 3. The upscaler takes and gives float RGB planes in 0..1, (1, 3, height, width).

    Raises ModelUnfit for a model of another kind, PictureRefused for what is no picture.
    """
    if upscaler is not None:
        picture = _enlarged(picture, upscaler, folder)
    return fitted(picture, WIDTH, HEIGHT)


def _enlarged(picture: np.ndarray, upscaler: ModelEntry, folder: Path | None) -> np.ndarray:
    def unfit(why: str) -> ModelUnfit:
        return ModelUnfit(f"the upscaler {upscaler.repo} could not be used: {why}", "models.yaml",
                          "Name another under keyframe.upscaler, or leave it out: Lanczos enlarges pictures then")

    file = next((name for name in upscaler.files if name.endswith(".onnx")), None)
    if file is None:
        raise unfit("it names no ONNX file")
    model = OnnxModel(upscaler, file, unfit, folder)
    height, width = picture.shape[:2]
    if len(model.inputs) != 1 or not model.inputs[0].is_like(1, 3, height, width):
        raise model.unknown_form(f"a picture (1 x 3 x {height} x {width})")
    planes = np.ascontiguousarray(picture[..., ::-1].transpose(2, 0, 1)[None]).astype(np.float32) / 255
    made = model({model.inputs[0].name: planes}, None, f"a picture of {width}x{height}")
    if made.ndim != 4 or made.shape[:2] != (1, 3):
        raise unfit(f"it gives {made.shape}, not one picture")
    return checked(made[0].transpose(1, 2, 0), upscaler.repo)
