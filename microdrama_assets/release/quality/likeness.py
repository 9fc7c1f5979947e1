"""How alike two pictures are: structure (SSIM, by ffmpeg's own filter), and as people see it where a model is named.

SSIM (Wang et al., 2004) is the classical stand-in, not LPIPS: it punishes a shift of a few pixels that nobody sees. A
model of the LPIPS class (Zhang et al., 2018) is an ONNX file of the user's, checked against its digest before it loads.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from microdrama_assets.release.errors import ReleaseError
from microdrama_assets.schemas.final import PerceptualModel
from resources import ffmpeg
from resources.hub.cache import snapshot

SIZE = (540, 960)
"""Both pictures are brought to this size: what a phone shows of them."""


def ssim(one: Path, two: Path) -> float:
    """1: the same; near 0: nothing in common. Of luma and both colours, as ffmpeg weights them."""
    scaled = ";".join(f"[{number}:v]scale={SIZE[0]}:{SIZE[1]}:flags=area,setsar=1,format=yuv420p[{name}]"
                      for number, name in enumerate("ab"))
    _, said = ffmpeg.run_for_messages([
        "-i", str(one), "-i", str(two), "-filter_complex", f"{scaled};[a][b]ssim",
        "-frames:v", "1", "-f", "null", "-"])
    found = re.search(r"SSIM .*All:([\d.]+)", said)
    if found is None:
        raise ReleaseError("ffmpeg measured no SSIM", f"{one.name}, {two.name}", "Use an ffmpeg with the filter ssim")
    return float(found[1])


def perceived(one: np.ndarray, two: np.ndarray, model: PerceptualModel, folder: Path | None = None) -> float:
    """Distance by a model of the LPIPS class: 0 for the same picture. uint8 BGR pictures of any size.

    The model takes two batches of RGB planes in -1..1, (1, 3, height, width), and gives one number. Raises HubError, or
    ReleaseError for a model that does not.
    """
    import onnxruntime

    place = snapshot(model.model.hub, folder) / model.file
    try:
        session = onnxruntime.InferenceSession(str(place), providers=onnxruntime.get_available_providers())
        names = [named.name for named in session.get_inputs()]
        given = dict(zip(names, (_planes(one, model.size), _planes(two, model.size)), strict=True))
        found = np.asarray(session.run(None, given)[0], np.float64)
    except Exception as error:  # onnxruntime has one class per kind of failure, none of them public
        raise ReleaseError(f"{model.model.repo} does not compare two pictures: {str(error)[:200]}", "models.yaml",
                           "Name a model that takes two pictures and gives their distance") from error
    if found.size != 1 or not np.isfinite(found).all():
        raise ReleaseError(f"{model.model.repo} gives {found.size} numbers, not one distance", "models.yaml")
    return float(found.reshape(-1)[0])


def _planes(picture: np.ndarray, size: int) -> Any:
    scaled = cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(scaled[..., ::-1].transpose(2, 0, 1)[None]).astype(np.float32) / 127.5 - 1
