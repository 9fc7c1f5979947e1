"""Stored pictures, opened and made small enough to show beside text."""

from __future__ import annotations

import cv2
import numpy as np

from microdrama_assets.schemas.errors import MicrodramaError

JPEG_QUALITY = 82


def decoded(data: bytes) -> np.ndarray:
    """A PNG or JPEG as uint8 BGR, height x width x 3. Raises MicrodramaError for anything else."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise MicrodramaError("not a picture", remedy="Render it again")
    return picture


def jpeg(picture: np.ndarray) -> bytes:
    """A BGR picture as JPEG."""
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()


def thumbnail(data: bytes, width: int) -> bytes:
    """A stored picture, `width` pixels wide, as JPEG."""
    picture = decoded(data)
    height = round(picture.shape[0] * width / picture.shape[1])
    return jpeg(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))
