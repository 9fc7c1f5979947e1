"""Pictures as models give them: refused where they are not pictures, fitted to 9:16, and scored."""

from __future__ import annotations

import cv2
import numpy as np

from microdrama_assets.studios.final.errors import PictureRefused

DARKEST = 2.0
"""Mean level (of 255) below which a picture counts as black."""
FLATTEST = 1.0
"""Standard deviation (of 255) below which a picture counts as one colour."""


def checked(pixels: np.ndarray, where: str) -> np.ndarray:
    """float RGB in 0..1, height x width x 3, as uint8 BGR. Raises PictureRefused."""
    if not np.isfinite(pixels).all():
        raise _refused("it holds values that are no numbers", where)
    picture = np.ascontiguousarray(np.rint(np.clip(pixels, 0.0, 1.0) * 255).astype(np.uint8)[..., ::-1])
    if picture.mean() < DARKEST:
        raise _refused("it is black", where)
    if picture.std() < FLATTEST:
        raise _refused("it is of one colour", where)
    return picture


def fitted(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """Scaled to cover the size and cropped in the middle; Lanczos upward, area downward."""
    scale = max(width / picture.shape[1], height / picture.shape[0])
    size = max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale))
    scaled = cv2.resize(picture, size, interpolation=cv2.INTER_LANCZOS4 if scale > 1 else cv2.INTER_AREA)
    x, y = (size[0] - width) // 2, (size[1] - height) // 2
    return np.ascontiguousarray(scaled[y : y + height, x : x + width])


def _refused(what: str, where: str) -> PictureRefused:
    return PictureRefused(f"the picture is refused: {what}", where,
                          "Try another take; or running.precision: float32, which does not overflow")
