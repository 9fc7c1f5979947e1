"""From a model's native picture to 1080x1920: by an ONNX upscaler where one is named, else by Lanczos."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from microdrama_assets.schemas.final import ModelEntry
from microdrama_assets.studios.final.errors import ModelUnfit
from microdrama_assets.studios.final.pictures import checked, fitted
from resources.hub.cache import snapshot

WIDTH, HEIGHT = 1080, 1920


def upscaled(picture: np.ndarray, upscaler: ModelEntry | None, folder: Path | None = None) -> np.ndarray:
    """uint8 BGR, 1920 x 1080 x 3. The upscaler takes and gives float RGB planes in 0..1, (1, 3, height, width).

    Raises ModelUnfit for a model of another kind, PictureRefused for what is no picture.
    """
    if upscaler is not None:
        picture = _enlarged(picture, upscaler, folder)
    return fitted(picture, WIDTH, HEIGHT)


def _enlarged(picture: np.ndarray, upscaler: ModelEntry, folder: Path | None) -> np.ndarray:
    import onnxruntime

    file = next((name for name in upscaler.files if name.endswith(".onnx")), None)
    if file is None:
        raise ModelUnfit(f"{upscaler.repo} names no ONNX file", "models.yaml", "Name one under files")
    session = onnxruntime.InferenceSession(str(snapshot(upscaler.hub, folder) / file),
                                           providers=onnxruntime.get_available_providers())
    planes = np.ascontiguousarray(picture[..., ::-1].transpose(2, 0, 1)[None]).astype(np.float32) / 255
    try:
        made = np.asarray(session.run(None, {session.get_inputs()[0].name: planes})[0])
    except Exception as error:  # onnxruntime has one class per kind of failure, none of them public
        raise ModelUnfit(f"{upscaler.repo} does not take a picture: {str(error)[:200]}", "models.yaml") from error
    if made.ndim != 4 or made.shape[:2] != (1, 3):
        raise ModelUnfit(f"{upscaler.repo} gives {made.shape}, not one picture", "models.yaml")
    return checked(made[0].transpose(1, 2, 0), upscaler.repo)
